package io.holdfast.consensus.ratis;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.consensus.NotLeaderException;
import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.UnavailableException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftPeer;
import org.jspecify.annotations.Nullable;

/// Translates what Ratis says about a refused request, as if it had not reached the log.
final class RatisFailures {
    private RatisFailures() {}

    static ConsensusException of(@Nullable RaftClientReply reply, @Nullable Throwable failure) {
        Throwable cause = failure;
        if (cause == null && reply != null) {
            cause = reply.getException();
        }
        return of(cause);
    }

    static ConsensusException of(@Nullable Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException || cause instanceof ExecutionException) {
            cause = cause.getCause();
        }
        if (cause instanceof ConsensusException known) {
            return known;
        }
        if (cause instanceof org.apache.ratis.protocol.exceptions.NotLeaderException notLeader) {
            RaftPeer leader = notLeader.getSuggestedLeader();
            Optional<PeerId> hint = Optional.ofNullable(leader).map(peer -> RatisNames.peerId(peer.getId()));
            return new NotLeaderException(hint);
        }
        String reason = cause == null ? "no reason given" : cause.toString();
        UnavailableException unavailable = new UnavailableException("the log refused: reason=" + reason);
        if (cause != null) {
            unavailable.initCause(cause);
        }
        return unavailable;
    }
}
