package io.holdfast.node.admission;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.consensus.PeerId;
import io.holdfast.gridstate.catalog.Sha256;
import io.holdfast.gridstate.cluster.ClusterEntry;
import io.holdfast.gridstate.cluster.NodeCertificate;
import io.holdfast.gridstate.cluster.NodeDescription;
import io.holdfast.gridstate.cluster.NodeEntry;
import io.holdfast.gridstate.codec.GridCodec;
import io.holdfast.gridstate.command.ClusterCommand;
import io.holdfast.gridstate.command.CommandEnvelope;
import io.holdfast.gridstate.rule.Actor;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.node.identity.CertificateRequest;
import io.holdfast.node.identity.ClusterCertificate;
import io.holdfast.node.identity.Fingerprint;
import io.holdfast.node.identity.InvalidIdentityException;
import io.holdfast.node.identity.JoinToken;
import io.holdfast.node.identity.Pem;
import io.holdfast.node.membership.HostAndPort;
import io.holdfast.node.membership.NodeRoster;
import io.holdfast.node.peerlink.PeerCall;
import io.holdfast.node.peerlink.PeerRefusedException;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/// Admits joiners and renews certificates, on the node that holds the authority's key; any other node passes
/// the request on. Concurrent; every call blocks until the ledger has answered.
///
/// A certificate is signed before the ledger admits its holder, because the ledger registers it; one that
/// the ledger then refuses opens nothing, since every port asks the ledger's list of nodes.
public final class AdmissionDesk {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final CertificateDesk certificates;
    private final NodeRoster roster;
    private final Predicate<JoinToken> isGood;
    private final Function<CommandEnvelope, GridReply> ledger;
    private final Predicate<String> isVoter;

    /// Makes a desk.
    ///
    /// @param isGood whether the ledger knows the token and its secret is the right one
    /// @param ledger proposes a command and waits for its answer
    /// @param isVoter whether the node of this name votes
    public AdmissionDesk(
            CertificateDesk certificates,
            NodeRoster roster,
            Predicate<JoinToken> isGood,
            Function<CommandEnvelope, GridReply> ledger,
            Predicate<String> isVoter) {
        this.certificates = certificates;
        this.roster = roster;
        this.isGood = isGood;
        this.ledger = ledger;
        this.isVoter = isVoter;
    }

    /// Lets a node join: here, or through a node that holds the key.
    public JoinAnswer join(JoinRequest request) {
        if (certificates.holdsAuthority()) {
            return joinHere(request);
        }
        return read(certificates.askHolder(PeerCall.JOIN, write(request)), JoinAnswer.class);
    }

    /// Answers another node's question about joining or certificates; the others are not its business.
    public byte[] answer(PeerId from, PeerCall call, byte[] argument) {
        try {
            return switch (call) {
                case JOIN -> write(joinHere(read(argument, JoinRequest.class)));
                case RENEW -> write(renewHere(from.value(), new String(argument, UTF_8)));
                case AUTHORITY -> certificates.handOver(from, peer -> isVoter.test(peer.value()));
                case SIGN_USER, STATUS, DISKS, VOLUME, BLOB_PLACES, STORAGE_KEY, APPLICATION, STARTS,
                        FROZEN, TRENDS, SERVED_VOLUMES, EXAMINE, STARTED ->
                    throw new PeerRefusedException("not answered here: call=" + call);
            };
        } catch (AdmissionRefusedException | InvalidIdentityException refused) {
            throw new PeerRefusedException(String.valueOf(refused.getMessage()));
        }
    }

    private JoinAnswer joinHere(JoinRequest request) {
        JoinToken token = JoinToken.parse(request.token());
        if (!isGood.test(token)) {
            throw new AdmissionRefusedException(
                    RefusalCode.NOT_FOUND,
                            "the join token is not known, used up, or expired: token=" + token.id());
        }
        X509Certificate certificate =
                sign(request.certificateRequest(), request.name(), request.addresses().api());
        NodeDescription description =
                new NodeDescription(request.zone(), request.addresses(), false, GridCodec.LEVEL_MAX);
        propose(request.name(), new ClusterCommand.AdmitNode(
                request.name(), description, registered(certificate), token.id(),
                new Sha256(token.secret().hash().hex())));
        ClusterEntry cluster = roster.picture().cluster()
                .orElseThrow(() -> new AdmissionRefusedException(
                        RefusalCode.FORBIDDEN_STATE, "this node has not caught up with its cluster yet"));
        return new JoinAnswer(
                cluster.id(),
                Pem.ofCertificates(List.of(certificate)),
                Pem.ofCertificates(certificates.authorities()),
                nodesWith(request));
    }

    private List<JoinAnswer.Node> nodesWith(JoinRequest request) {
        List<JoinAnswer.Node> nodes = new ArrayList<>();
        for (Map.Entry<String, NodeEntry> node : roster.picture().members().entrySet()) {
            if (!node.getKey().equals(request.name())) {
                nodes.add(new JoinAnswer.Node(
                        node.getKey(), node.getValue().description().addresses(),
                                isVoter.test(node.getKey())));
            }
        }
        nodes.add(new JoinAnswer.Node(request.name(), request.addresses(), false));
        return nodes;
    }

    /// Renews this node's own certificate, through whoever holds the key.
    public RenewalAnswer renew(String self, String certificateRequest) throws IOException {
        if (certificates.holdsAuthority()) {
            return renewHere(self, certificateRequest);
        }
        return read(certificates.askHolder(PeerCall.RENEW, certificateRequest.getBytes(UTF_8)),
                RenewalAnswer.class);
    }

    private RenewalAnswer renewHere(String node, String certificateRequest) {
        NodeEntry entry = roster.picture().members().get(node);
        if (entry == null) {
            throw new AdmissionRefusedException(
                    RefusalCode.NOT_FOUND, "no member of the cluster: node=" + node);
        }
        X509Certificate certificate = sign(certificateRequest, node, entry.description().addresses().api());
        propose(node, new ClusterCommand.RenewCertificate(
                node, registered(certificate), ExpectedVersion.ANY));
        return new RenewalAnswer(
                Pem.ofCertificates(List.of(certificate)), Pem.ofCertificates(certificates.authorities()));
    }

    /// A renewed certificate, and whom to trust; both in PEM.
    public record RenewalAnswer(String certificate, String authorities) {}

    private X509Certificate sign(String certificateRequest, String name, String apiAddress) {
        CertificateRequest request = CertificateRequest.parse(certificateRequest);
        if (request.kind() != ClusterCertificate.Kind.NODE || !request.name().equals(name)) {
            throw new AdmissionRefusedException(
                    RefusalCode.INVALID,
                    "the certificate request is for another name: expected=" + name + " found="
                            + request.name());
        }
        Set<String> hosts = new LinkedHashSet<>(
                List.of(HostAndPort.parse(apiAddress).host(), "localhost", "127.0.0.1"));
        return certificates.signNode(request, name, hosts)
                .orElseThrow(() -> new AdmissionRefusedException(
                        RefusalCode.FORBIDDEN_STATE, "this node does not hold the authority's key"));
    }

    private static NodeCertificate registered(X509Certificate certificate) {
        ClusterCertificate facts = ClusterCertificate.of(certificate);
        return new NodeCertificate(
                facts.serialText(), new Sha256(Fingerprint.of(certificate)), facts.notAfter().toEpochMilli());
    }

    private void propose(String node, ClusterCommand command) {
        GridReply reply = ledger.apply(new CommandEnvelope(new Actor.Node(node), "admission", command));
        if (reply instanceof GridReply.Refused refused) {
            throw new AdmissionRefusedException(refused.code(), refused.message());
        }
    }

    private static byte[] write(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of strings is always written", e);
        }
    }

    private static <T> T read(byte[] bytes, Class<T> type) {
        try {
            return JSON.readValue(bytes, type);
        } catch (IOException e) {
            throw new PeerRefusedException(
                    "not the JSON of a " + type.getSimpleName() + ": " + e.getMessage());
        }
    }
}
