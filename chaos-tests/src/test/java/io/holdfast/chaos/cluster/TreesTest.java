package io.holdfast.chaos.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreesTest {
    private static final Set<PosixFilePermission> MINE =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    @TempDir
    Path folder;

    @Test
    void copyHasEverythingWithItsRightsAndGoesWhole() throws Exception {
        Path from = folder.resolve("from");
        Path secret = Files.createDirectories(from.resolve("a/b")).resolve("secret");
        Files.setPosixFilePermissions(Files.writeString(secret, "x"), MINE);
        Path to = folder.resolve("to");
        Trees.copy(from, to);
        assertEquals("x", Files.readString(to.resolve("a/b/secret")));
        assertEquals(MINE, Files.getPosixFilePermissions(to.resolve("a/b/secret")));
        Trees.delete(to);
        assertFalse(Files.exists(to));
        Trees.delete(to);
    }
}
