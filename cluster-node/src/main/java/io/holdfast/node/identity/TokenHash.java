package io.holdfast.node.identity;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// The SHA-256 of a secret, as the ledger stores it.
///
/// @param hex 64 lower-case hexadecimal digits
public record TokenHash(String hex) {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

    public TokenHash {
        if (!FORM.matcher(hex).matches()) {
            throw new InvalidIdentityException("a hash is 64 lower-case hexadecimal digits");
        }
    }

    static TokenHash of(byte[] sha256) {
        return new TokenHash(HexFormat.of().formatHex(sha256));
    }

    /// Whether it is the secret's hash; takes the same time wherever the two differ.
    public boolean matches(TokenSecret secret) {
        return MessageDigest.isEqual(
                HexFormat.of().parseHex(hex), HexFormat.of().parseHex(secret.hash().hex));
    }
}
