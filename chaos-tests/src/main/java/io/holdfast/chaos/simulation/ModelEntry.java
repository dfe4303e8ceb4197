package io.holdfast.chaos.simulation;

/// One entry of the model's ledger.
///
/// @param stampNanos the leader's clock when it was proposed
record ModelEntry(long term, String requestId, long stampNanos, ModelCommand command) {}
