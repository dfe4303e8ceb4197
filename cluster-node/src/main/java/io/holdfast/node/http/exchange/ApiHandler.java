package io.holdfast.node.http.exchange;

/// Answers one operation of the contract.
@FunctionalInterface
public interface ApiHandler {
    /// Answers, or throws a [ProblemException], a `ConsensusException` or, for input that breaks a
    /// bound of the catalogs, an `IllegalArgumentException`. Runs on a virtual thread and may block
    /// until the call's deadline.
    ApiReply answer(ApiCall call);
}
