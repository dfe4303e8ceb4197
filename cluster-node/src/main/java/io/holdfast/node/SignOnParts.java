package io.holdfast.node;

import io.holdfast.gridstate.access.Role;
import io.holdfast.node.config.NodeConfig;
import io.holdfast.node.http.oidc.OidcSettings;
import io.holdfast.node.http.oidc.OidcSignOn;
import io.holdfast.node.http.port.SignOn;
import io.holdfast.node.lifecycle.OpenParts;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Login at a provider of identities, where one is configured.
final class SignOnParts {
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);
    private static final String CALLBACK = "/login/oidc/callback";
    private static final String OPENID = "openid";

    private SignOnParts() {}

    static Optional<SignOn> open(OpenParts parts, NodeConfig config) throws IOException {
        if (config.oidc().isEmpty()) {
            return Optional.empty();
        }
        OidcSettings settings = settings(config.oidc().get(), config.network().apiAddress());
        return Optional.of(parts.open(
                "login elsewhere", CLOSE_WITHIN, () -> new OidcSignOn(settings, System::nanoTime)));
    }

    private static OidcSettings settings(NodeConfig.Oidc oidc, String apiAddress) throws IOException {
        Optional<String> secret = Optional.empty();
        if (oidc.clientSecretFile().isPresent()) {
            secret = Optional.of(Files.readString(oidc.clientSecretFile().get()).strip());
        }
        List<X509Certificate> authorities = oidc.authoritiesFile().isEmpty()
                ? List.of()
                : certificates(oidc.authoritiesFile().get());
        List<String> scopes = new ArrayList<>(oidc.scopes());
        if (!scopes.contains(OPENID)) {
            scopes.addFirst(OPENID);
        }
        URI redirect = oidc.redirect().orElse(URI.create("https://" + apiAddress + CALLBACK));
        return new OidcSettings(
                oidc.issuer(),
                new OidcSettings.Client(oidc.clientId(), secret, redirect),
                authorities,
                scopes,
                new OidcSettings.UserRule(
                        oidc.userClaim(), oidc.userPrefix(), oidc.roles().claim(), roles(oidc.roles())));
    }

    /// A value that is written for several roles gives the highest.
    private static Map<String, Role> roles(NodeConfig.OidcRoles written) {
        Map<String, Role> roles = new HashMap<>();
        written.viewer().forEach(value -> roles.put(value, Role.VIEWER));
        written.operator().forEach(value -> roles.put(value, Role.OPERATOR));
        written.admin().forEach(value -> roles.put(value, Role.ADMIN));
        return roles;
    }

    private static List<X509Certificate> certificates(Path file) throws IOException {
        List<X509Certificate> found = new ArrayList<>();
        try (InputStream stream = Files.newInputStream(file)) {
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(stream)) {
                found.add((X509Certificate) one);
            }
        } catch (CertificateException malformed) {
            throw new IOException("no certificates in PEM form: file=" + file, malformed);
        }
        if (found.isEmpty()) {
            throw new IOException("no certificate in the file: file=" + file);
        }
        return found;
    }
}
