package io.holdfast.consensus;

/// It can never be accepted as it is. Change it.
public final class InvalidProposalException extends ConsensusException {
    private static final long serialVersionUID = 1L;

    public InvalidProposalException(String message) {
        super(message);
    }

    public InvalidProposalException(String message, Throwable cause) {
        super(message, cause);
    }
}
