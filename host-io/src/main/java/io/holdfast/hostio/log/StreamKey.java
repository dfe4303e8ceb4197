package io.holdfast.hostio.log;

/// Which stream, and the right to write it.
///
/// @param stream its identity
/// @param token the writer's fencing token
public record StreamKey(long stream, long token) {}
