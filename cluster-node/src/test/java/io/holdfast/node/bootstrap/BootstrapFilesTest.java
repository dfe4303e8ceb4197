package io.holdfast.node.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.process.ProcessLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BootstrapFilesTest {
    private static final ClusterSeed SEED =
            new ClusterSeed("ab".repeat(16), "Büro", "admin", "t1", "cd".repeat(32), "0f");
    private static final KnownPeers PEERS = new KnownPeers("ab".repeat(16), List.of(
            new KnownPeers.KnownNode("n1", "h:1", "h:2", "h:3", "h:4", true),
            new KnownPeers.KnownNode("n2", "i:1", "i:2", "i:3", "i:4", false)));

    @TempDir
    Path directory;

    @Test
    void readsBackWhatWasWritten() throws IOException {
        SEED.write(directory);
        PEERS.write(directory);
        assertEquals(Optional.of(SEED), ClusterSeed.read(directory));
        assertEquals(Optional.of(PEERS), KnownPeers.read(directory));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(directory.resolve("cluster.seed"))));
    }

    @Test
    void isEmptyWhereNothingWasWrittenOrItWasDeleted() throws IOException {
        assertEquals(Optional.empty(), ClusterSeed.read(directory));
        SEED.write(directory);
        ClusterSeed.delete(directory);
        ClusterSeed.delete(directory);
        assertEquals(Optional.empty(), ClusterSeed.read(directory));
        assertEquals(Optional.empty(), KnownPeers.read(directory));
    }

    @Test
    void everyChangedByteIsNoticed() throws IOException {
        PEERS.write(directory);
        Path file = directory.resolve("cluster.peers");
        byte[] good = Files.readAllBytes(file);
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 1;
            Files.write(file, bad);
            IOException failure =
                    assertThrows(IOException.class, () -> KnownPeers.read(directory), "byte " + i);
            assertTrue(failure.getMessage().contains("cluster.peers"), failure.getMessage());
        }
    }

    @Test
    void arbitraryBytesGiveAnErrorThatNamesTheFile() throws IOException {
        long seed = 7;
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            Files.write(directory.resolve("cluster.seed"), bytes);
            IOException failure =
                    assertThrows(IOException.class, () -> ClusterSeed.read(directory), "seed=" + seed);
            assertTrue(failure.getMessage().contains("cluster.seed"), failure.getMessage());
        }
    }

    @Test
    void oneNodeAtATimeHasADataDirectory() throws IOException {
        Path data = directory.resolve("data");
        try (ProcessLock lock = DirectoryLock.acquire(data, Duration.ZERO, System::nanoTime)) {
            assertTrue(lock.isHeld());
            IOException refused = assertThrows(
                    IOException.class, () -> DirectoryLock.acquire(data, Duration.ZERO, System::nanoTime));
            assertTrue(refused.getMessage().endsWith("data.dir=" + data), refused.getMessage());
        }
        DirectoryLock.acquire(data, Duration.ZERO, System::nanoTime).close();
    }
}
