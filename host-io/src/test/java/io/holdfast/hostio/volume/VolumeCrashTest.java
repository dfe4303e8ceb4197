package io.holdfast.hostio.volume;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

/// Replay one seed with `-Dholdfast.seed=N`.
final class VolumeCrashTest {
    private static final long SEED = Long.getLong("holdfast.seed", 20_260_101L);
    private static final int CRASHES = 200;

    @Test
    void nothingAcknowledgedIsLostHoweverAllHostsLosePower() {
        System.getLogger("volume-crash").log(System.Logger.Level.INFO, "seed={0}", SEED);
        assertNull(new VolumeCrashRun(SEED, 0).run(CRASHES), "seed " + SEED);
    }

    @Test
    void nothingAcknowledgedIsLostWithAHostLessAfterwards() {
        System.getLogger("volume-crash").log(System.Logger.Level.INFO, "seed={0}", SEED + 1);
        assertNull(new VolumeCrashRun(SEED + 1, 1).run(CRASHES / 2), "seed " + (SEED + 1));
    }

    @Test
    void theCheckNoticesAPromiseThatIsNotKept() {
        assertNotNull(new VolumeCrashRun(SEED + 2, 0).overclaiming().run(CRASHES), "seed " + (SEED + 2));
    }
}
