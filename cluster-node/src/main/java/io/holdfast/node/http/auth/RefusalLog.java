package io.holdfast.node.http.auth;

import io.holdfast.gridstate.audit.RefusedCall;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/// Counts refused calls (401, 403), writes a bounded number of them to the log, keeps them for the
/// ledger's audit, and tells an address that shows bad credentials all the time to wait; a good
/// credential from there still works. Concurrent: guarded by its own lock.
public final class RefusalLog {
    /// Guesses an address has within the window; a misconfigured program stays below, a guesser
    /// does not.
    static final int FAILURES_MAX = 60;

    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int ADDRESS_COUNT_MAX = 4_096;
    private static final int LINES_PER_WINDOW_MAX = 100;
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\u0080-\\u009f\\p{Cs}]");
    private static final Logger LOG = LoggerFactory.getLogger("io.holdfast.audit.refused");

    private final RefusalBuffer waiting = new RefusalBuffer();
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

    /// Why a call was refused.
    public enum Reason {
        /// What it showed is no credential of this cluster.
        BAD_CREDENTIAL,
        /// It showed none.
        NO_CREDENTIAL,
        /// The certificate that it showed, at any port, is none that lets in.
        CERTIFICATE,
        /// The caller's role does not allow it.
        FORBIDDEN,
        /// A login at a provider of identities came to nothing.
        SIGN_ON;

        /// As the audit has it.
        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

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
            Reason reason, String address, String caller, String call, String requestId) {
        refused.increment();
        waiting.add(
                new RefusedCall(
                        printable(address, RefusedCall.PARTY_CHARS_MAX),
                        printable(caller, RefusedCall.PARTY_CHARS_MAX),
                        printable(call, RefusedCall.CALL_CHARS_MAX),
                        reason.label(),
                        requestId,
                        1));
        if (noteAndSayWhetherToLog(reason == Reason.BAD_CREDENTIAL, address)) {
            LOG.warn(
                    "refused a call: reason={} address={} caller={} call={} requestId={}",
                    reason.label(),
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

    /// What a caller wrote, as a record may hold it.
    private static String printable(String text, int charsMax) {
        String plain = UNPRINTABLE.matcher(text).replaceAll("?");
        int end = Math.min(plain.length(), charsMax);
        if (end > 0 && Character.isHighSurrogate(plain.charAt(end - 1))) {
            end--; // Its other half is beyond the cut.
        }
        return end == 0 ? "-" : plain.substring(0, end);
    }

    /// What the ledger has yet to hear of, up to so many; whoever takes them tells it.
    public List<RefusedCall> take(int countMax) {
        return waiting.take(countMax);
    }

    /// Those that the ledger could not be told of.
    public void putBack(List<RefusedCall> untold) {
        untold.forEach(waiting::add);
    }

    /// Calls refused since the start.
    public long count() {
        return refused.sum();
    }
}
