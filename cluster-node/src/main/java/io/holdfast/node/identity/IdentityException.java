package io.holdfast.node.identity;

/// What can go wrong with certificates, tokens and the files that hold them.
public abstract sealed class IdentityException extends RuntimeException
        permits InvalidIdentityException, CorruptIdentityException {
    private static final long serialVersionUID = 1L;

    IdentityException(String message) {
        super(message);
    }

    IdentityException(String message, Throwable cause) {
        super(message, cause);
    }
}
