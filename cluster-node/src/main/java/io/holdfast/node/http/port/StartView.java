package io.holdfast.node.http.port;

import io.holdfast.gridstate.snapshot.ApplicationKey;
import java.time.Duration;
import java.util.List;

/// How long requests waited that started an application, and what stands ready for the next ones.
/// Concurrent; blocks for at most the patience.
@FunctionalInterface
public interface StartView {
    /// The last of them, and what stands ready, at every node that answers.
    Starts starts(ApplicationKey application, Duration patience);

    /// What the nodes know.
    ///
    /// @param items the newest first
    /// @param frozen what stands ready, node by node
    /// @param silent nodes that did not answer
    record Starts(List<Start> items, List<Frozen> frozen, List<String> silent) {
        public Starts {
            items = List.copyOf(items);
            frozen = List.copyOf(frozen);
            silent = List.copyOf(silent);
        }
    }

    /// The copies that stand frozen on one node.
    ///
    /// @param residentBytes their memory, as if each had its own
    /// @param costBytes their memory, pages that several have counted once
    /// @param mergedBytes of what they have that the kernel keeps once for several
    record Frozen(String node, int count, long residentBytes, long costBytes, long mergedBytes) {}

    /// One request that found no instance ready.
    ///
    /// @param node where it was handled
    /// @param atMillis when its answer began
    /// @param kind how the instance came to be ready: `cold`, `restored` or `thawed`
    /// @param snapshot the name of the snapshot that it goes on from; empty for none
    /// @param firstByteMicros from the request to the first byte of its answer
    record Start(String node, long atMillis, String kind, String snapshot, long firstByteMicros) {}
}
