package io.holdfast.node.lifecycle;

import org.jspecify.annotations.Nullable;

/// A part of the node that could not be opened or closed; the cause says why.
public final class PartFailedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    PartFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
