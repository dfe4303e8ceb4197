package io.holdfast.node.testing;

import io.holdfast.consensus.Committed;
import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.Proposal;
import io.holdfast.node.peerlink.PeerCall;
import io.holdfast.node.peerlink.PeerRequests;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;

/// A node that commits what it is handed at once, echoing the command, and answers calls with their
/// argument. Concurrent; both behaviours can be replaced.
public final class FakePeer implements PeerRequests {
    private final AtomicLong index = new AtomicLong();
    private volatile BiFunction<PeerId, Proposal, CompletableFuture<Committed>> proposing =
            (_, proposal) -> CompletableFuture.completedFuture(commit(proposal));
    private volatile BiFunction<PeerCall, byte[], byte[]> answering = (_, argument) -> argument;

    public FakePeer proposing(
            BiFunction<PeerId, Proposal, CompletableFuture<Committed>> behaviour) {
        proposing = behaviour;
        return this;
    }

    public FakePeer answering(BiFunction<PeerCall, byte[], byte[]> behaviour) {
        answering = behaviour;
        return this;
    }

    public Committed commit(Proposal proposal) {
        return new Committed(new LogIndex(index.incrementAndGet()), 0, proposal.command());
    }

    public long committedCount() {
        return index.get();
    }

    @Override
    public CompletableFuture<Committed> propose(PeerId from, Proposal proposal) {
        return proposing.apply(from, proposal);
    }

    @Override
    public byte[] answer(PeerId from, PeerCall call, byte[] argument) {
        return answering.apply(call, argument);
    }
}
