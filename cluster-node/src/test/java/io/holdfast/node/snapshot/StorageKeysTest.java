package io.holdfast.node.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StorageKeysTest {
    @TempDir
    private Path folder;

    private final AtomicReference<String> agreed = new AtomicReference<>("");

    @Test
    void theFirstNodeDrawsItAndTheOthersGetItFromThere() throws IOException {
        StorageKeys first = keys("a", List.of());
        byte[] key = first.key();
        assertEquals(32, key.length);
        assertArrayEquals(key, keys("b", List.of(new byte[32], key)).key());
        assertArrayEquals(key, keys("b", List.of()).key(), "kept");
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(folder.resolve("b/storage.key"))));
    }

    @Test
    void aKeyOfAnotherDigestIsNotTaken() {
        byte[] _ = keys("a", List.of()).key();
        StorageKeys second = keys("b", List.of(new byte[32]));
        assertThrows(UnavailableException.class, second::key);
        assertTrue(second.held().isEmpty());
    }

    @Test
    void whoLosesTheDrawTakesTheWinnersKey() {
        StorageKeys winner = keys("a", List.of());
        StorageKeys loser = new StorageKeys(
                folder.resolve("b/storage.key"),
                () -> Optional.of(agreed.get()).filter(digest -> !digest.isEmpty()),
                digest -> agree(winner, digest),
                () -> List.of(winner.key()));
        assertArrayEquals(loser.key(), winner.key());
    }

    private boolean agree(StorageKeys winner, String digest) {
        byte[] _ = winner.key();
        return agreed.get().equals(digest);
    }

    private StorageKeys keys(String node, List<byte[]> others) {
        return new StorageKeys(
                folder.resolve(node + "/storage.key"),
                () -> Optional.of(agreed.get()).filter(digest -> !digest.isEmpty()),
                digest -> agreed.compareAndSet("", digest),
                () -> others);
    }
}
