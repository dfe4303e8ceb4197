package io.holdfast.hostio.blob;

import io.holdfast.hostio.id.LayerDigest;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The SHA-256 of bytes as they come by. Confined to its user.
final class ContentDigest {
    private final MessageDigest digest;

    ContentDigest() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }

    void update(ByteBuffer bytes) {
        digest.update(bytes);
    }

    LayerDigest value() {
        return new LayerDigest("sha256:" + HexFormat.of().formatHex(digest.digest()));
    }
}
