package io.holdfast.node.http.oidc;

import io.holdfast.gridstate.access.Role;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How people log in at an OpenID provider.
///
/// @param issuer who vouches for them; its metadata stands below this address
/// @param client who we are there
/// @param authorities who signs the provider's certificate; none means those that Java trusts
/// @param scopes that are asked for, `openid` among them
/// @param user how an identity becomes a user here
public record OidcSettings(
        URI issuer, Client client, List<X509Certificate> authorities, List<String> scopes, UserRule user) {
    public OidcSettings {
        authorities = List.copyOf(authorities);
        scopes = List.copyOf(scopes);
    }

    /// Who we are to the provider.
    ///
    /// @param secret absent for a public client, whose codes PKCE alone protects
    /// @param redirect the callback's address as browsers reach it
    public record Client(String id, Optional<String> secret, URI redirect) {}

    /// How an identity becomes a user.
    ///
    /// @param nameClaim the claim that has the name
    /// @param prefix stands before the name here
    /// @param roleClaim the claim that has the roles or groups; dots lead into objects
    /// @param roles what a value of that claim gives; the highest counts
    public record UserRule(String nameClaim, String prefix, String roleClaim, Map<String, Role> roles) {
        public UserRule {
            roles = Map.copyOf(roles);
        }
    }
}
