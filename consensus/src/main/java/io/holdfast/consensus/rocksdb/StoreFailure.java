package io.holdfast.consensus.rocksdb;

import java.io.IOException;
import java.io.UncheckedIOException;

/// The disk under the store refused: full, gone, or held by another process.
public final class StoreFailure extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    StoreFailure(String message, Throwable cause) {
        super(message, new IOException(message, cause));
    }
}
