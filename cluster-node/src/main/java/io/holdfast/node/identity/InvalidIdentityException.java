package io.holdfast.node.identity;

/// Somebody offered a token, certificate or request that cannot be accepted as it is.
public final class InvalidIdentityException extends IdentityException {
    private static final long serialVersionUID = 1L;

    public InvalidIdentityException(String message) {
        super(message);
    }

    public InvalidIdentityException(String message, Throwable cause) {
        super(message, cause);
    }
}
