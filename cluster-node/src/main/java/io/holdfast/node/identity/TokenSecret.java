package io.holdfast.node.identity;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/// The secret part of a token: 256 random bits. Immutable; its `toString` shows nothing.
public final class TokenSecret {
    static final int TEXT_LENGTH = 43;
    private static final int SECRET_BYTES = 32;
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{" + TEXT_LENGTH + "}");

    private final String text;

    private TokenSecret(String text) {
        this.text = text;
    }

    public static TokenSecret create(SecureRandom random) {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return new TokenSecret(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    static TokenSecret parse(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new InvalidIdentityException(
                    "a secret is " + TEXT_LENGTH + " characters of base64url");
        }
        return new TokenSecret(text);
    }

    /// What is stored in its place.
    public TokenHash hash() {
        return TokenHash.of(
                Fingerprint.sha256(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
    }

    String text() {
        return text;
    }

    @Override
    public String toString() {
        return "TokenSecret[hidden]";
    }
}
