package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.checkpoint.MemoryFill;
import io.holdfast.hostio.checkpoint.WorkingSet;
import io.holdfast.hostio.container.ContainerId;
import io.holdfast.hostio.container.RestoreRequest;
import io.holdfast.hostio.process.DetachedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The memory of one restored container that comes while it runs already. A container whose memory did not
/// come whole is ended: nobody may see zeros where there was something. So is one that a former node has
/// left like this ([#mark]).
///
///     begun -> held (the tree stands complete) -> through: let go
///                                              -> failed: container ended, then let go
final class Filling {
    private static final Logger LOG = LoggerFactory.getLogger(Filling.class);
    private static final Duration FILL_MAX = Duration.ofMinutes(2);
    private static final Duration KILL_MAX = Duration.ofSeconds(10);
    private static final long LOOK_NANOS = 1_000_000;

    private final Host host;
    private final ContainerId id;
    private final RestoreRequest request;
    private final MemoryFill fill;
    private final ShownImages images;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private volatile boolean isUnwanted;
    private volatile boolean isWhole;

    private Filling(Host host, RestoreRequest request, MemoryFill fill, ShownImages images) {
        this.host = host;
        this.id = request.spec().id();
        this.request = request;
        this.fill = fill;
        this.images = images;
    }

    /// Begins it for a container whose folder is made; [#awaitReady] comes before the restore.
    ///
    /// @param images those that it is restored from, which are this object's from now on
    /// @throws IOException if there is no such tool; the images are still the caller's then
    static Filling begin(Host host, RestoreRequest request, ShownImages images) throws IOException {
        ContainerId id = request.spec().id();
        MemoryFill fill = host.criu().fill(images.folder(), host.folder(id).tool());
        try {
            Optional<DetachedProcess> daemon = DetachedProcess.find(fill.pid());
            if (daemon.isEmpty()) {
                throw new IOException("what fills in memory has ended" + fill.complaints());
            }
            daemon.get().writePidFile(mark(host.folder(id)));
        } catch (IOException failure) {
            fill.close();
            throw failure;
        }
        return new Filling(host, request, fill, images);
    }

    /// The file that says that a container's memory is not whole, and who fills it in.
    static Path mark(ContainerFolder folder) {
        return folder.path().resolve("filling");
    }

    /// Waits until the restore can begin.
    ///
    /// @throws IOException if this host cannot do so
    void awaitReady() throws IOException {
        fill.awaitReady();
    }

    /// Ends it before the restore, which goes on without; the images are the caller's again.
    void giveUp() throws IOException {
        fill.close();
        Files.deleteIfExists(mark(host.folder(id)));
    }

    /// Ends what a former node has left filling in a container's memory. The container is ended before.
    static void endLeft(ContainerFolder folder) throws IOException, InterruptedException {
        Path mark = mark(folder);
        Optional<DetachedProcess> daemon = DetachedProcess.readPidFile(mark);
        if (daemon.isPresent() && !daemon.get().kill()) {
            throw new IOException("what fills in memory survives being killed: pid=" + daemon.get().pid());
        }
        Files.deleteIfExists(mark);
    }

    /// Called when the tree stands complete and has not gone on.
    void hold() throws IOException {
        fill.hold();
    }

    /// From now on it ends by itself.
    void watch() {
        Thread.ofVirtual().name("memory-" + id).start(this::await);
    }

    private void await() {
        try {
            long begun = System.nanoTime();
            while (!isUnwanted && !fill.hasEndedWithin(Duration.ZERO)
                    && System.nanoTime() - begun < FILL_MAX.toNanos()) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
            if (!isUnwanted && fill.isComplete()) {
                finish(System.nanoTime() - begun);
            } else if (!isUnwanted) {
                LOG.error("a container's memory did not come whole, it is ended: container={} reason={}", id,
                        fill.explained());
            }
        } catch (IOException failure) {
            LOG.info("it is not known what a container touched: container={} reason={}", id,
                    failure.getMessage());
        } finally {
            undo();
        }
    }

    private void finish(long nanos) throws IOException {
        fill.close();
        isWhole = true;
        Files.deleteIfExists(mark(host.folder(id)));
        WorkingSet touched = fill.touched();
        LOG.debug("a container's memory is whole: container={} millis={} touched={}", id, nanos / 1_000_000,
                touched);
        host.workingSets().add(request.manifestDigest(), touched, request.folder().resolve("criu"));
    }

    /// Ends it, whatever has come of it. Called for a container that has ended.
    void end() {
        isUnwanted = true;
        over.join();
    }

    /// Lets go of everything; ends the container before, if its memory is not whole. Called for one that
    /// was never handed out, or by the one who watches.
    void undo() {
        if (!isWhole) {
            endContainer();
        }
        fill.close();
        try {
            images.close();
        } catch (IOException failure) {
            LOG.warn("images stay mounted: container={} reason={}", id, failure.getMessage());
        }
        over.complete(null);
    }

    private void endContainer() {
        try {
            boolean _ = host.cgroup(id).kill(KILL_MAX);
        } catch (IOException failure) {
            LOG.error("a container whose memory did not come whole cannot be ended: container={}", id,
                    failure);
        }
    }

    /// Waits until it is over; false if it is not in time.
    boolean awaitEnd(Duration deadline) throws InterruptedException {
        try {
            over.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException late) {
            return false;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("an end is never a failure", impossible);
        }
    }
}
