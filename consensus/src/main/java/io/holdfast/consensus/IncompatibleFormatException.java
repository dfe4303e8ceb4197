package io.holdfast.consensus;

/// Stored files are sound but written by a program too old or too new for this one. Start the version that
/// the message names.
public final class IncompatibleFormatException extends ConsensusException {
    private static final long serialVersionUID = 1L;

    public IncompatibleFormatException(String message) {
        super(message);
    }
}
