package io.holdfast.chaos.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.chaos.sandbox.Capability;
import io.holdfast.chaos.sandbox.Identity;
import io.holdfast.chaos.sandbox.Sandbox;
import io.holdfast.chaos.sandbox.Skips;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("host")
class SandboxNetworkTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final Skips skips = new Skips();

    @TempDir
    Path folder;

    @Test
    void bridgeCutsLosesAndHalvesConnections() throws Exception {
        assumeTrue(skips.has(Capability.BRIDGE, "bridge") && skips.has(Capability.PACKET_FILTER, "bridge"));
        probe(Identity.ofCaller(), WireKind.BRIDGE);
    }

    @Test
    void switchAlsoDelaysRepeatsAndDamages() throws Exception {
        assumeTrue(skips.has(Capability.TAP, "switch"));
        probe(Identity.ofCaller(), WireKind.SWITCH);
    }

    @Test
    void unprivilegedUserNamespaceIsEnough() throws Exception {
        assumeTrue(skips.has(Capability.USER_NAMESPACES, "unprivileged sandbox"));
        probe(Identity.USER_NAMESPACE, WireKind.SWITCH);
    }

    private void probe(Identity identity, WireKind kind) throws Exception {
        Path log = folder.resolve(identity + "-" + kind + ".log");
        Sandbox sandbox = new Sandbox(identity, List.of("--enable-native-access=ALL-UNNAMED", "-Xmx128m"),
                log);
        OptionalInt exit = sandbox.run(NetworkProbe.class, List.of(kind.name()), LIMIT);
        assertEquals(OptionalInt.of(0), exit, () -> read(log));
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "no log: " + e;
        }
    }
}
