package io.holdfast.node.admission;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.UnavailableException;
import io.holdfast.node.identity.CertificateAuthority;
import io.holdfast.node.identity.CertificateRequest;
import io.holdfast.node.identity.IdentityDirectory;
import io.holdfast.node.identity.KeyPairs;
import io.holdfast.node.identity.Pem;
import io.holdfast.node.peerlink.PeerCall;
import io.holdfast.node.peerlink.PeerRefusedException;
import java.io.IOException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Signs certificates where this node holds the authority's key, and knows whom to ask where it does not.
/// Concurrent: the authority is one volatile reference.
public final class CertificateDesk {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateDesk.class);

    private final IdentityDirectory directory;
    private final List<X509Certificate> authorities;
    private final Supplier<List<PeerId>> otherVoters;
    private final PeerQuestions peers;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private volatile @Nullable CertificateAuthority authority;

    /// Makes a desk.
    ///
    /// @param authorities whom this node trusts, the one that signs first
    /// @param otherVoters who may hold the key, the leader first
    public CertificateDesk(
            IdentityDirectory directory,
            List<X509Certificate> authorities,
            Supplier<List<PeerId>> otherVoters,
            PeerQuestions peers,
            InstantSource clock)
            throws IOException {
        this.directory = directory;
        this.authorities = List.copyOf(authorities);
        this.otherVoters = otherVoters;
        this.peers = peers;
        this.clock = clock;
        this.authority = directory.loadAuthority(clock, random).orElse(null);
    }

    public boolean holdsAuthority() {
        return authority != null;
    }

    public List<X509Certificate> authorities() {
        return authorities;
    }

    /// Signs a node's certificate here; empty if this node does not hold the key.
    Optional<X509Certificate> signNode(CertificateRequest request, String name, Collection<String> hosts) {
        return Optional.ofNullable(authority).map(held -> held.signNode(request, name, hosts));
    }

    /// Signs a user's certificate here; empty if this node does not hold the key.
    Optional<X509Certificate> signUser(CertificateRequest request, String name) {
        return Optional.ofNullable(authority).map(held -> held.signUser(request, name));
    }

    /// Asks the nodes that may hold the key, one after the other, until one answers.
    byte[] askHolder(PeerCall call, byte[] argument) {
        ConsensusException last = new UnavailableException("no other voter is known that could hold the key");
        for (PeerId voter : otherVoters.get()) {
            try {
                return peers.ask(voter, call, argument);
            } catch (ConsensusException unreachable) {
                last = unreachable;
            }
        }
        throw last;
    }

    /// Gets the key from another voter if this node should hold it and does not; drops it if it should not.
    /// Blocks.
    public void hold(boolean shouldHold) throws IOException {
        if (shouldHold && authority == null) {
            fetch();
        } else if (!shouldHold && authority != null && !otherVoters.get().isEmpty()) {
            directory.deleteAuthority();
            authority = null;
            LOG.info("the authority's key was dropped: this node does not vote");
        }
    }

    private void fetch() throws IOException {
        byte[] answer;
        try {
            answer = askHolder(PeerCall.AUTHORITY, new byte[0]);
        } catch (ConsensusException | PeerRefusedException notYet) {
            LOG.info("the authority's key is not here yet: reason={}", notYet.getMessage());
            return;
        }
        PrivateKey key = Pem.key(new String(answer, UTF_8));
        for (X509Certificate candidate : authorities) {
            if (KeyPairs.belongTogether(candidate.getPublicKey(), key)) {
                CertificateAuthority received = CertificateAuthority.of(candidate, key, clock, random);
                directory.storeAuthority(received);
                authority = received;
                LOG.info("the authority's key was received from another voter");
                return;
            }
        }
        LOG.warn("another voter sent the key of an authority that this node does not trust");
    }

    /// Hands the key to another voter.
    ///
    /// @param isVoter whether the ledger says that the asker votes
    byte[] handOver(PeerId asker, Function<PeerId, Boolean> isVoter) {
        CertificateAuthority held = authority;
        if (held == null) {
            throw new UnavailableException("this node does not hold the authority's key");
        }
        if (!isVoter.apply(asker)) {
            throw new PeerRefusedException("only voters hold the authority's key: node=" + asker);
        }
        LOG.info("the authority's key goes to another voter: node={}", asker);
        return held.keyPem().getBytes(UTF_8);
    }
}
