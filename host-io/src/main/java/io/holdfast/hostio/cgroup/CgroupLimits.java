package io.holdfast.hostio.cgroup;

/// The limits of a control group.
///
/// @param cpuMillis thousandths of a processor; 0 leaves it to fair sharing
public record CgroupLimits(long memoryBytesMax, int cpuMillis, int processCountMax) {}
