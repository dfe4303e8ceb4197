package io.holdfast.consensus.rocksdb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.util.Environment;

final class NativeRocksTest {
    @TempDir
    Path folder;

    @Test
    void theLibraryIsTakenFromTheFoldersThatHaveIt() throws Exception {
        Path with = Files.createDirectory(folder.resolve("with"));
        Path without = Files.createDirectory(folder.resolve("without"));
        Files.createFile(with.resolve(Environment.getJniLibraryFileName("rocksdb")));
        Path absent = folder.resolve("absent");
        String path = String.join(
                File.pathSeparator, without.toString(), "", absent.toString(), with.toString());
        assertEquals(List.of(with.toString()), NativeRocks.foldersThatHaveIt(path));
        assertEquals(List.of(), NativeRocks.foldersThatHaveIt(""));
    }
}
