package io.holdfast.chaos.powercut;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.chaos.json.InvalidJsonException;
import io.holdfast.chaos.json.Json;
import io.holdfast.chaos.powercut.subject.Haste;
import io.holdfast.chaos.sandbox.Identity;
import io.holdfast.chaos.sandbox.Sandbox;
import io.holdfast.chaos.sandbox.Skips;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A volume and a ledger on ext4 and XFS whose power is cut; `-Dholdfast.chaos.power.cuts` says how often,
/// on both together.
@Tag("chaos")
final class PowerCutTest {
    static final List<String> JVM_OPTIONS = List.of(
            "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-Xmx1g",
            "-XX:+ExitOnOutOfMemoryError", "-XX:+UseSerialGC",
            // A short run spends more on the second compiler than it gains.
            "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData",
            "-Dlogback.configurationFile=io/holdfast/chaos/powercut/powercut-log.xml");

    private static final Logger LOG = LoggerFactory.getLogger(PowerCutTest.class);
    private static final String ASKED_FOR = "holdfast.chaos.power.cuts";
    private static final int CUT_COUNT = Integer.getInteger(ASKED_FOR, 200);
    private static final int CUT_COUNT_HASTY = 16;
    private static final long SEED = Long.getLong("holdfast.chaos.seed", 20_260_711L);
    /// For what comes before and after the run itself.
    private static final Duration GRACE = Duration.ofMinutes(1);

    /// A check that finds nothing lost on a disk that forgets what it has acknowledged would find nothing at
    /// all.
    @ParameterizedTest
    @EnumSource
    @Timeout(86_400)
    void whatWasAcknowledgedOutlivesPowerCutsAndAForgetfulDiskIsFoundOut(FileSystemKind kind)
            throws Exception {
        Json report = play(kind, (CUT_COUNT + 1) / 2, Haste.NONE);
        assertTrue(report.number("acknowledgements") > 200, report::write);
        Json found = report.member("found").orElseThrow();
        assertEquals(List.of(0L, 0L, 0L), counts(found), () -> again() + report.write());
        Json forgotten = report.member("foundOnForgetfulDisk").orElseThrow();
        assertTrue(counts(forgotten).getFirst() > 0, () -> again() + report.write());
        assertTrue(counts(forgotten).get(1) > 0, () -> again() + report.write());
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(900)
    void aProductThatAcknowledgesTooEarlyIsFoundOut(FileSystemKind kind) throws Exception {
        Json found = play(kind, CUT_COUNT_HASTY, Haste.ACKNOWLEDGES_TOO_EARLY).member("found").orElseThrow();
        assertTrue(counts(found).getFirst() > 0, found::write);
        assertTrue(counts(found).get(1) > 0, found::write);
        assertEquals(0, counts(found).get(2), found::write);
    }

    private static List<Long> counts(Json found) throws InvalidJsonException {
        return List.of(found.number("volume"), found.number("ledger"), found.number("fileSystem"));
    }

    private static Json play(FileSystemKind kind, int cutCount, Haste haste) throws Exception {
        String what = cutCount + " power cuts on " + kind;
        assumeTrue(new Skips().has(kind.capability(), what), what);
        String name = kind + "-" + haste + "-" + SEED;
        Path folder = Path.of("target", "chaos", "power", name).toAbsolutePath();
        Files.createDirectories(folder);
        Path log = folder.resolve("run.log");
        Path page = folder.resolve("report.json");
        Files.deleteIfExists(log);
        Files.deleteIfExists(folder.resolve("threads.txt"));
        Files.deleteIfExists(page);
        OptionalInt exit = new Sandbox(Identity.ofCaller(), JVM_OPTIONS, log).run(PowerCutRun.class,
                List.of(kind.name(), "" + SEED, "" + cutCount, haste.name(),
                        page.toString()),
                PowerCutRun.limit("" + cutCount).plus(GRACE));
        assertEquals(OptionalInt.of(0), exit, () -> "log=" + log + " " + again());
        Json report = Json.parse(Files.readString(page));
        LOG.info("{}: {}", what, report.write());
        return report;
    }

    private static String again() {
        return "again: mvn verify -pl chaos-tests -am -Dit.test=PowerCutTest -Dholdfast.chaos.seed=" + SEED
                + " -D" + ASKED_FOR + "=" + CUT_COUNT + "\n";
    }
}
