package io.holdfast.node.identity;

/// This node's own identity files are missing, damaged, do not belong together or are open to
/// others; the message says which and what to do.
public final class CorruptIdentityException extends IdentityException {
    private static final long serialVersionUID = 1L;

    public CorruptIdentityException(String message) {
        super(message);
    }

    public CorruptIdentityException(String message, Throwable cause) {
        super(message, cause);
    }
}
