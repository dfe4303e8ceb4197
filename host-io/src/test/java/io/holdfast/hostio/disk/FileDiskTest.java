package io.holdfast.hostio.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.hostio.testing.DiskContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FileDiskTest extends DiskContract {
    @TempDir
    private Path folder;

    @Override
    protected Disk disk() {
        return FileDisk.open(folder.resolve("disk"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "../x", "a/b", "/x", ".hidden"})
    void refusesNamesThatLeaveTheFolder(String name) {
        assertThrows(IllegalArgumentException.class, () -> disk().open(name));
    }

    @Test
    void aFolderThatWasReplacedIsAGoneDisk() throws IOException {
        Disk disk = disk();
        Files.move(folder.resolve("disk"), folder.resolve("elsewhere"));
        assertThrows(DiskGoneException.class, () -> disk.create("a", 1));
        Files.createDirectory(folder.resolve("disk"));
        assertThrows(DiskGoneException.class, () -> disk.open("a"));
    }

    @Test
    void theKernelsTextsBecomeStates() {
        assertKind(DiskFullException.class, "No space left on device");
        assertKind(DiskFullException.class, "Disk quota exceeded");
        assertKind(DiskReadOnlyException.class, "x: Read-only file system");
        assertKind(DiskGoneException.class, "No such device or address");
        assertKind(DiskIoException.class, "Input/output error");
        assertEquals(
                "disk operation failed: operation=write path=/x cause=Input/output error",
                translate("Input/output error").getMessage());
    }

    private static void assertKind(Class<? extends DiskException> kind, String text) {
        assertInstanceOf(kind, translate(text));
    }

    private static DiskException translate(String text) {
        return DiskFailures.translate("write", Path.of("/x"), new IOException(text));
    }
}
