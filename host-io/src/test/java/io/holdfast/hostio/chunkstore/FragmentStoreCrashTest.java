package io.holdfast.hostio.chunkstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.holdfast.hostio.testing.DefectiveDisk;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Power cuts at every step. More of them: `-Dholdfast.crashes=20000000`, others: `-Dholdfast.seed=...`.
@Order(1)
@Execution(ExecutionMode.CONCURRENT)
final class FragmentStoreCrashTest {
    private static final Logger LOG = LoggerFactory.getLogger(FragmentStoreCrashTest.class);
    private static final long SEED = Long.getLong("holdfast.seed", 41);
    private static final long CRASHES = Long.getLong("holdfast.crashes", 1_000_000);
    private static final long CRASHES_PER_RUN = 5_000;

    @Test
    void whatWasAcknowledgedSurvivesEveryCrashAndNothingElseAppears() {
        check(CrashRun.Scale.LARGE, SEED, CRASHES / 20);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void theSameInSmallStores(int quarter) {
        check(CrashRun.Scale.SMALL, SEED + quarter * 1_000_000L, CRASHES / 4);
    }

    private static void check(CrashRun.Scale scale, long firstSeed, long count) {
        long start = System.nanoTime();
        long crashes = 0;
        for (long seed = firstSeed; crashes < count; seed++) {
            CrashRun run = new CrashRun(seed, scale, disk -> disk);
            String violation = run.run(CRASHES_PER_RUN);
            assertNull(violation, "replay with -Dholdfast.seed=" + seed);
            crashes += run.crashes();
        }
        long perSecond = crashes * 1_000_000_000L / (System.nanoTime() - start);
        LOG.info("crashes checked: scale={} crashes={} perSecond={} firstSeed={}",
                scale, crashes, perSecond, firstSeed);
    }

    @ParameterizedTest
    @EnumSource(DefectiveDisk.Defect.class)
    void theCheckNoticesADefect(DefectiveDisk.Defect defect) {
        String violation = null;
        for (long seed = SEED; seed < SEED + 10 && violation == null; seed++) {
            CrashRun run = new CrashRun(seed, CrashRun.Scale.LARGE, disk -> new DefectiveDisk(disk, defect));
            violation = run.run(CRASHES_PER_RUN);
        }
        assertNotNull(violation, "nothing noticed; seeds from " + SEED);
    }

    @Test
    void aSeedGivesTheSameRun() {
        CrashRun first = new CrashRun(SEED, CrashRun.Scale.LARGE, disk -> disk);
        CrashRun second = new CrashRun(SEED, CrashRun.Scale.LARGE, disk -> disk);
        assertNull(first.run(1_000));
        assertNull(second.run(1_000));
        assertEquals(first.crashes(), second.crashes());
        assertEquals(first.trace(), second.trace());
    }
}
