package io.holdfast.hostio.image;

import java.io.IOException;

/// An image that cannot be had; the kind says what the caller should do.
public final class ImageException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /// What the caller should do.
    public enum Kind {
        /// Correct the reference: it names no image, or none for this platform.
        NOT_FOUND,
        /// Use another image: this one is damaged, forged, or of a form that is not understood.
        INVALID,
        /// Raise the limit, if the image deserves it.
        TOO_LARGE,
        /// Give a credential.
        UNAUTHORIZED,
        /// Try again later.
        UNAVAILABLE
    }

    public ImageException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public ImageException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    static ImageException invalid(String message) {
        return new ImageException(Kind.INVALID, message);
    }

    public Kind kind() {
        return kind;
    }
}
