package io.holdfast.chaos.mutant.subject;

import io.holdfast.chaos.checker.Verdict;
import io.holdfast.chaos.checker.Violation;
import io.holdfast.chaos.mutant.Mutant;
import io.holdfast.hostio.volume.VolumeCrashRun;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A volume over three hosts that lose power again and again, with snapshots and cleaning. Confined to one
/// thread.
public final class VolumeSubject implements Mutant.Subject {
    /// A block, or the volume, was not what it had been said to be.
    public static final String PROMISE_BROKEN = "volume-promise-broken";

    private static final int CRASH_COUNT = 60;

    @Override
    public List<Verdict> run(long seed) {
        String wrong = wrongIn(seed);
        return List.of(wrong == null
                ? new Verdict.Passed("volume", CRASH_COUNT)
                : new Verdict.Violated("volume", CRASH_COUNT,
                        List.of(new Violation(PROMISE_BROKEN, "volume", wrong)), 1));
    }

    private static @Nullable String wrongIn(long seed) {
        try {
            return new VolumeCrashRun(seed, 0).run(CRASH_COUNT);
        } catch (RuntimeException | AssertionError e) {
            return "the volume stopped: " + e;
        }
    }
}
