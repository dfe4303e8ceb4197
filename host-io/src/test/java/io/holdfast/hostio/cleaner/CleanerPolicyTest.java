package io.holdfast.hostio.cleaner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;

final class CleanerPolicyTest {
    private static final long SEED = Long.getLong("holdfast.seed", 4);

    @Test
    void nineTenthsOfWritesToATenthCostAtMostTwoWritesEachAtFourFifthsFull() {
        SplittableRandom random = new SplittableRandom(SEED);
        CleanerSimulation simulation = new CleanerSimulation(CleanerPolicy.DEFAULT, 0.8);
        int hot = simulation.blocks() / 10;
        IntSupplier load = () -> random.nextInt(10) > 0
                ? random.nextInt(hot)
                : hot + random.nextInt(simulation.blocks() - hot);
        double amplification = simulation.writeAmplification(load);
        assertTrue(amplification <= 2.0, "write amplification " + amplification + " seed " + SEED);
    }

    @Test
    void uniformWritesCostAtMostThreePointOneEachAtFourFifthsFull() {
        SplittableRandom random = new SplittableRandom(SEED);
        CleanerSimulation simulation = new CleanerSimulation(CleanerPolicy.DEFAULT, 0.8);
        double amplification = simulation.writeAmplification(() -> random.nextInt(simulation.blocks()));
        assertTrue(amplification <= 3.1, "write amplification " + amplification + " seed " + SEED);
    }

    @Test
    void amplificationGrowsWithFullness() {
        double before = 1;
        for (double full : new double[] {0.5, 0.7, 0.85}) {
            SplittableRandom random = new SplittableRandom(SEED);
            CleanerSimulation simulation = new CleanerSimulation(CleanerPolicy.DEFAULT, full);
            double amplification = simulation.writeAmplification(() -> random.nextInt(simulation.blocks()));
            assertTrue(amplification > before, "full " + full + " amplification " + amplification);
            before = amplification;
        }
    }

    @Test
    void emptyChunksComeFirstAndFullOnesNever() {
        List<CleanerPolicy.Candidate<String>> chosen = CleanerPolicy.DEFAULT.choose(
                List.of(
                        new CleanerPolicy.Candidate<>("old, half", 50, 100, 10_000, 1),
                        new CleanerPolicy.Candidate<>("full", 99, 100, 1_000_000, 1),
                        new CleanerPolicy.Candidate<>("young, half", 50, 100, 100, 0),
                        new CleanerPolicy.Candidate<>("empty", 0, 100, 0, 0)),
                3);
        assertEquals(
                List.of("empty", "old, half", "young, half"),
                chosen.stream().map(CleanerPolicy.Candidate::chunk).toList());
    }

    @Test
    void generationsEnd() {
        assertEquals(1, CleanerPolicy.DEFAULT.nextGeneration(0));
        assertEquals(6, CleanerPolicy.DEFAULT.nextGeneration(6));
    }
}
