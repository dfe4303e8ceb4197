package io.holdfast.chaos.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ModelRunTest {
    private static final long SEED = Long.getLong("holdfast.chaos.seed", 20260105L);
    private static final int RUN_COUNT = Integer.getInteger("holdfast.chaos.model.runs", 40);

    @Test
    void modelWithoutABugPassesEveryChecker() {
        long operations = 0;
        for (int i = 0; i < RUN_COUNT; i++) {
            ModelRun.Result result = ModelRun.of(SEED + i, Bug.NONE);
            assertTrue(result.isPassed(), "seed=" + (SEED + i) + " " + result.verdicts());
            operations += result.operationCount();
        }
        assertTrue(operations > RUN_COUNT * 500L, "too little was tried, operations=" + operations);
    }

    @Test
    void sameSeedDoesTheSame() {
        assertEquals(ModelRun.of(SEED, Bug.NONE), ModelRun.of(SEED, Bug.NONE));
        assertNotEquals(ModelRun.of(SEED, Bug.NONE).trace(), ModelRun.of(SEED + 1, Bug.NONE).trace());
    }
}
