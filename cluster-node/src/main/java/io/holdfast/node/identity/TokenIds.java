package io.holdfast.node.identity;

import java.security.SecureRandom;
import java.util.HexFormat;

/// The public names of tokens: 64 random bits as 16 hexadecimal digits.
final class TokenIds {
    static final String FORM = "[0-9a-f]{16}";

    private TokenIds() {}

    static String create(SecureRandom random) {
        return HexFormat.of().toHexDigits(random.nextLong());
    }
}
