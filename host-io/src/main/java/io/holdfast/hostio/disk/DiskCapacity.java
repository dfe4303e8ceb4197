package io.holdfast.hostio.disk;

/// The room on a disk.
///
/// @param totalBytes what the disk can hold
/// @param usableBytes what can still be written
public record DiskCapacity(long totalBytes, long usableBytes) {}
