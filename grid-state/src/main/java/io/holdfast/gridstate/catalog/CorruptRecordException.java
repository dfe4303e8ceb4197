package io.holdfast.gridstate.catalog;

/// Bytes are not what their place says they are, or were written by a release that knows more. The message
/// says what was found.
public final class CorruptRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CorruptRecordException(String message) {
        super(message);
    }

    public CorruptRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
