package io.holdfast.node.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// Changes a property that every test reads.
@Isolated
final class TemporaryFolderTest {
    private final String before = System.getProperty("java.io.tmpdir");

    @TempDir
    private Path data;

    @AfterEach
    void giveBack() {
        System.setProperty("java.io.tmpdir", before);
    }

    @Test
    void whatAKilledProcessLeftIsGoneAndNothingElse() throws IOException {
        Path kept = Files.writeString(data.resolve("kept"), "here");
        Path first = TemporaryFolder.use(data);
        Files.createDirectories(first.resolve("cache/deep"));
        Files.writeString(first.resolve("cache/deep/native.so"), "code");
        Files.createSymbolicLink(first.resolve("link"), data);

        Path second = TemporaryFolder.use(data);
        assertEquals(first, second);
        assertEquals(second.toString(), System.getProperty("java.io.tmpdir"));
        try (Stream<Path> left = Files.list(second)) {
            assertEquals(List.of(), left.toList());
        }
        assertTrue(Files.exists(kept));
    }
}
