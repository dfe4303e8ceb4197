package io.holdfast.hostio.chunkstore;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// Changes that wait for space on the disk, and those behind them that concern the same fragments; all
/// others go past. Bounded like the inbox they came from. Confined to the committer thread.
final class Postponed {
    private final ArrayDeque<StoreOperation> waiting = new ArrayDeque<>();
    private final Set<FragmentId> fragments = new HashSet<>();
    private long bytes;

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /// Whether the change must wait for one that waits already.
    boolean holdsUp(StoreOperation operation) {
        return operation instanceof StoreOperation.OfFragment change && fragments.contains(change.id());
    }

    /// Returns false if too much waits.
    boolean add(StoreOperation.OfFragment operation) {
        if (waiting.size() >= Inbox.OPERATIONS_MAX || bytes + operation.bytes() > Inbox.BYTES_MAX) {
            return false;
        }
        waiting.add(operation);
        fragments.add(operation.id());
        bytes += operation.bytes();
        return true;
    }

    /// Tries all again, in order, each unless one of the same fragment before it still must wait.
    ///
    /// @param isSettled does what is to be done; false if it must wait on
    void retry(Predicate<StoreOperation> isSettled) {
        for (StoreOperation operation : takeAll()) {
            boolean waits = holdsUp(operation) || !isSettled.test(operation);
            if (waits && operation instanceof StoreOperation.OfFragment change) {
                add(change);
            }
        }
    }

    /// Empties it.
    List<StoreOperation> takeAll() {
        List<StoreOperation> all = new ArrayList<>(waiting);
        waiting.clear();
        fragments.clear();
        bytes = 0;
        return all;
    }
}
