package io.holdfast.consensus;

/// It may or may not have happened. Retry with the same session and sequence, or read to find out.
public final class OutcomeUnknownException extends ConsensusException {
    private static final long serialVersionUID = 1L;

    public OutcomeUnknownException(String message) {
        super(message);
    }

    public OutcomeUnknownException(String message, Throwable cause) {
        super(message, cause);
    }
}
