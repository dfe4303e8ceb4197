package io.holdfast.chaos.report;

import io.holdfast.chaos.history.History;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import java.util.ArrayList;
import java.util.List;

/// How many operations ended in one slice of time.
public record Sample(long fromNanos, int okCount, int failedCount, int unknownCount) {
    /// Counts the history's operations by when they ended.
    ///
    /// @param sliceNanos length of each slice
    public static List<Sample> of(History<?, ?> history, long fromNanos, long toNanos, long sliceNanos) {
        int count = Math.toIntExact((toNanos - fromNanos) / sliceNanos + 1);
        int[][] counts = new int[count][3];
        for (Operation<?, ?> operation : history.operations()) {
            long slice = (operation.completedNanos() - fromNanos) / sliceNanos;
            if (slice >= 0 && slice < count) {
                counts[(int) slice][column(operation.outcome())]++;
            }
        }
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            samples.add(new Sample(fromNanos + i * sliceNanos, counts[i][0], counts[i][1], counts[i][2]));
        }
        return samples;
    }

    private static int column(Outcome<?> outcome) {
        return switch (outcome) {
            case Outcome.Ok<?> _ -> 0;
            case Outcome.Failed<?> _ -> 1;
            case Outcome.Unknown<?> _ -> 2;
        };
    }
}
