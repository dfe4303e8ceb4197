package io.holdfast.hostio.container;

/// What a container uses at this moment.
///
/// @param memoryBytes including its share of the page cache
/// @param cpuNanos since its first start on this machine
public record ContainerUsage(long memoryBytes, long cpuNanos, int processCount) {}
