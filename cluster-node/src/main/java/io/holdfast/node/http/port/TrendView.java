package io.holdfast.node.http.port;

import java.time.Duration;
import java.util.List;

/// What the cluster did lately, so that a chart does not begin empty. Concurrent; blocks for at most the
/// patience.
@FunctionalInterface
public interface TrendView {
    /// What all nodes that answer did together.
    Trends trends(Duration patience);

    /// What is known.
    ///
    /// @param items a sample every few seconds, the oldest first
    /// @param silent nodes that did not answer
    record Trends(List<Sample> items, List<String> silent) {
        public Trends {
            items = List.copyOf(items);
            silent = List.copyOf(silent);
        }
    }

    /// A few seconds.
    ///
    /// @param atMillis their end
    /// @param applied the newest ledger index that was applied then
    /// @param reads of volumes, per second, and so on
    /// @param readsP99Micros within which nearly all reads were, at most twice too many; 0 without any
    record Sample(
            long atMillis,
            long applied,
            double reads,
            double readBytes,
            double writes,
            double writtenBytes,
            long readsP99Micros,
            long writesP99Micros) {}
}
