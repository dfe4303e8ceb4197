package io.holdfast.node.admission;

import io.holdfast.consensus.PeerId;
import io.holdfast.node.peerlink.PeerCall;

/// Asks another node and waits for its answer. Throws a `ConsensusException` or `PeerRefusedException` where
/// there is none.
@FunctionalInterface
public interface PeerQuestions {
    byte[] ask(PeerId peer, PeerCall call, byte[] argument);
}
