package io.holdfast.hostio.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.holdfast.hostio.process.ProcessRun;
import io.holdfast.hostio.testing.HostTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("host")
final class NodeBridgeTest {
    private static final int NODE_COUNT = 4;

    @TempDir
    private Path area;

    private List<Path> folders;

    @BeforeEach
    void findFoldersThatWouldTakeTheSameSubnet() throws IOException {
        HostTool.require("ip");
        HostTool.requireThat(Files.isWritable(Path.of("/proc/sys/net/ipv4/ip_forward")), "needs root");
        List<Path> found = new ArrayList<>();
        for (int i = 0; found.size() < NODE_COUNT; i++) {
            Path folder = area.resolve("node-" + i);
            if (Math.floorMod(NetworkNames.tagOf(folder).hashCode(), NetworkNames.SUBNET_COUNT) == 7) {
                found.add(Files.createDirectories(folder));
            }
        }
        folders = List.copyOf(found);
    }

    @AfterEach
    void removeBridges() throws Exception {
        for (Path folder : folders) {
            ProcessRun.of("ip", "link", "del", bridgeOf(folder)).run();
        }
    }

    @Test
    void nodesThatStartTogetherTakeDifferentSubnets() throws Exception {
        List<Future<NetworkNames>> opened;
        try (ExecutorService starts = Executors.newVirtualThreadPerTaskExecutor()) {
            opened = starts.invokeAll(folders.stream().<Callable<NetworkNames>>map(folder ->
                    () -> NodeBridge.open(folder, Set.of())).toList());
        }
        Set<Integer> subnets = new HashSet<>();
        for (Future<NetworkNames> each : opened) {
            subnets.add(each.get().subnet());
        }
        assertEquals(NODE_COUNT, subnets.size(), subnets.toString());
    }

    @Test
    void aNodeKeepsItsSubnetUnlessAnotherHasItToo() throws Exception {
        NetworkNames first = NodeBridge.open(folders.get(0), Set.of());
        assertEquals(first, NodeBridge.open(folders.get(0), Set.of()));

        // As former versions left it, when both had looked at the same moment.
        Files.copy(folders.get(0).resolve("subnet"), folders.get(1).resolve("subnet"));
        assertEquals(first.subnet(), NodeBridge.open(folders.get(1), Set.of(5)).subnet(), "containers run");
        NetworkNames second = NodeBridge.open(folders.get(1), Set.of());
        assertNotEquals(first.subnet(), second.subnet());
        assertEquals(List.of(second.gateway()), addressesOf(folders.get(1)));
        assertEquals(second, NodeBridge.open(folders.get(1), Set.of()));
    }

    @Test
    void whatWasLeftHalfMadeIsMadeWhole() throws Exception {
        ProcessRun.of("ip", "link", "add", bridgeOf(folders.get(0)), "type", "bridge").run().orThrow();
        Files.writeString(folders.get(0).resolve("subnet"), "");
        NetworkNames names = NodeBridge.open(folders.get(0), Set.of());
        assertEquals(List.of(names.gateway()), addressesOf(folders.get(0)));
        assertEquals(names.subnet() + "\n", Files.readString(folders.get(0).resolve("subnet")));
    }

    private static String bridgeOf(Path folder) {
        return new NetworkNames(NetworkNames.tagOf(folder), 0).bridge();
    }

    private static List<String> addressesOf(Path folder) throws Exception {
        return ProcessRun.of("ip", "-o", "-4", "addr", "show", "dev", bridgeOf(folder)).run().orThrow()
                .output().lines()
                .map(line -> line.strip().split("\\s+", -1)[3].split("/", 2)[0])
                .toList();
    }
}
