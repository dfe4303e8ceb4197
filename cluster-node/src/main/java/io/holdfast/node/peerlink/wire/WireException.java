package io.holdfast.node.peerlink.wire;

/// Bytes that do not follow the protocol; the connection they came over is closed.
public final class WireException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public WireException(String message) {
        super(message);
    }
}
