package io.holdfast.gridstate.access;

import static io.holdfast.gridstate.catalog.Attribute.flag;
import static io.holdfast.gridstate.catalog.Attribute.number;
import static io.holdfast.gridstate.catalog.Attribute.text;

import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.catalog.KeyForm;
import io.holdfast.gridstate.catalog.Sha256;
import java.util.List;
import java.util.Locale;

/// The catalogs of users.
public final class AccessCatalogs {
    public static final Catalog<String, UserEntry> USERS = Catalog.of(
            "users",
            KeyForm.text(name -> Check.name("a user's name", name), name -> name),
            UserEntry.class,
            List.of(text("role", user -> user.role().name().toLowerCase(Locale.ROOT))));

    public static final Catalog<UserTokenKey, UserTokenEntry> USER_TOKENS = Catalog.of(
            "user-tokens",
            KeyForm.text(UserTokenKey::parse, UserTokenKey::toString),
            UserTokenEntry.class,
            List.of(
                    flag("revoked", UserTokenEntry::isRevoked),
                    number("expiresMillis", UserTokenEntry::expiresMillis)));

    /// Which token a secret's hash belongs to.
    public static final Catalog<Sha256, UserTokenKey> TOKEN_HASHES = Catalog.of(
            "token-hashes", KeyForm.text(Sha256::new, Sha256::value), UserTokenKey.class, List.of());

    private AccessCatalogs() {}
}
