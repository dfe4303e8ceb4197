package io.holdfast.node.identity;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a new node is given to join: `hf1.<authority>.<id>.<secret>`. The first part lets it
/// recognise the cluster before it shows its secret, the last lets the cluster recognise it.
///
/// @param authority the first 32 hexadecimal digits of the authority certificate's SHA-256
/// @param id names the token in the ledger
/// @param secret known to the joiner only; the ledger has its hash
public record JoinToken(String authority, String id, TokenSecret secret) {
    private static final int PIN_LENGTH = 32;
    private static final Pattern FORM =
            Pattern.compile(
                    "hf1\\.([0-9a-f]{32})\\.("
                            + TokenIds.FORM
                            + ")\\.([A-Za-z0-9_-]{"
                            + TokenSecret.TEXT_LENGTH
                            + "})");

    public static JoinToken create(X509Certificate authority, SecureRandom random) {
        return new JoinToken(
                Fingerprint.of(authority).substring(0, PIN_LENGTH),
                TokenIds.create(random),
                TokenSecret.create(random));
    }

    public static JoinToken parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new InvalidIdentityException(
                    "a join token is hf1.<32 hex>.<id>.<secret>: length=" + text.length());
        }
        return new JoinToken(
                matcher.group(1), matcher.group(2), TokenSecret.parse(matcher.group(3)));
    }

    /// Whether this is the certificate of the authority that the token names.
    public boolean pins(X509Certificate certificate) {
        String fingerprint = Fingerprint.of(certificate).substring(0, PIN_LENGTH);
        return MessageDigest.isEqual(
                fingerprint.getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                authority.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    /// The whole token, shown once to whoever asked for it.
    public String text() {
        return "hf1." + authority + "." + id + "." + secret.text();
    }
}
