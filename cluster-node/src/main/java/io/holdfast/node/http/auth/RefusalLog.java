package io.holdfast.node.http.auth;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/// Counts refused calls (401, 403), writes a bounded number of them to the log, and tells an
/// address that shows bad credentials all the time to wait; a good credential from there still
/// works. Concurrent: guarded by its own lock.
public final class RefusalLog {
    /// Guesses an address has within the window; a misconfigured program stays below, a guesser
    /// does not.
    static final int FAILURES_MAX = 60;

    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int ADDRESS_COUNT_MAX = 4_096;
    private static final int LINES_PER_WINDOW_MAX = 100;
    private static final Logger LOG = LoggerFactory.getLogger("io.holdfast.audit.refused");

    private final LongSupplier nanoClock;
    private final LongAdder refused = new LongAdder();
    private final Map<String, Window> addresses =
            new LinkedHashMap<>(64, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Window> eldest) {
                    return size() > ADDRESS_COUNT_MAX;
                }
            };
    private Window lines;

    private static final class Window {
        final long startNanos;
        int count;

        Window(long startNanos) {
            this.startNanos = startNanos;
        }

        boolean isOver(long now) {
            return now - startNanos > WINDOW_NANOS;
        }
    }

    public RefusalLog(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.lines = new Window(nanoClock.getAsLong());
    }

    /// Whether the address has shown too many bad credentials lately.
    public synchronized boolean mustWait(String address) {
        Window window = addresses.get(address);
        return window != null
                && !window.isOver(nanoClock.getAsLong())
                && window.count >= FAILURES_MAX;
    }

    /// Notes a refused call.
    public void refused(
            boolean isBadCredential, String address, String caller, String call, String requestId) {
        refused.increment();
        if (noteAndSayWhetherToLog(isBadCredential, address)) {
            LOG.warn(
                    "refused a call: badCredential={} address={} caller={} call={} requestId={}",
                    isBadCredential,
                    address,
                    caller,
                    call,
                    requestId);
        }
    }

    private synchronized boolean noteAndSayWhetherToLog(boolean isBadCredential, String address) {
        long now = nanoClock.getAsLong();
        if (isBadCredential) {
            Window window = addresses.get(address);
            if (window == null || window.isOver(now)) {
                window = new Window(now);
                addresses.put(address, window);
            }
            window.count++;
        }
        if (lines.isOver(now)) {
            lines = new Window(now);
        }
        lines.count++;
        return lines.count <= LINES_PER_WINDOW_MAX;
    }

    /// Calls refused since the start.
    public long count() {
        return refused.sum();
    }
}
