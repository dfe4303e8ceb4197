package io.holdfast.chaos.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A node's wall clock jumps, and back when healed; its monotonic clock goes on. Immutable.
///
/// @param seconds how far, negative for into the past
public record ClockFault(String node, long seconds) implements Fault {
    /// Content of a clock file when nothing is wrong, in libfaketime's notation.
    public static final String RIGHT = "+0\n";

    @Override
    public String describe() {
        return "clock of " + node + " jumps by " + seconds + " s";
    }

    @Override
    public Healing apply(FaultSite site) throws IOException {
        Path file = site.clockFile(node)
                .orElseThrow(() -> new UnsupportedOperationException("clocks cannot be moved here"));
        Files.writeString(file, (seconds < 0 ? "" : "+") + seconds + "\n");
        return () -> Files.writeString(file, RIGHT);
    }
}
