package io.holdfast.chaos.json;

import java.io.IOException;

/// Text that is not JSON, or JSON that lacks what was looked for.
public final class InvalidJsonException extends IOException {
    private static final long serialVersionUID = 1L;

    public InvalidJsonException(String message) {
        super(message);
    }
}
