package io.holdfast.hostio.image;

import io.holdfast.hostio.id.LayerDigest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Computing digests by the names they are written with.
final class Digests {
    private Digests() {}

    static MessageDigest of(LayerDigest digest) {
        String algorithm = digest.value().startsWith("sha512:") ? "SHA-512" : "SHA-256";
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has it: algorithm=" + algorithm, e);
        }
    }

    /// The digest of bytes that came without one.
    static LayerDigest sha256Of(byte[] bytes) {
        try {
            byte[] made = MessageDigest.getInstance("SHA-256").digest(bytes);
            return new LayerDigest("sha256:" + HexFormat.of().formatHex(made));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has it: algorithm=SHA-256", e);
        }
    }

    static void require(LayerDigest expected, MessageDigest made) throws ImageException {
        String actual = HexFormat.of().formatHex(made.digest());
        if (!expected.value().endsWith(":" + actual)) {
            throw ImageException.invalid(
                    "not what its digest says: digest=" + expected + " actual=" + actual);
        }
    }
}
