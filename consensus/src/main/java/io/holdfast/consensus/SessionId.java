package io.holdfast.consensus;

/// The identity of a proposer across retries and reconnects: within a session, each sequence is applied at
/// most once.
///
/// @param high the upper 64 bits of a number drawn at random by the proposer (never inside replicated code)
/// @param low the lower 64 bits
public record SessionId(long high, long low) {
    /// For commands whose repetition does no harm: nothing is remembered about them.
    public static final SessionId NONE = new SessionId(0, 0);

    @Override
    public String toString() {
        return "%016x%016x".formatted(high, low);
    }
}
