package io.holdfast.node.cli.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ContextsTest {
    private static final ClusterAccess BLUE = new ClusterAccess(List.of("a:1", "b:2"), "PEM", "secret");

    @TempDir
    private Path directory;

    @Test
    void theFirstContextIsUsedAndOthersAreChosenByName() throws Exception {
        Contexts contexts = contexts();
        assertEquals(Optional.empty(), contexts.current());
        contexts.add("blue", BLUE);
        contexts.add("green", new ClusterAccess(List.of("c:3"), "PEM", "other"));
        assertEquals(Optional.of("blue"), contexts.current());
        contexts.use("green");
        assertEquals(Optional.of("green"), contexts().current());
        assertEquals(List.of("blue", "green"), contexts().names());
        assertEquals(BLUE, contexts().access("blue"));
        contexts.remove("green");
        assertEquals(Optional.empty(), contexts().current());
    }

    @Test
    void onlyTheOwnerMayReadTheFile() throws Exception {
        contexts().add("blue", BLUE);
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
        assertFalse(BLUE.toString().contains("secret"));
    }

    @Test
    void anUnknownContextIsNotFound() {
        for (var call : List.<ThrowingCall>of(
                () -> contexts().use("x"), () -> contexts().remove("x"), () -> contexts().access("x"))) {
            CliException refused = assertThrows(CliException.class, call::run);
            assertEquals(ExitCode.NOT_FOUND, refused.exitCode());
        }
    }

    @Test
    void aDamagedFileIsSaidAndNotOverwritten() throws Exception {
        contexts().add("blue", BLUE);
        Files.writeString(file(), "{not json");
        CliException refused = assertThrows(CliException.class, () -> contexts().add("green", BLUE));
        assertEquals(ExitCode.USAGE, refused.exitCode());
        assertEquals("{not json", Files.readString(file()));
    }

    private interface ThrowingCall {
        void run() throws Exception;
    }

    private Path file() {
        return directory.resolve("holdfast").resolve("contexts.json");
    }

    private Contexts contexts() {
        return new Contexts(file());
    }
}
