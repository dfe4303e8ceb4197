package io.holdfast.node.cli.tour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.node.cli.tour.FolderFiles.FileRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FolderFilesTest {
    private static final String SHA256_OF_ABC =
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    private Path folder;

    @Test
    void filesAreReadInTheOrderOfTheirPathsAndLinksArePassedOver() throws Exception {
        Files.createDirectories(folder.resolve("b"));
        Files.writeString(folder.resolve("b").resolve("x"), "abc");
        Files.writeString(folder.resolve("a"), "");
        Files.createSymbolicLink(folder.resolve("c"), folder.resolve("a"));
        FolderFiles files = FolderFiles.read(folder);
        assertEquals(List.of("a", "b/x"), files.files().stream().map(FileRecord::path).toList());
        assertEquals(SHA256_OF_ABC, files.files().getLast().sha256());
        assertEquals(3, files.sizeBytes());
        assertFalse(files.isCut());
    }

    @Test
    void aFileThatHasChangedHasAnotherDigest() throws Exception {
        Files.writeString(folder.resolve("a"), "abc");
        FolderFiles files = FolderFiles.read(folder);
        Files.writeString(folder.resolve("a"), "abd");
        assertNotEquals(SHA256_OF_ABC, files.digestNow(files.files().getFirst()));
    }

    @Test
    void moreFilesThanTheBoundAreCutAndItIsSaid() throws Exception {
        for (int i = 0; i <= FolderFiles.FILES_MAX; i++) {
            Files.createFile(folder.resolve(FileEntries.keyOf(i).replace('/', '-')));
        }
        FolderFiles files = FolderFiles.read(folder);
        assertEquals(FolderFiles.FILES_MAX, files.files().size());
        assertTrue(files.isCut());
    }
}
