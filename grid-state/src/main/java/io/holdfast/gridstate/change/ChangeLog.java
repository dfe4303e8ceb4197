package io.holdfast.gridstate.change;

import io.holdfast.consensus.statemachine.CommandContext;
import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.consensus.statemachine.StateTransaction;
import io.holdfast.gridstate.change.StoredChange.Kept;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Appends what commands change and drops the oldest beyond its bounds. Keeps nothing in memory, so that
/// its writes depend on the stored state alone. Confined to the apply thread.
public final class ChangeLog {
    /// Changes of one command; a position has room for so many.
    public static final int CHANGES_PER_COMMAND_MAX = 1 << ChangeLog.CHANGE_BITS;

    /// Changes kept, and their bytes: minutes of the busiest cluster, a moment of a rebuild.
    public static final Bounds BOUNDS = new Bounds(200_000, 256L << 20);

    static final int CHANGE_BITS = 11;
    private static final int COMMANDS_PER_ENTRY_MAX = 1 << (31 - CHANGE_BITS);

    /// Dropping waits until so many can be dropped at once: one scan then serves many commands.
    private static final int DROP_TOGETHER = 256;

    private final Bounds bounds;

    public ChangeLog(Bounds bounds) {
        this.bounds = bounds;
    }

    /// How much is kept. All nodes of a cluster must agree on it.
    ///
    /// @param countMax changes
    /// @param bytesMax their keys and values
    public record Bounds(long countMax, long bytesMax) {}

    /// A change that has no position yet.
    ///
    /// @param catalog the catalog's name
    /// @param key the key as stored
    /// @param stored the record as stored; null if it is removed
    @SuppressWarnings("ArrayRecordComponent") // Handed over within one command.
    public record Draft(String catalog, byte[] key, byte @Nullable [] stored) {}

    public static List<Keyspace> keyspaces() {
        return List.of(StoredChange.CHANGES, StoredChange.BOUNDS);
    }

    /// Appends what one command changed.
    public void append(CommandContext context, List<Draft> changes, StateTransaction transaction) {
        if (context.ordinal() >= COMMANDS_PER_ENTRY_MAX || changes.size() > CHANGES_PER_COMMAND_MAX) {
            throw new IllegalStateException(
                    "positions are used up: ordinal=" + context.ordinal() + " changes=" + changes.size());
        }
        if (changes.isEmpty()) {
            return;
        }
        long bytes = 0;
        for (int i = 0; i < changes.size(); i++) {
            Draft draft = changes.get(i);
            int ordinal = (context.ordinal() << CHANGE_BITS) | i;
            byte[] value = StoredChange.encode(draft.catalog(), draft.key(), draft.stored());
            transaction.put(
                    StoredChange.CHANGES,
                    new ChangePosition(context.index().value(), ordinal).encode(),
                    value);
            bytes += ChangePosition.BYTES + value.length;
        }
        Kept before = Kept.decode(transaction.get(StoredChange.BOUNDS, StoredChange.BOUNDS_KEY));
        Kept after =
                new Kept(before.count() + changes.size(), before.bytes() + bytes, before.droppedThrough());
        if (after.count() >= bounds.countMax() + DROP_TOGETHER || after.bytes() > bounds.bytesMax()) {
            after = drop(after, DROP_TOGETHER + 2 * changes.size(), transaction);
        }
        transaction.put(StoredChange.BOUNDS, StoredChange.BOUNDS_KEY, after.encode());
    }

    /// Drops the oldest, until the bounds are kept or the limit is reached. Reading begins behind what was
    /// dropped before: a store may be slow to walk over what was deleted.
    private Kept drop(Kept kept, int limit, StateTransaction transaction) {
        List<byte[]> dropped = new ArrayList<>();
        long[] left = {kept.count(), kept.bytes()};
        transaction.scan(
                StoredChange.CHANGES, new byte[0], kept.droppedThrough().encode(), (key, value) -> {
                    boolean isBeyond = left[0] > bounds.countMax() || left[1] > bounds.bytesMax();
                    if (!isBeyond || dropped.size() == limit) {
                        return false;
                    }
                    dropped.add(key);
                    left[0]--;
                    left[1] -= key.length + value.length;
                    return true;
                });
        for (byte[] key : dropped) {
            transaction.delete(StoredChange.CHANGES, key);
        }
        ChangePosition through = dropped.isEmpty()
                ? kept.droppedThrough()
                : ChangePosition.decode(ByteBuffer.wrap(dropped.getLast()));
        return new Kept(left[0], left[1], through);
    }
}
