package io.holdfast.chaos.powercut;

/// One moment without power.
///
/// @param position how many events the disk had seen
/// @param loss what becomes of those that no flush covers
/// @param seed of which they are
public record PowerCut(int position, Loss loss, long seed) {}
