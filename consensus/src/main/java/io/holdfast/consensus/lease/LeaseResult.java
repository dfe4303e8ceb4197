package io.holdfast.consensus.lease;

/// The answer of a [LeaseTable].
public sealed interface LeaseResult {
    /// The caller holds the lease: given, taken over or renewed.
    record Granted(Lease lease) implements LeaseResult {}

    /// Somebody else holds it until it expires or is released.
    record Held(Lease lease) implements LeaseResult {}

    /// The caller does not hold it (any more), under this holder and token; nothing changed.
    record NotHolder() implements LeaseResult {}

    /// It is free from now on; its next holder gets a newer token.
    record Released(Lease lease) implements LeaseResult {}
}
