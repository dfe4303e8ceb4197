package io.holdfast.consensus.rocksdb;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NativeRocksTest {
    @TempDir
    Path folder;

    @Test
    void theLibraryIsTakenFromAFolderOfTheLibraryPathThatHasIt() throws Exception {
        Path with = Files.createDirectory(folder.resolve("with"));
        Path without = Files.createDirectory(folder.resolve("without"));
        Files.createFile(with.resolve("librocksdbjni.so"));
        String both = String.join(File.pathSeparator, without.toString(), "", with.toString());
        assertTrue(NativeRocks.isOn(both));
        assertFalse(NativeRocks.isOn(without.toString()));
        assertFalse(NativeRocks.isOn(""));
    }
}
