package io.holdfast.node.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MemoryFolderTest {
    @TempDir
    Path directory;

    private Path memory;

    @BeforeEach
    void make() throws IOException {
        memory = Files.createDirectory(directory.resolve("memory"));
    }

    @Test
    void eachDataDirectoryHasAFolderOfItsOwn() throws Exception {
        Path first = MemoryFolder.claim(memory, data("a"), "node-1");
        assertNotEquals(first, MemoryFolder.claim(memory, data("b"), "node-1"));
        assertEquals(first, MemoryFolder.claim(memory, data("a"), "node-1"));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(first)));
    }

    @Test
    void whatANodeLeftGoesWithItsDataDirectory() throws Exception {
        Path data = data("a");
        Path folder = MemoryFolder.claim(memory, data, "node-1");
        Files.writeString(Files.createDirectory(folder.resolve("open")).resolve("pages-1.img"), "secret");
        MemoryFolder.sweep(memory);
        assertTrue(Files.exists(folder.resolve("open/pages-1.img")), "its node may start again");
        Files.delete(data);
        MemoryFolder.sweep(memory);
        assertFalse(Files.exists(folder));
    }

    @Test
    void whatOthersCanWriteToIsLeftAlone() throws Exception {
        Path data = data("a");
        Path folder = MemoryFolder.claim(memory, data, "node-1");
        Files.delete(data);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        MemoryFolder.sweep(memory);
        assertTrue(Files.exists(folder));
    }

    @Test
    void whatSomebodyElseMadeInItsPlaceIsReplaced() throws Exception {
        Path data = data("a");
        Path folder = MemoryFolder.claim(memory, data, "node-1");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.writeString(folder.resolve("planted"), "x");
        assertEquals(folder, MemoryFolder.claim(memory, data, "node-1"));
        assertFalse(Files.exists(folder.resolve("planted")));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
    }

    @Test
    void aLinkIsNotFollowed() throws Exception {
        Path home = Files.createDirectory(directory.resolve("home"));
        Path precious = Files.writeString(home.resolve("file"), "x");
        Path data = data("a");
        Path folder = MemoryFolder.claim(memory, data, "node-1");
        Files.createSymbolicLink(folder.resolve("link"), home);
        Files.createSymbolicLink(memory.resolve("holdfast-link"), home);
        Files.writeString(home.resolve("owner"), directory.resolve("nowhere").toString());
        Files.delete(data);
        MemoryFolder.sweep(memory);
        assertFalse(Files.exists(folder));
        assertTrue(Files.exists(precious));
    }

    @Test
    void whatSaysNothingOfItsOwnerIsLeftAlone() throws Exception {
        Path silent = OpenFolders.privateFolder(memory.resolve("holdfast-0"));
        Path relative = OpenFolders.privateFolder(memory.resolve("holdfast-1"));
        Files.writeString(relative.resolve("owner"), "data");
        MemoryFolder.sweep(memory);
        assertTrue(Files.exists(silent));
        assertTrue(Files.exists(relative));
    }

    private Path data(String name) throws IOException {
        return Files.createDirectories(directory.resolve(name));
    }
}
