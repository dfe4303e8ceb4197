package io.holdfast.consensus;

/// It did not happen and will not: no majority, no leader, or too much waiting already. Retry later.
public final class UnavailableException extends ConsensusException {
    private static final long serialVersionUID = 1L;

    public UnavailableException(String message) {
        super(message);
    }

    public UnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
