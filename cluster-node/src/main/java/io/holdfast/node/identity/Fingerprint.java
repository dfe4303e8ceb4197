package io.holdfast.node.identity;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;

/// SHA-256 of certificates and secrets.
public final class Fingerprint {
    private Fingerprint() {}

    /// The 64 hexadecimal digits of a certificate's SHA-256.
    public static String of(X509Certificate certificate) {
        return HexFormat.of().formatHex(sha256(Pem.encoded(certificate)));
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
