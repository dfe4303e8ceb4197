package io.holdfast.consensus;

/// Stored bytes are not what was written; the message says where, what was expected and what was found.
public final class CorruptLedgerException extends ConsensusException {
    private static final long serialVersionUID = 1L;

    public CorruptLedgerException(String message) {
        super(message);
    }

    public CorruptLedgerException(String message, Throwable cause) {
        super(message, cause);
    }
}
