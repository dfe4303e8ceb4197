package io.holdfast.node.peerlink;

import io.holdfast.consensus.Committed;
import io.holdfast.consensus.Proposal;

import java.util.concurrent.CompletableFuture;

/// A request that waits to be sent or answered.
sealed interface Pending {
    long deadlineNanos();

    /// What it counts against the bound of bytes.
    int bytes();

    /// Ends it without an answer.
    void fail(Throwable failure);

    /// A proposal for the other node's log.
    record Proposing(Proposal proposal, long deadlineNanos, CompletableFuture<Committed> outcome)
            implements Pending {
        @Override
        public int bytes() {
            return proposal.command().length;
        }

        @Override
        public void fail(Throwable failure) {
            outcome.completeExceptionally(failure);
        }
    }

    /// A question to the other node.
    @SuppressWarnings("ArrayRecordComponent") // Handed over, never shared.
    record Calling(
            PeerCall call,
            byte[] argument,
            int timeoutMillis,
            long deadlineNanos,
            CompletableFuture<byte[]> result)
            implements Pending {
        @Override
        public int bytes() {
            return argument.length;
        }

        @Override
        public void fail(Throwable failure) {
            result.completeExceptionally(failure);
        }
    }
}
