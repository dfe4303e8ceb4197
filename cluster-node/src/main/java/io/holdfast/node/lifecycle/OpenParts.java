package io.holdfast.node.lifecycle;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The parts of a node in the order in which they were opened. Closing goes in reverse, each part within its
/// deadline; one that fails or hangs does not keep the others from closing. Confined to the thread that
/// opens and closes.
public final class OpenParts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenParts.class);

    private final Deque<Part> parts = new ArrayDeque<>();
    private final LongSupplier nanoClock;

    private record Part(String name, AutoCloseable resource, Duration closeWithin) {}

    /// Opens a part.
    ///
    /// @param <T> what is opened
    @FunctionalInterface
    public interface Opener<T extends AutoCloseable> {
        T open() throws Exception;
    }

    public OpenParts(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /// Opens a part and remembers to close it. If opening fails, everything opened before is closed.
    public <T extends AutoCloseable> T open(String name, Duration closeWithin, Opener<T> opener) {
        long started = nanoClock.getAsLong();
        try {
            T part = opener.open();
            parts.push(new Part(name, part, closeWithin));
            LOG.debug("opened: part={} millis={}", name, millisSince(started));
            return part;
        } catch (Exception failure) {
            PartFailedException failed = new PartFailedException("cannot open part=" + name, failure);
            closeAll().forEach(failed::addSuppressed);
            throw failed;
        }
    }

    private long millisSince(long startedNanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanoClock.getAsLong() - startedNanos);
    }

    /// Closes everything; throws at the end if any part failed to close.
    @Override
    public void close() {
        List<Exception> failures = closeAll();
        if (!failures.isEmpty()) {
            PartFailedException failed =
                    new PartFailedException("could not close every part", failures.getFirst());
            failures.stream().skip(1).forEach(failed::addSuppressed);
            throw failed;
        }
    }

    private List<Exception> closeAll() {
        List<Exception> failures = new ArrayList<>();
        while (!parts.isEmpty()) {
            Part part = parts.pop();
            long started = nanoClock.getAsLong();
            try {
                closeWithin(part);
                LOG.debug("closed: part={} millis={}", part.name(), millisSince(started));
            } catch (PartFailedException failure) {
                LOG.warn("not closed cleanly: part={}", part.name(), failure);
                failures.add(failure);
            }
        }
        return failures;
    }

    private static void closeWithin(Part part) {
        FutureTask<Boolean> closing = new FutureTask<>(() -> {
            part.resource().close();
            return true;
        });
        Thread.ofPlatform().daemon().name("close-" + part.name()).start(closing);
        try {
            closing.get(part.closeWithin().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failure) {
            throw new PartFailedException("closing failed: part=" + part.name(), failure.getCause());
        } catch (TimeoutException late) {
            throw new PartFailedException(
                    "closing took too long: part=" + part.name() + " allowed=" + part.closeWithin(), late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new PartFailedException("interrupted while closing: part=" + part.name(), interrupted);
        }
    }
}
