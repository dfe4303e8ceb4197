package io.holdfast.gridstate.application;

import io.holdfast.gridstate.catalog.Check;

/// The most that one instance may take; 0 stands for no limit.
///
/// @param memoryBytes of all its processes
/// @param cpuMillis of processor time per second
/// @param processes that it may have at once
public record Limits(long memoryBytes, long cpuMillis, long processes) {
    /// Less memory than this starts nothing useful.
    public static final long MEMORY_BYTES_MIN = 4L << 20;

    public static final Limits NONE = new Limits(0, 0, 0);

    public Limits {
        Check.notNegative("a limit of memory", memoryBytes);
        if (memoryBytes != 0 && memoryBytes < MEMORY_BYTES_MIN) {
            throw new IllegalArgumentException("a limit of memory is at least " + MEMORY_BYTES_MIN);
        }
        Check.range("a limit of processor time", cpuMillis, 0, 1_000_000);
        Check.range("a limit of processes", processes, 0, 1_000_000);
    }
}
