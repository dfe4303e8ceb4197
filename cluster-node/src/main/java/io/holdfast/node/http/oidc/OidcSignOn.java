package io.holdfast.node.http.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.proc.BadJOSEException;
import io.holdfast.node.http.port.SignOn;
import io.holdfast.node.http.port.SignOnFailedException;
import io.holdfast.node.http.port.SignOnFailedException.Reason;
import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/// Login at one OpenID provider. Concurrent: what is known of the provider is guarded by a lock and found out
/// anew after a while.
public final class OidcSignOn implements SignOn, AutoCloseable {
    private static final long KNOWN_NANOS_MAX = Duration.ofHours(1).toNanos();

    private final OidcSettings settings;
    private final LongSupplier nanoClock;
    private final ProviderClient client;
    private final UserMapping mapping;
    private final ReentrantLock asking = new ReentrantLock();
    private @Nullable Provider last;

    /// A provider as it described itself.
    private record Provider(ProviderMetadata metadata, IdTokens tokens, long atNanos) {}

    public OidcSignOn(OidcSettings settings, LongSupplier nanoClock) {
        this.settings = settings;
        this.nanoClock = nanoClock;
        this.client = new ProviderClient(settings.authorities());
        this.mapping = new UserMapping(settings.user());
    }

    @Override
    public String provider() {
        return settings.issuer().getHost();
    }

    @Override
    public URI begin(Attempt attempt) {
        URI address = known().metadata().authorization();
        Map<String, String> query = new LinkedHashMap<>();
        query.put("response_type", "code");
        query.put("client_id", settings.client().id());
        query.put("redirect_uri", settings.client().redirect().toString());
        query.put("scope", String.join(" ", settings.scopes()));
        query.put("state", attempt.state());
        query.put("nonce", attempt.nonce());
        query.put("code_challenge", challenge(attempt.verifier()));
        query.put("code_challenge_method", "S256");
        return URI.create(address + (address.getRawQuery() == null ? "?" : "&") + form(query));
    }

    @Override
    public Identity finish(Attempt attempt, Answer answer) {
        boolean isOurs = MessageDigest.isEqual(
                bytes(answer.state().orElse("")), bytes(attempt.state()));
        if (!isOurs) {
            throw new SignOnFailedException(Reason.INVALID, "the browser was sent by somebody else");
        }
        Provider provider = known();
        boolean isByAnother = answer.issuer()
                .map(issuer -> !issuer.equals(settings.issuer().toString()))
                .orElse(provider.metadata().namesItself());
        if (isByAnother) {
            throw new SignOnFailedException(Reason.INVALID, "the browser was sent by another provider");
        }
        if (answer.error().isPresent() || answer.code().isEmpty()) {
            throw new SignOnFailedException(
                    Reason.DENIED, "the provider gave no code: error=" + answer.error().orElse("none"));
        }
        String token = redeem(provider.metadata(), answer.code().get(), attempt.verifier());
        try {
            return mapping.identity(provider.tokens().verify(token, attempt.nonce()).getClaims());
        } catch (BadJOSEException forged) {
            throw new SignOnFailedException(
                    Reason.INVALID, "the identity does not count: " + forged.getMessage(), forged);
        } catch (JOSEException noKeys) {
            throw unavailable("the provider's keys cannot be had", noKeys);
        }
    }

    private String redeem(ProviderMetadata metadata, String code, String verifier) {
        OidcSettings.Client self = settings.client();
        Map<String, String> body = new LinkedHashMap<>();
        body.put("grant_type", "authorization_code");
        body.put("code", code);
        body.put("redirect_uri", self.redirect().toString());
        body.put("code_verifier", verifier);
        boolean isInHeader = self.secret().isPresent() && !metadata.takesSecretInBody();
        if (!isInHeader) {
            body.put("client_id", self.id());
            self.secret().ifPresent(secret -> body.put("client_secret", secret));
        }
        String authorization = isInHeader
                ? "Basic " + Base64.getEncoder()
                        .encodeToString(bytes(encoded(self.id()) + ":" + encoded(self.secret().get())))
                : "";
        try {
            JsonObject answer = client.post(metadata.token(), form(body), authorization);
            if (answer.getValue("id_token") instanceof String token) {
                return token;
            }
        } catch (IOException failed) {
            throw unavailable("the code could not be exchanged", failed);
        }
        throw new SignOnFailedException(Reason.INVALID, "the provider gave no identity for the code");
    }

    private Provider known() {
        asking.lock();
        try {
            Provider now = last;
            if (now == null || nanoClock.getAsLong() - now.atNanos() > KNOWN_NANOS_MAX) {
                ProviderMetadata metadata = ProviderMetadata.parse(
                        client.get(URI.create(withoutSlash(settings.issuer()) + ProviderMetadata.PATH)),
                        settings.issuer());
                now = new Provider(
                        metadata,
                        new IdTokens(settings, metadata.keys(), client),
                        nanoClock.getAsLong());
                last = now;
            }
            return now;
        } catch (IOException | IllegalArgumentException failed) {
            throw unavailable("the provider does not describe itself", failed);
        } finally {
            asking.unlock();
        }
    }

    private static String withoutSlash(URI issuer) {
        return issuer.toString().replaceFirst("/$", "");
    }

    private SignOnFailedException unavailable(String what, Exception cause) {
        return new SignOnFailedException(
                Reason.UNAVAILABLE,
                what + ": issuer=" + settings.issuer() + " reason=" + cause.getMessage(),
                cause);
    }

    /// What the provider is shown of the verifier before (RFC 7636).
    private static String challenge(String verifier) {
        try {
            return Base64.getUrlEncoder().withoutPadding()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes(verifier)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        client.close();
    }
}
