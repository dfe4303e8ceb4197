package io.holdfast.node.identity;

import org.jspecify.annotations.Nullable;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/// The key and certificate that this process shows to others; replaced while connections are open.
/// Concurrent: one volatile pair of generations.
///
/// JSSE asks for an alias first and for its key and chain afterwards, so an alias names a
/// generation and the one before stays answerable: a handshake that straddles a rotation never
/// mixes two generations.
public final class RotatingKeys extends X509ExtendedKeyManager {
    private static final String KEY_TYPE = "EC";

    private volatile Generations generations;

    public RotatingKeys(NodeIdentity identity) {
        this.generations = new Generations(Generation.of(0, identity), null);
    }

    /// Shows the identity from the next handshake on.
    public synchronized void replace(NodeIdentity identity) {
        Generation current = generations.current;
        generations = new Generations(Generation.of(current.number + 1, identity), current);
    }

    public NodeIdentity identity() {
        return generations.current.identity;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return aliases(keyType);
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return alias(keyTypes);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return aliases(keyType);
    }

    @Override
    public @Nullable String chooseServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return alias(keyType);
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return alias(keyTypes);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return alias(keyType);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
        Generation generation = find(alias);
        return generation == null ? null : generation.chain.toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
        Generation generation = find(alias);
        return generation == null ? null : generation.identity.key();
    }

    private @Nullable String alias(String... keyTypes) {
        return Arrays.asList(keyTypes).contains(KEY_TYPE) ? generations.current.alias : null;
    }

    private String @Nullable [] aliases(String keyType) {
        String alias = alias(keyType);
        return alias == null ? null : new String[] {alias};
    }

    private @Nullable Generation find(@Nullable String alias) {
        Generations seen = generations;
        if (seen.current.alias.equals(alias)) {
            return seen.current;
        }
        Generation previous = seen.previous;
        return previous != null && previous.alias.equals(alias) ? previous : null;
    }

    private record Generations(Generation current, @Nullable Generation previous) {}

    private record Generation(
            int number, String alias, NodeIdentity identity, List<X509Certificate> chain) {
        static Generation of(int number, NodeIdentity identity) {
            return new Generation(number, "node-" + number, identity, identity.chain());
        }
    }
}
