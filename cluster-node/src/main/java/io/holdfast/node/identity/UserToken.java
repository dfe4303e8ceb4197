package io.holdfast.node.identity;

import java.security.SecureRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a user authenticates with: `hfu1.<id>.<secret>`.
///
/// @param id names the token in the ledger
/// @param secret known to the user only; the ledger has its hash
public record UserToken(String id, TokenSecret secret) {
    private static final Pattern FORM =
            Pattern.compile(
                    "hfu1\\.("
                            + TokenIds.FORM
                            + ")\\.([A-Za-z0-9_-]{"
                            + TokenSecret.TEXT_LENGTH
                            + "})");

    public static UserToken create(SecureRandom random) {
        return new UserToken(TokenIds.create(random), TokenSecret.create(random));
    }

    public static UserToken parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new InvalidIdentityException(
                    "a user token is hfu1.<id>.<secret>: length=" + text.length());
        }
        return new UserToken(matcher.group(1), TokenSecret.parse(matcher.group(2)));
    }

    /// The whole token, shown once to whoever asked for it.
    public String text() {
        return "hfu1." + id + "." + secret.text();
    }
}
