package io.holdfast.consensus;

/// What can go wrong with a proposal or a read; each kind says what the caller should do.
public abstract sealed class ConsensusException extends RuntimeException
        permits UnavailableException, NotLeaderException, OutcomeUnknownException, SessionExpiredException,
                InvalidProposalException, CorruptLedgerException, IncompatibleFormatException {
    private static final long serialVersionUID = 1L;

    ConsensusException(String message) {
        super(message);
    }

    ConsensusException(String message, Throwable cause) {
        super(message, cause);
    }
}
