package io.holdfast.chaos.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.chaos.nativeaccess.Signal;
import io.holdfast.chaos.network.WireKind;
import io.holdfast.chaos.pace.Await;
import io.holdfast.chaos.pace.Pause;
import io.holdfast.chaos.process.Command;
import io.holdfast.chaos.process.RunningProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Tag("host")
@Isolated("whatever others have on this host would be taken for what was left behind")
class SandboxKillTest {
    private static final int KILL_COUNT = Integer.getInteger("holdfast.chaos.harness.kills", 4);
    private static final long SEED = Long.getLong("holdfast.chaos.seed", 20260103L);
    private static final int KILL_AFTER_MILLIS_MAX = 2_000;
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final List<String> NAMESPACE_KINDS = List.of("net", "mnt", "pid");

    @TempDir
    Path folder;

    @Test
    @Timeout(1_800)
    void harnessKilledAtAnyMomentLeavesNothing() throws Exception {
        assumeTrue(new Skips().has(Capability.PACKET_FILTER, "kills of the harness"));
        List<WireKind> wires = new Skips().has(Capability.TAP, "kills of the harness with a switch")
                ? List.of(WireKind.BRIDGE, WireKind.SWITCH) : List.of(WireKind.BRIDGE);
        SplittableRandom random = new SplittableRandom(SEED);
        Set<String> linksBefore = links();
        for (int round = 0; round < KILL_COUNT; round++) {
            String mark = "occupant-" + ProcessHandle.current().pid() + "-" + round;
            // The first waits until the sandbox is whole, so that there is something to leave behind.
            long killAfterMillis = round == 0 ? -1 : random.nextInt(KILL_AFTER_MILLIS_MAX);
            String what = "seed=" + SEED + ", round=" + round + ", killAfterMillis=" + killAfterMillis;
            Set<String> namespaces = killHarness(mark, wires.get(round % wires.size()), killAfterMillis);
            Await.real().untilTrue("the end of all processes of the sandbox, " + what, LIMIT,
                    () -> marked(mark).isEmpty());
            // Also those that bear no mark, such as a child of a shell.
            Await.real().untilTrue("nobody left in the sandbox's namespaces, " + what, LIMIT,
                    () -> inhabitants(namespaces).isEmpty());
            assertFalse(Files.readString(Path.of("/proc/self/mountinfo")).contains(mark), what);
            assertFalse(Files.exists(Path.of("/dev/shm", mark)), what);
            assertEquals(Set.of(), namesOfNodes(), what);
        }
        Set<String> linksAfter = links();
        linksAfter.removeAll(linksBefore);
        assertTrue(linksAfter.stream().noneMatch(link -> link.startsWith("port")), linksAfter.toString());
    }

    /// Kills it after some time.
    ///
    /// @return the namespaces that its sandbox had by then
    private Set<String> killHarness(String mark, WireKind wire, long afterMillis) throws Exception {
        Command victim = Command.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m",
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                KillVictim.class.getName(), mark, folder.resolve(mark + ".log").toString(), wire.name());
        try (RunningProcess harness = RunningProcess.start(victim.loggedTo(folder.resolve("victims.log")))) {
            if (afterMillis < 0) {
                Await.real().untilTrue("a whole sandbox", LIMIT,
                        () -> marked("sleep 60; : " + mark).size() >= 2);
            } else {
                Pause.REAL.of(Duration.ofMillis(afterMillis));
            }
            Set<String> namespaces = new TreeSet<>();
            marked(mark).forEach(line -> namespaces.addAll(
                    namespacesOf(Path.of("/proc", line.substring(0, line.indexOf(' '))))));
            namespaces.removeAll(namespacesOf(Path.of("/proc/self")));
            harness.signal(Signal.KILL);
            assertTrue(harness.await(LIMIT).isPresent());
            assertTrue(afterMillis >= 0 || namespaces.size() > NAMESPACE_KINDS.size(), namespaces.toString());
            return namespaces;
        }
    }

    private static Set<String> namespacesOf(Path process) {
        Set<String> found = new TreeSet<>();
        for (String kind : NAMESPACE_KINDS) {
            try {
                found.add(Files.readSymbolicLink(process.resolve("ns").resolve(kind)).toString());
            } catch (IOException e) {
                // It ended while we looked, or is another user's.
            }
        }
        return found;
    }

    private static List<Path> inhabitants(Set<String> namespaces) {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes.filter(path -> path.getFileName().toString().matches("\\d+"))
                    .filter(path -> namespacesOf(path).stream().anyMatch(namespaces::contains))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Processes whose command line bears the mark, on the whole host.
    private static List<String> marked(String mark) {
        List<String> found = new ArrayList<>();
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            processes.filter(path -> path.getFileName().toString().matches("\\d+")).forEach(path -> {
                String line = commandLine(path);
                if (line.contains(mark)) {
                    found.add(path.getFileName() + " " + line);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static String commandLine(Path process) {
        try {
            return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1).replace('\0',
                    ' ');
        } catch (IOException e) {
            // It ended while we looked.
            return "";
        }
    }

    private static Set<String> links() throws IOException {
        return names(Path.of("/sys/class/net"), "");
    }

    private static Set<String> namesOfNodes() throws IOException {
        return names(Path.of("/run/netns"), "node");
    }

    private static Set<String> names(Path folder, String prefix) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Set.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            Set<String> names = new TreeSet<>();
            entries.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith(prefix))
                    .forEach(names::add);
            return names;
        }
    }
}
