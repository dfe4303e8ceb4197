package io.holdfast.hostio.container;

/// A failed operation on a container; the kind says what the caller should do.
public final class ContainerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /// What the caller should do.
    public enum Kind {
        /// Correct the request: it names what is not there or asks for what cannot be.
        INVALID_REQUEST,
        /// The container is not in a state for this (not there, ended, already there).
        WRONG_STATE,
        /// This machine lacks something: try another one.
        UNSUPPORTED,
        /// The checkpoint is damaged or forged: condemn it, start cold.
        IMAGE_CORRUPT,
        /// The checkpoint is sound but not for this machine or specification: start cold here.
        IMAGE_UNFIT,
        /// The container holds what a checkpoint cannot save; it goes on unharmed.
        OBSTACLES,
        /// A tool failed or took too long; nothing of the attempt is left, the container is as before.
        FAILED
    }

    public ContainerException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public ContainerException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
