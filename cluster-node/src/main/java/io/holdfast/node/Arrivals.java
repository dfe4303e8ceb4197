package io.holdfast.node;

import io.holdfast.consensus.PeerId;
import io.holdfast.node.peerlink.PeerCall;
import io.holdfast.node.peerlink.PeerLinks;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/// Which admitted nodes answer: asked for when somebody wants to know, and again as long as they do not.
/// Concurrent.
final class Arrivals {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final PeerLinks links;
    private final Map<PeerId, CompletableFuture<byte[]>> asked = new ConcurrentHashMap<>();

    Arrivals(PeerLinks links) {
        this.links = links;
    }

    /// Whether the node has answered; asks it if nobody has, or if it did not answer.
    boolean has(PeerId peer) {
        CompletableFuture<byte[]> answer = asked.compute(peer, (_, before) ->
                before == null || before.isCompletedExceptionally()
                        ? links.call(peer, PeerCall.STATUS, new byte[0], PATIENCE)
                        : before);
        return answer.isDone() && !answer.isCompletedExceptionally();
    }
}
