package io.holdfast.node.blob;

import java.io.IOException;

/// A blob cannot be stored, read or deleted now: too few hosts or no ledger. Later it may be.
public final class BlobUnavailableException extends IOException {
    private static final long serialVersionUID = 1;

    public BlobUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
