package io.holdfast.node.fragment.wire;

/// Bytes that do not follow the protocol; the connection they came over is closed.
public final class FragmentWireException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public FragmentWireException(String message) {
        super(message);
    }

    public FragmentWireException(String message, Throwable cause) {
        super(message, cause);
    }
}
