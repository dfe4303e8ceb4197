package io.holdfast.node.peerlink;

/// The other node answered a call with a refusal; nothing was done.
public final class PeerRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PeerRefusedException(String message) {
        super(message);
    }
}
