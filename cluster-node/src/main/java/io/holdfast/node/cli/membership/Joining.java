package io.holdfast.node.cli.membership;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.node.bootstrap.KnownPeers;
import io.holdfast.node.cli.client.ApiClient;
import io.holdfast.node.cli.client.ApiRequest;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import io.holdfast.node.config.NodeConfig;
import io.holdfast.node.identity.CertificateRequest;
import io.holdfast.node.identity.ClusterCertificate;
import io.holdfast.node.identity.IdentityDirectory;
import io.holdfast.node.identity.InvalidIdentityException;
import io.holdfast.node.identity.JoinToken;
import io.holdfast.node.identity.NodeIdentity;
import io.holdfast.node.identity.Pem;
import io.holdfast.node.identity.PinnedAuthority;
import java.io.IOException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Lets a node join a cluster: it recognises the cluster by the token, proves that it holds its key, and
/// gets its certificate. Stateless.
public final class Joining {
    private Joining() {}

    /// Asks the cluster for a join token, good for one node.
    public static String createToken(ApiClient client, String note) throws CliException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("note", note);
        return client.call(ApiRequest.post("/join-tokens", body)).path("token").asText();
    }

    /// Joins through the node whose API is at `address`.
    public static void join(
            NodeConfig config, String tokenText, String address, SecureRandom random, Duration timeout)
            throws CliException, IOException {
        IdentityDirectory directory = IdentityDirectory.open(config.dataDirectory().resolve("identity"));
        if (directory.exists()) {
            throw new CliException(
                    ExitCode.CONFLICT,
                    "the node already belongs to a cluster: data.dir=" + config.dataDirectory(),
                    "start it with 'holdfast node run', or choose another data.dir");
        }
        JoinToken token = parse(tokenText);
        PinnedAuthority pinned = new PinnedAuthority(token);
        KeyPair pair = CertificateRequest.generateKeyPair(random);
        try (ApiClient client = ApiClient.trusting(pinned, List.of(address), timeout)) {
            JsonNode answer = client.call(ApiRequest.post("/join", requestOf(config, tokenText, pair)));
            List<X509Certificate> authorities = Pem.certificates(answer.path("authorities").asText());
            X509Certificate certificate = Pem.certificates(answer.path("certificate").asText()).getFirst();
            peersOf(answer).write(config.dataDirectory());
            directory.store(new NodeIdentity(pair.getPrivate(), certificate, authorities));
        }
    }

    private static JoinToken parse(String text) throws CliException {
        try {
            return JoinToken.parse(text);
        } catch (InvalidIdentityException malformed) {
            throw new CliException(
                    ExitCode.USAGE,
                    "this is not a join token: " + malformed.getMessage(),
                    "make one with 'holdfast token create' where you are logged in to the cluster",
                    malformed);
        }
    }

    private static ObjectNode requestOf(NodeConfig config, String token, KeyPair pair) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("token", token);
        body.put("name", config.name());
        body.put("zone", config.zone());
        ObjectNode addresses = body.putObject("addresses");
        addresses.put("api", config.network().apiAddress());
        addresses.put("peer", config.network().peerAddress());
        addresses.put("raft", config.network().raftAddress());
        addresses.put("grid", config.network().gridAddress());
        body.put(
                "certificateRequest",
                CertificateRequest.create(ClusterCertificate.Kind.NODE, config.name(), pair));
        return body;
    }

    private static KnownPeers peersOf(JsonNode answer) {
        List<KnownPeers.KnownNode> nodes = new ArrayList<>();
        for (JsonNode node : answer.path("nodes")) {
            JsonNode addresses = node.path("addresses");
            nodes.add(new KnownPeers.KnownNode(
                    node.path("name").asText(),
                    addresses.path("api").asText(),
                    addresses.path("peer").asText(),
                    addresses.path("raft").asText(),
                    addresses.path("grid").asText(),
                    node.path("isVoter").asBoolean()));
        }
        return new KnownPeers(answer.path("clusterId").asText(), nodes);
    }
}
