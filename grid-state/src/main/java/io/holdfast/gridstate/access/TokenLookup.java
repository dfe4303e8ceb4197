package io.holdfast.gridstate.access;

import io.holdfast.gridstate.catalog.CatalogReader;
import io.holdfast.gridstate.catalog.Sha256;
import io.holdfast.gridstate.catalog.Versioned;
import java.util.Optional;

/// Finds whose a token is. As concurrent as the reader that it is given.
public final class TokenLookup {
    private final CatalogReader reader;

    public TokenLookup(CatalogReader reader) {
        this.reader = reader;
    }

    /// A user recognised by a token.
    ///
    /// @param user the user's name
    /// @param role what the user may do
    /// @param token which of the user's tokens it was
    public record Identity(String user, Role role, UserTokenKey token) {}

    /// The user whose good token has a secret with this hash.
    public Optional<Identity> find(Sha256 secretHash, long timeMillis) {
        return reader.get(AccessCatalogs.TOKEN_HASHES, secretHash)
                .map(Versioned::value)
                .flatMap(key -> reader.get(AccessCatalogs.USER_TOKENS, key)
                        .filter(token -> token.value().isGoodAt(timeMillis))
                        .flatMap(_ -> reader.get(AccessCatalogs.USERS, key.user()))
                        .map(user -> new Identity(key.user(), user.value().role(), key)));
    }
}
