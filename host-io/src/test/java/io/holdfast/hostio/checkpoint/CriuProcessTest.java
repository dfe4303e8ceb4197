package io.holdfast.hostio.checkpoint;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.process.InheritingProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A program in CRIU's place, which needs the right to mount.
@Tag("host")
final class CriuProcessTest {
    @TempDir
    private Path folder;

    @Test
    void oneThatWasKilledIsNotWaitedForThoughWhatItStartedHasItsSocket() throws Exception {
        try (CriuProcess criu = start("sleep 60 & kill -9 $$")) {
            CriuException told = assertThrows(CriuException.class, () ->
                    criu.call(new byte[1], (_, _) -> true, Duration.ofSeconds(30)));
            assertTrue(String.valueOf(told.getMessage()).startsWith("criu has ended without an answer"),
                    told.getMessage());
        }
    }

    @Test
    void oneThatIsSilentIsWaitedForUntilTheDeadline() throws Exception {
        try (CriuProcess criu = start("exec sleep 60")) {
            CriuException told = assertThrows(CriuException.class, () ->
                    criu.call(new byte[1], (_, _) -> true, Duration.ofMillis(300)));
            assertTrue(String.valueOf(told.getMessage()).contains("by the deadline"), told.getMessage());
            criu.kill();
        }
    }

    private CriuProcess start(String script) throws IOException {
        Path program = Files.writeString(folder.resolve("criu"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path temporary = Files.createDirectories(folder.resolve("temporary"));
        if (folder.startsWith("/tmp")) {
            Files.createDirectories(temporary.resolve(Path.of("/tmp").relativize(folder)));
        }
        return CriuProcess.start(program, new InheritingProcess.Isolation(temporary, folder), List.of());
    }
}
