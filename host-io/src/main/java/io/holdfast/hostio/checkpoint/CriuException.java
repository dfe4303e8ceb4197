package io.holdfast.hostio.checkpoint;

import java.io.IOException;

/// CRIU could not do what it was asked.
public final class CriuException extends IOException {
    private static final long serialVersionUID = 1L;

    CriuException(String message) {
        super(message);
    }

    CriuException(String message, Throwable cause) {
        super(message, cause);
    }
}
