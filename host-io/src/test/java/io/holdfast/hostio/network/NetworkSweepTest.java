package io.holdfast.hostio.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.testing.HostTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("host")
class NetworkSweepTest {
    @TempDir
    Path area;

    private static NetworkPool open(Path folder) throws IOException, InterruptedException {
        NetworkPool pool = NetworkPool.open(folder, Set.of(), 1);
        pool.fill();
        return pool;
    }

    private static boolean hasBridge(Path folder) {
        String bridge = new NetworkNames(NetworkNames.tagOf(folder), 0).bridge();
        return Files.exists(Path.of("/sys/class/net", bridge));
    }

    private static List<String> namespaces(Path folder) throws IOException {
        return new NetworkNames(NetworkNames.tagOf(folder), 0).existingNamespaces();
    }

    @Test
    void whatAKilledNodeLeftGoesOnceItsFolderIsDeleted() throws Exception {
        HostTool.require("ip", "nsenter", "sysctl");
        HostTool.requireThat(Files.isWritable(Path.of("/proc/sys/net/ipv4/ip_forward")), "needs root");
        Path killed = area.resolve("killed");
        Path alive = area.resolve("alive");
        open(killed); // Never closed: its node was killed.
        NetworkPool next = open(alive);
        assertTrue(hasBridge(killed), "its folder is still there");
        Files.delete(killed.resolve("subnet"));
        Files.delete(killed);
        // Nodes of one host that start together sweep together.
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Void>> sweeps = Collections.nCopies(4, () -> {
                NetworkSweep.run();
                return null;
            });
            for (Future<Void> sweep : threads.invokeAll(sweeps)) {
                sweep.get();
            }
        }
        assertFalse(hasBridge(killed));
        assertEquals(List.of(), namespaces(killed));
        assertEquals(1, namespaces(alive).size());
        next.destroyBridge();
        assertFalse(hasBridge(alive));
    }
}
