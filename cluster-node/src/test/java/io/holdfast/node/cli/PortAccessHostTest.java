package io.holdfast.node.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.node.identity.CertificateAuthority;
import io.holdfast.node.identity.IdentityDirectory;
import io.holdfast.node.identity.NodeIdentity;
import io.holdfast.node.testing.Await;
import io.holdfast.node.testing.Caller;
import io.holdfast.node.testing.Caller.Reception;
import io.holdfast.node.testing.HoldfastProgram;
import io.holdfast.node.testing.ListeningPorts;
import io.holdfast.node.testing.RunningCluster;
import io.holdfast.node.testing.TestCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Every port on which a node of a real cluster listens, called by everybody who does not belong.
@Tag("host")
@Timeout(300)
final class PortAccessHostTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final List<String> NODES = List.of("node-1", "node-2", "node-3");
    private static final int PORTS_OF_A_NODE = 6;
    /// At the others, who has no certificate may come with a token.
    private static final List<String> PORTS_FOR_CERTIFICATES =
            List.of("peers", "fragments", "grid", "ledger", "nbd");

    private record Port(String node, int number, boolean isNbd) {}

    @TempDir
    private Path directory;

    private RunningCluster cluster;

    @BeforeEach
    void startTheCluster() throws Exception {
        HoldfastProgram.requireBuilt();
        cluster = RunningCluster.start(directory);
    }

    @AfterEach
    void leaveNothing() throws Exception {
        if (cluster != null) {
            cluster.stop();
        }
    }

    @Test
    void noPortTakesInWhoDoesNotBelong() throws Exception {
        NodeIdentity member = identity("node-3");
        List<Port> ports = ports(NODES);
        assertEquals(NODES.size() * PORTS_OF_A_NODE, ports.size(), ports::toString);
        assertEquals(NODES.size(), ports.stream().filter(Port::isNbd).count(), ports::toString);
        Caller belongs = Caller.with("a member", member, member);
        // A port that is left waiting while the machine is busy may lose patience.
        Await.until("a member is taken in", () ->
                receivedOtherwise(ports, belongs, EnumSet.of(Reception.TAKEN_IN)).isEmpty());
        EnumSet<Reception> cut = EnumSet.of(Reception.CUT);
        for (Caller stranger : strangers(member)) {
            assertEquals(Map.of(), receivedOtherwise(ports, stranger, cut), stranger::toString);
        }
        EnumSet<Reception> refusals = EnumSet.of(Reception.CUT, Reception.TURNED_AWAY);
        for (Caller unknown : List.of(Caller.anonymous(member), Caller.plain())) {
            assertEquals(Map.of(), receivedOtherwise(ports, unknown, refusals), unknown::toString);
        }
        for (String port : PORTS_FOR_CERTIFICATES) {
            Await.until("calls without a certificate in the audit, port=" + port, () ->
                    nodesThatReported("port=" + port).containsAll(NODES));
        }

        cluster.json("node", "evict", "node-3");
        assertEquals(Map.of(), receivedOtherwise(
                ports(List.of("node-1", "node-2")),
                Caller.with("an evicted member", member, identity("node-1")),
                cut));
        Await.until("the evicted member's calls at the others in the audit", () ->
                nodesThatReported("evicted").containsAll(List.of("node-1", "node-2")));
        assertTrue(nodesThatReported("PKIX").containsAll(List.of("node-1", "node-2")), "strangers, too");
    }

    private Set<String> nodesThatReported(String reason) {
        try {
            Set<String> nodes = new HashSet<>();
            for (JsonNode each : cluster.json("audit", "refused", "--where", "reason=certificate")) {
                if (each.at("/refused/call").asText().contains(reason)) {
                    nodes.add(each.path("node").asText());
                }
            }
            return nodes;
        } catch (IOException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }

    private List<Caller> strangers(NodeIdentity member) throws IOException {
        TestCluster other = TestCluster.now("other");
        CertificateAuthority self = CertificateAuthority.create("node-3", InstantSource.system(), RANDOM);
        NodeIdentity selfSigned = new NodeIdentity(
                TestCluster.keyOf(self), self.certificate(), List.of(self.certificate()));
        return List.of(
                Caller.with("self-signed", selfSigned, member),
                Caller.with("of another cluster", other.node("node-3"), member),
                Caller.with("expired", expired(), member));
    }

    /// As this cluster's authority would have signed it two months ago.
    private NodeIdentity expired() throws IOException {
        Instant then = Instant.now().minus(Duration.ofDays(60));
        CertificateAuthority authority = IdentityDirectory.open(cluster.data("node-1").resolve("identity"))
                .loadAuthority(InstantSource.fixed(then), RANDOM)
                .orElseThrow();
        return TestCluster.of(authority).node("node-3");
    }

    private NodeIdentity identity(String node) throws IOException {
        return IdentityDirectory.open(cluster.data(node).resolve("identity")).load();
    }

    private List<Port> ports(List<String> nodes) throws IOException {
        List<Port> ports = new ArrayList<>();
        for (String node : nodes) {
            for (int number : ListeningPorts.of(cluster.pid(node))) {
                ports.add(new Port(node, number, Caller.isNbd(number)));
            }
        }
        return ports;
    }

    /// Calls all ports side by side; returns those that received the caller in another way.
    private static Map<Port, Reception> receivedOtherwise(
            List<Port> ports, Caller caller, Set<Reception> expected) {
        Map<Port, Reception> others = new ConcurrentHashMap<>();
        try (ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Port port : ports) {
                calls.execute(() -> others.put(port, caller.call(port.number(), port.isNbd())));
            }
        }
        others.values().removeAll(expected);
        return others;
    }
}
