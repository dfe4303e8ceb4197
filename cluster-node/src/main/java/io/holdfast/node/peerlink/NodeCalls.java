package io.holdfast.node.peerlink;

import java.time.Duration;

/// Asks another node and waits for its answer. Throws a `ConsensusException` or a `PeerRefusedException`
/// where there is none. Concurrent.
@FunctionalInterface
public interface NodeCalls {
    byte[] call(String node, PeerCall call, byte[] argument, Duration patience);
}
