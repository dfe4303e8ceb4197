package io.holdfast.node;

import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.log.ReplicatedLog;
import io.holdfast.consensus.membership.GroupPeer;
import io.holdfast.gridstate.cluster.ClusterCatalogs;
import io.holdfast.gridstate.command.CommandEnvelope;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.node.admission.AdmissionDesk;
import io.holdfast.node.admission.CertificateDesk;
import io.holdfast.node.identity.CertificateRotation;
import io.holdfast.node.identity.JoinToken;
import io.holdfast.node.identity.Pem;
import io.holdfast.node.identity.TokenHash;
import io.holdfast.node.ledger.GridCommands;
import io.holdfast.node.peerlink.PeerCall;
import io.holdfast.node.peerlink.PeerLinks;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionException;

/// Who signs, who admits, and when this node's own certificate is renewed.
record AdmissionParts(CertificateDesk certificates, AdmissionDesk desk, CertificateRotation rotation) {
    private static final Duration PEER_PATIENCE = Duration.ofSeconds(10);

    static AdmissionParts open(
            IdentityParts identity, LedgerParts ledger, LinkParts links,
                    InstantSource clock) throws IOException {
        ReplicatedLog log = ledger.log();
        CertificateDesk certificates = new CertificateDesk(
                identity.directory(),
                identity.keys().identity().authorities(),
                () -> otherVoters(log),
                (peer, call, argument) -> ask(links.links(), peer, call, argument),
                clock);
        AdmissionDesk desk = new AdmissionDesk(
                certificates,
                identity.roster(),
                token -> isGood(ledger, token, clock),
                envelope -> await(links.commands(), envelope),
                name -> isVoter(log, name));
        CertificateRotation rotation = new CertificateRotation(
                identity.directory(),
                identity.keys(),
                identity.trust(),
                requestPem -> {
                    AdmissionDesk.RenewalAnswer answer =
                            desk.renew(identity.keys().identity().name(), requestPem);
                    return new CertificateRotation.Issued(
                            Pem.certificates(answer.certificate()).getFirst(),
                            Pem.certificates(answer.authorities()));
                },
                clock);
        return new AdmissionParts(certificates, desk, rotation);
    }

    /// The voters besides this node, the leader first.
    private static List<PeerId> otherVoters(ReplicatedLog log) {
        PeerId self = log.leadership().self();
        return log.membership().peers().stream()
                .filter(GroupPeer::voting)
                .map(GroupPeer::id)
                .filter(peer -> !peer.equals(self))
                .sorted(Comparator.comparing(
                        peer -> log.leadership().leader().filter(peer::equals).isEmpty()))
                .toList();
    }

    static boolean isVoter(ReplicatedLog log, String name) {
        return log.membership().peers().stream()
                .anyMatch(peer -> peer.voting() && peer.id().value().equals(name));
    }

    private static boolean isGood(LedgerParts ledger, JoinToken token, InstantSource clock) {
        long now = clock.millis();
        return ledger.reader().get(ClusterCatalogs.JOIN_TOKENS, token.id())
                .filter(known -> known.value().expiresMillis() > now)
                .filter(known -> new TokenHash(known.value().secretHash().value()).matches(token.secret()))
                .isPresent();
    }

    private static byte[] ask(PeerLinks links, PeerId peer, PeerCall call, byte[] argument) {
        try {
            return links.call(peer, call, argument, PEER_PATIENCE).join();
        } catch (CompletionException failure) {
            throw Failures.asUnchecked(failure);
        }
    }

    /// Proposes and waits; refusals of the ledger are answers.
    static GridReply await(GridCommands commands, CommandEnvelope envelope) {
        try {
            return commands.submit(envelope).join().reply();
        } catch (CompletionException failure) {
            throw Failures.asUnchecked(failure);
        }
    }
}
