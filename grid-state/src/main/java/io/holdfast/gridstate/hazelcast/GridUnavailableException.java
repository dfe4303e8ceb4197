package io.holdfast.gridstate.hazelcast;

/// The grid cannot serve this now. Retry later, or ask the ledger.
public final class GridUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public GridUnavailableException(String message) {
        super(message);
    }

    public GridUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
