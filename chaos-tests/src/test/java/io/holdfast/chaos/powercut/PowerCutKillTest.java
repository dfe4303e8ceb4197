package io.holdfast.chaos.powercut;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.chaos.nativeaccess.Signal;
import io.holdfast.chaos.pace.Await;
import io.holdfast.chaos.process.Command;
import io.holdfast.chaos.process.RunningProcess;
import io.holdfast.chaos.sandbox.Skips;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("chaos")
@Isolated("whatever others have on this host would be taken for what was left behind")
final class PowerCutKillTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    /// Once while the product works on the recorded device, once while what cuts left is checked.
    @ParameterizedTest
    @CsvSource({"EXT4,recording-", "XFS,cut-"})
    @Timeout(300)
    void harnessKilledLeavesNoDeviceNoMountAndNoProcess(FileSystemKind kind, String phase) throws Exception {
        assumeTrue(new Skips().has(kind.capability(), "kill of a harness that cuts power on " + kind));
        // Names devices and processes apart from everybody else's.
        String mark = "" + ThreadLocalRandom.current().nextLong(1L << 60, 1L << 62);
        Command victim = Command.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m",
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                PowerCutVictim.class.getName(), kind.name(), mark, folder.toString());
        try (RunningProcess harness = RunningProcess.start(victim.loggedTo(folder.resolve("harness.log")))) {
            Await.real().untilTrue("a device of " + phase, LIMIT, () -> hasDevice(phase + mark));
            assertTrue(hasProcess(mark));
            harness.signal(Signal.KILL);
            assertTrue(harness.await(LIMIT).isPresent());
        }
        Await.real().untilTrue("the end of all processes", LIMIT, () -> !hasProcess(mark));
        Await.real().untilTrue("the end of all devices", LIMIT, () -> !hasDevice(mark));
        assertFalse(Files.readString(Path.of("/proc/self/mountinfo")).contains(mark));
    }

    private static boolean hasDevice(String name) {
        return anyHas(Path.of("/sys/block"), Path.of("loop", "backing_file"), name);
    }

    private static boolean hasProcess(String mark) {
        return anyHas(Path.of("/proc"), Path.of("cmdline"), mark);
    }

    /// Whether such a file in any of the folder's folders contains the text.
    private static boolean anyHas(Path folder, Path file, String text) {
        try (Stream<Path> entries = Files.list(folder)) {
            List<Path> files = entries.map(entry -> entry.resolve(file)).toList();
            return files.stream().flatMap(path -> read(path).stream()).anyMatch(it -> it.contains(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            // There is none, or it ended while we looked.
            return Optional.empty();
        }
    }
}
