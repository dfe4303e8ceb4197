package io.holdfast.node.http.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;

import java.net.MalformedURLException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.text.ParseException;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// Decides whether an identity token counts. Concurrent; keeps the provider's keys for some minutes and asks
/// for them again when a token names one that it does not know, but not at every such token.
final class IdTokens {
    /// Those with a public key; a shared key would be one that a client of the provider could sign with.
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256, JWSAlgorithm.RS384, JWSAlgorithm.RS512,
            JWSAlgorithm.PS256, JWSAlgorithm.PS384, JWSAlgorithm.PS512,
            JWSAlgorithm.ES256, JWSAlgorithm.ES384, JWSAlgorithm.ES512);

    private static final long KEYS_KEPT_MILLIS = 300_000;
    private static final long KEYS_WAIT_MILLIS = 10_000;
    private static final long KEYS_PAUSE_MILLIS = 10_000;
    private static final int CLOCK_SKEW_SECONDS = 60;

    private final String clientId;
    private final DefaultJWTProcessor<SecurityContext> tokens = new DefaultJWTProcessor<>();

    IdTokens(OidcSettings settings, URI keys, ProviderClient provider) throws MalformedURLException {
        this.clientId = settings.client().id();
        JWKSource<SecurityContext> source = JWKSourceBuilder.<SecurityContext>create(keys.toURL(), provider)
                .cache(KEYS_KEPT_MILLIS, KEYS_WAIT_MILLIS)
                .refreshAheadCache(false)
                .rateLimited(KEYS_PAUSE_MILLIS)
                .retrying(true)
                .build();
        tokens.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, source));
        DefaultJWTClaimsVerifier<SecurityContext> claims = new DefaultJWTClaimsVerifier<>(
                clientId,
                new JWTClaimsSet.Builder().issuer(settings.issuer().toString()).build(),
                Set.of("sub", "exp", "iat", "nonce"));
        claims.setMaxClockSkew(CLOCK_SKEW_SECONDS);
        tokens.setJWTClaimsSetVerifier(claims);
    }

    /// The claims of a token that was made for this attempt.
    ///
    /// @throws BadJOSEException if it does not count
    /// @throws JOSEException if the provider's keys cannot be had
    JWTClaimsSet verify(String token, String nonce) throws BadJOSEException, JOSEException {
        try {
            JWTClaimsSet claims = tokens.process(token, null);
            if (!isSame(Objects.toString(claims.getClaim("nonce"), ""), nonce)) {
                throw new BadJOSEException("the token was made for another attempt");
            }
            List<String> audience = claims.getAudience();
            String party = claims.getStringClaim("azp");
            if (party == null ? audience.size() > 1 : !party.equals(clientId)) {
                throw new BadJOSEException("the token was made for another client: azp=" + party);
            }
            return claims;
        } catch (ParseException malformed) {
            throw new BadJOSEException("the token is malformed: " + malformed.getMessage(), malformed);
        }
    }

    private static boolean isSame(String some, String other) {
        return MessageDigest.isEqual(
                some.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
