package io.holdfast.chaos.checker;

import io.holdfast.chaos.history.History;
import io.holdfast.chaos.history.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// When calls were acknowledged: stalls, throughput, and time to the next acknowledgement after a moment.
/// Immutable.
public final class Availability {
    /// A stretch of time, ends included, on the history's clock.
    public record Window(long fromNanos, long toNanos) {
        public Window {
            if (toNanos < fromNanos) {
                throw new IllegalArgumentException("window ends before it begins: fromNanos=" + fromNanos);
            }
        }

        /// Its length.
        public double seconds() {
            return (toNanos - fromNanos) / 1e9;
        }
    }

    private final long[] acknowledgedNanos;

    private Availability(long[] acknowledgedNanos) {
        this.acknowledgedNanos = acknowledgedNanos;
    }

    /// Of all calls that were answered with "done".
    public static Availability of(History<?, ?> history) {
        return new Availability(history.operations().stream()
                .filter(Operation::isOk)
                .mapToLong(Operation::completedNanos)
                .sorted()
                .toArray());
    }

    /// The longest stretch within the window without any acknowledgement.
    public Window longestStall(Window window) {
        Window longest = new Window(window.fromNanos(), window.fromNanos());
        long last = window.fromNanos();
        for (long at : acknowledgedNanos) {
            if (at < window.fromNanos() || at > window.toNanos()) {
                continue;
            }
            longest = longer(longest, new Window(last, at));
            last = at;
        }
        return longer(longest, new Window(last, window.toNanos()));
    }

    private static Window longer(Window a, Window b) {
        return b.seconds() > a.seconds() ? b : a;
    }

    /// When the first call was acknowledged that was answered after this moment.
    public OptionalLong firstAfter(long nanos) {
        for (long at : acknowledgedNanos) {
            if (at > nanos) {
                return OptionalLong.of(at);
            }
        }
        return OptionalLong.empty();
    }

    /// Acknowledged calls per second over the windows together; 0 without windows.
    public double perSecond(List<Window> windows) {
        double seconds = windows.stream().mapToDouble(Window::seconds).sum();
        long count = 0;
        for (long at : acknowledgedNanos) {
            if (windows.stream().anyMatch(w -> w.fromNanos() <= at && at <= w.toNanos())) {
                count++;
            }
        }
        return seconds == 0 ? 0 : count / seconds;
    }

    /// The same time without overlaps, in order.
    public static List<Window> merged(List<Window> windows) {
        List<Window> sorted = new ArrayList<>(windows);
        sorted.sort((a, b) -> Long.compare(a.fromNanos(), b.fromNanos()));
        List<Window> merged = new ArrayList<>();
        for (Window window : sorted) {
            if (merged.isEmpty() || merged.getLast().toNanos() < window.fromNanos()) {
                merged.add(window);
            } else {
                Window last = merged.removeLast();
                merged.add(new Window(last.fromNanos(), Math.max(last.toNanos(), window.toNanos())));
            }
        }
        return merged;
    }

    /// The parts of `whole` that no window covers.
    public static List<Window> outside(Window whole, List<Window> windows) {
        List<Window> sorted = new ArrayList<>(windows);
        sorted.sort((a, b) -> Long.compare(a.fromNanos(), b.fromNanos()));
        List<Window> free = new ArrayList<>();
        long from = whole.fromNanos();
        for (Window window : sorted) {
            if (window.fromNanos() > from) {
                free.add(new Window(from, Math.min(window.fromNanos(), whole.toNanos())));
            }
            from = Math.max(from, window.toNanos());
        }
        if (from < whole.toNanos()) {
            free.add(new Window(from, whole.toNanos()));
        }
        return free;
    }
}
