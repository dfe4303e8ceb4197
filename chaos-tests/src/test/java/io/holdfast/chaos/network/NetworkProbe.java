package io.holdfast.chaos.network;

import io.holdfast.chaos.pace.Await;
import io.holdfast.chaos.process.Command;
import io.holdfast.chaos.process.RunningProcess;
import io.holdfast.chaos.sandbox.Lifeline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs inside a sandbox: lays each kind of fault on a network of three nodes and looks who reaches whom.
public final class NetworkProbe {
    private static final Logger LOG = LoggerFactory.getLogger(NetworkProbe.class);
    private static final List<String> NODES = List.of("a", "b", "c");
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final SandboxNetwork network;

    private NetworkProbe(SandboxNetwork network) {
        this.network = network;
    }

    public static void main(String[] arguments) throws Exception {
        Lifeline.watch(System.in);
        WireKind kind = WireKind.valueOf(arguments[0]);
        try (SandboxNetwork network = SandboxNetwork.open(NODES, kind, 1)) {
            List<RunningProcess> processes = new ArrayList<>();
            for (String node : NODES) {
                processes.add(RunningProcess.start(network.inside(node, echoNode())));
            }
            NetworkProbe probe = new NetworkProbe(network);
            probe.cuts();
            probe.halfOpen();
            probe.loss();
            if (kind == WireKind.SWITCH) {
                probe.delays();
            }
            for (RunningProcess process : processes) {
                process.close();
            }
        }
        System.exit(0);
    }

    private static Command echoNode() {
        return Command.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "-cp", System.getProperty("java.class.path"), EchoNode.class.getName());
    }

    private void cuts() throws Exception {
        expect("-11 1-1 11-");
        LinkFaults.Laid cut = network.faults().lay(Map.of(
                new Link("a", "b"), LinkCondition.CUT, new Link("b", "a"), LinkCondition.CUT));
        expect("-01 0-1 11-");
        LinkFaults.Laid oneWay = network.faults().lay(Map.of(new Link("c", "a"), LinkCondition.CUT));
        expect("-00 0-1 01-");
        cut.remove();
        expect("-10 1-1 01-");
        oneWay.remove();
        expect("-11 1-1 11-");
    }

    private void halfOpen() throws Exception {
        say("a", "hold " + network.addressOf("b"));
        awaitHeld("1");
        LinkFaults.Laid halfOpen = network.faults().lay(Map.of(new Link("a", "b"), LinkCondition.HALF_OPEN));
        say("a", "release");
        // A connection made and ended towards c proves that the close above has been sent and not arrived.
        say("a", "hold " + network.addressOf("c"));
        say("a", "release");
        check("half open connection is still held", "1", say("b", "held"));
        halfOpen.remove();
        awaitHeld("0");
    }

    private void loss() throws Exception {
        LinkFaults.Laid allLost = network.faults().lay(Map.of(new Link("a", "b"),
                LinkCondition.lossy(1_000)));
        expect("-01 0-1 11-");
        allLost.remove();
        expect("-11 1-1 11-");
    }

    private void delays() throws Exception {
        LinkFaults.Laid slow = network.faults().lay(Map.of(new Link("a", "b"), LinkCondition.slow(60_000,
                20_000)));
        long start = System.nanoTime();
        check("slow link works", "echo", say("a", "ask " + network.addressOf("b")));
        long millis = (System.nanoTime() - start) / 1_000_000;
        check("handshake and request are late, millis=" + millis, "true", "" + (millis >= 120));
        slow.remove();
        LinkFaults.Laid unreliable = network.faults().lay(Map.of(new Link("a", "b"),
                LinkCondition.unreliable(300, 50)));
        Await.real().untilTrue("an answer over an unreliable link", LIMIT,
                () -> say("a", "ask " + network.addressOf("b")).equals("echo"));
        unreliable.remove();
        LinkFaults.Laid narrow = network.faults().lay(Map.of(new Link("a", "b"),
                LinkCondition.narrow(200_000)));
        check("narrow link works", "echo", say("a", "ask " + network.addressOf("b")));
        narrow.remove();
        expect("-11 1-1 11-");
    }

    private void awaitHeld(String count) throws Exception {
        Await.real().untilTrue("held=" + count, LIMIT, () -> say("b", "held").equals(count));
    }

    private void expect(String matrix) throws Exception {
        Await.real().untilTrue("reachability " + matrix, LIMIT, () -> matrix().equals(matrix));
        LOG.warn("reachability as expected: {}", matrix);
    }

    private String matrix() {
        List<String> rows = new ArrayList<>();
        for (String from : NODES) {
            StringBuilder row = new StringBuilder();
            for (String to : NODES) {
                row.append(from.equals(to) ? '-' : reaches(from, to));
            }
            rows.add(row.toString());
        }
        return String.join(" ", rows);
    }

    private char reaches(String from, String to) {
        return say(from, "ask " + network.addressOf(to)).equals("echo") ? '1' : '0';
    }

    private String say(String node, String line) {
        return EchoNode.say(network.addressOf(node), line, 3_000);
    }

    private static void check(String what, String expected, String actual) {
        if (!expected.equals(actual)) {
            throw new AssertionError(what + ": expected " + expected + ", was " + actual);
        }
    }
}
