package io.holdfast.node.blob;

import java.io.IOException;

/// What was found is not what was stored, and cannot be made of what is left.
public final class BlobDamagedException extends IOException {
    private static final long serialVersionUID = 1;

    public BlobDamagedException(String message) {
        super(message);
    }
}
