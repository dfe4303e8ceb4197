package io.holdfast.chaos.powercut;

/// Something that a disk with a volatile cache was told.
public sealed interface DiskEvent {
    /// Bytes from an offset on; they may be lost until the next flush is answered.
    ///
    /// @param bytes not changed by anybody
    @SuppressWarnings("ArrayRecordComponent") // hundreds of megabytes that nobody changes or compares
    record Write(long offset, byte[] bytes) implements DiskEvent {}

    /// Whatever was written before stays.
    record Flush() implements DiskEvent {}
}
