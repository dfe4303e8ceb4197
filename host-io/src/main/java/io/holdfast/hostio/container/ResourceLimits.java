package io.holdfast.hostio.container;

/// How much of the machine a container may use, enforced by its cgroup.
///
/// @param memoryBytesMax more than this ends a process of it
/// @param cpuMillis thousandths of a processor; 0 leaves it to fair sharing
/// @param processCountMax processes and threads together
/// @param openFileCountMax descriptors per process
/// @param sharedMemoryBytesMax the size of `/dev/shm`
public record ResourceLimits(
        long memoryBytesMax, int cpuMillis, int processCountMax, int openFileCountMax,
                long sharedMemoryBytesMax) {
    public static final ResourceLimits DEFAULT = new ResourceLimits(512L << 20, 0, 512, 4_096, 64L << 20);

    /// Less than this starts nothing.
    private static final long MEMORY_BYTES_MIN = 4L << 20;

    public ResourceLimits {
        if (memoryBytesMax < MEMORY_BYTES_MIN
                || cpuMillis < 0
                || processCountMax < 1
                || openFileCountMax < 16
                || sharedMemoryBytesMax < 4_096) {
            throw new IllegalArgumentException("limits too small to start anything: memoryBytesMax="
                    + memoryBytesMax + " cpuMillis=" + cpuMillis + " processCountMax=" + processCountMax
                    + " openFileCountMax=" + openFileCountMax);
        }
    }

    public ResourceLimits withMemoryBytesMax(long changed) {
        return new ResourceLimits(
                changed, cpuMillis, processCountMax, openFileCountMax, sharedMemoryBytesMax);
    }
}
