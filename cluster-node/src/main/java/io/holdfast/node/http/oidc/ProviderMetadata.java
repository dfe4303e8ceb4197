package io.holdfast.node.http.oidc;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.net.URISyntaxException;

/// What a provider says about itself (OpenID Connect Discovery 1.0).
///
/// @param authorization where browsers log in
/// @param token where codes are exchanged
/// @param keys where its public keys are
/// @param takesSecretInBody whether a client's secret goes into the body; into a header otherwise
/// @param namesItself whether it says who it is when it sends browsers back (RFC 9207)
record ProviderMetadata(
        URI authorization, URI token, URI keys, boolean takesSecretInBody, boolean namesItself) {
    static final String PATH = "/.well-known/openid-configuration";

    private static final String BASIC = "client_secret_basic";
    private static final String POST = "client_secret_post";

    /// Reads the document of an issuer.
    ///
    /// @throws IllegalArgumentException if it is another's, or not what it should be
    static ProviderMetadata parse(JsonObject document, URI issuer) {
        if (!issuer.toString().equals(document.getValue("issuer"))) {
            throw new IllegalArgumentException("the metadata is another issuer's: expected=" + issuer);
        }
        boolean takesInBody =
                document.getValue("token_endpoint_auth_methods_supported") instanceof JsonArray methods
                        && !methods.contains(BASIC)
                        && methods.contains(POST);
        return new ProviderMetadata(
                endpoint(document, "authorization_endpoint"),
                endpoint(document, "token_endpoint"),
                endpoint(document, "jwks_uri"),
                takesInBody,
                Boolean.TRUE.equals(
                        document.getValue("authorization_response_iss_parameter_supported")));
    }

    private static URI endpoint(JsonObject document, String name) {
        if (document.getValue(name) instanceof String text) {
            try {
                URI address = new URI(text);
                if ("https".equals(address.getScheme()) && address.getHost() != null
                        && address.getRawFragment() == null) {
                    return address;
                }
            } catch (URISyntaxException malformed) {
                throw new IllegalArgumentException("the metadata has a bad address: name=" + name, malformed);
            }
        }
        throw new IllegalArgumentException("the metadata has no address by HTTPS: name=" + name);
    }
}
