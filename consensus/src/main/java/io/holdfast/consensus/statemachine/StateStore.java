package io.holdfast.consensus.statemachine;

import io.holdfast.consensus.LogIndex;
import java.util.function.Function;

/// The stored state of one group on one peer. Concurrent: any thread may read.
public interface StateStore extends StateReader {
    /// The newest entry whose writes are visible.
    LogIndex appliedIndex();

    /// Runs reads that all see the state after one and the same entry. The view must not outlive the call.
    <T> T readConsistently(Function<StateView, T> reads);

    /// The state after one entry.
    interface StateView extends StateReader {
        LogIndex appliedIndex();
    }
}
