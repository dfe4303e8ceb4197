package io.holdfast.node.identity;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// The text form (RFC 7468) of certificates, requests and keys. Reads strictly and within bounds:
/// other labels, text between blocks, damaged base 64 and over-long input are refused.
public final class Pem {
    /// Far above what two authorities and a request need.
    public static final int TEXT_LENGTH_MAX = 64 * 1024;

    static final int BLOCK_COUNT_MAX = 16;
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PRIVATE_KEY = "PRIVATE KEY";
    private static final String REQUEST = "CERTIFICATE REQUEST";
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private Pem() {}

    public static String ofCertificates(List<X509Certificate> certificates) {
        StringBuilder text = new StringBuilder();
        for (X509Certificate certificate : certificates) {
            text.append(block(CERTIFICATE, encoded(certificate)));
        }
        return text.toString();
    }

    public static String ofKey(PrivateKey key) {
        return block(PRIVATE_KEY, key.getEncoded());
    }

    static String ofRequest(byte[] der) {
        return block(REQUEST, der);
    }

    /// Reads at least one certificate.
    public static List<X509Certificate> certificates(String text) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (byte[] der : blocks(CERTIFICATE, text)) {
            certificates.add(certificate(der));
        }
        return List.copyOf(certificates);
    }

    /// Reads exactly one key in PKCS#8 form.
    public static PrivateKey key(String text) {
        try {
            return KeyFactory.getInstance("EC")
                    .generatePrivate(new PKCS8EncodedKeySpec(single(PRIVATE_KEY, text)));
        } catch (GeneralSecurityException e) {
            throw new InvalidIdentityException("not an EC private key in PKCS#8 form", e);
        }
    }

    static byte[] request(String text) {
        return single(REQUEST, text);
    }

    static X509Certificate certificate(byte[] der) {
        try {
            Certificate certificate =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(der));
            if (certificate instanceof X509Certificate x509) {
                return x509;
            }
            throw new InvalidIdentityException("not an X.509 certificate: bytes=" + der.length);
        } catch (GeneralSecurityException e) {
            throw new InvalidIdentityException("not an X.509 certificate: bytes=" + der.length, e);
        }
    }

    static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new InvalidIdentityException("a certificate without encoded form", e);
        }
    }

    private static byte[] single(String label, String text) {
        List<byte[]> blocks = blocks(label, text);
        if (blocks.size() != 1) {
            throw new InvalidIdentityException(
                    "exactly one PEM block is expected: label="
                            + label
                            + " count="
                            + blocks.size());
        }
        return blocks.getFirst();
    }

    private static String block(String label, byte[] der) {
        return "-----BEGIN "
                + label
                + "-----\n"
                + LINES.encodeToString(der)
                + "\n-----END "
                + label
                + "-----\n";
    }

    private static List<byte[]> blocks(String label, String text) {
        if (text.length() > TEXT_LENGTH_MAX) {
            throw new InvalidIdentityException("PEM text is too long: characters=" + text.length());
        }
        String begin = "-----BEGIN " + label + "-----";
        String end = "-----END " + label + "-----";
        List<byte[]> blocks = new ArrayList<>();
        String rest = text.strip();
        while (!rest.isEmpty()) {
            int close = rest.indexOf(end);
            if (!rest.startsWith(begin)
                    || close < begin.length()
                    || blocks.size() == BLOCK_COUNT_MAX) {
                throw new InvalidIdentityException(
                        "not PEM: label=" + label + " block=" + blocks.size());
            }
            blocks.add(decode(label, rest.substring(begin.length(), close)));
            rest = rest.substring(close + end.length()).strip();
        }
        if (blocks.isEmpty()) {
            throw new InvalidIdentityException("no PEM block: label=" + label);
        }
        return blocks;
    }

    private static byte[] decode(String label, String body) {
        StringBuilder digits = new StringBuilder(body.length());
        for (int i = 0; i < body.length(); i++) {
            char c = body.charAt(i);
            if (c != '\n' && c != '\r' && c != ' ' && c != '\t') {
                digits.append(c);
            }
        }
        try {
            return Base64.getDecoder().decode(digits.toString());
        } catch (IllegalArgumentException e) {
            throw new InvalidIdentityException("damaged base 64 in PEM: label=" + label, e);
        }
    }
}
