package io.holdfast.gridstate.change;

import io.holdfast.consensus.statemachine.StateReader;
import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.change.StoredChange.Kept;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reads the changes that follow a position. As concurrent as the reader that it is given.
public final class ChangeFeed {
    /// Changes that one read may ask for.
    public static final int LIMIT_MAX = 10_000;

    /// A read ends early once it has gathered so much.
    private static final long BYTES_MAX = 4L << 20;

    private final StateReader reader;

    public ChangeFeed(StateReader reader) {
        this.reader = reader;
    }

    /// What follows the position, at most `limit` changes. An empty batch means that nothing follows yet.
    public ChangeBatch read(ChangePosition after, int limit) {
        Check.range("a limit", limit, 1, LIMIT_MAX);
        List<Change> changes = new ArrayList<>(Math.min(limit, 256));
        long[] bytes = new long[1];
        byte[] position = after.encode();
        byte[] from = Arrays.copyOf(position, position.length + 1);
        reader.scan(StoredChange.CHANGES, new byte[0], from, (key, value) -> {
            changes.add(StoredChange.decode(key, value));
            bytes[0] += value.length;
            return changes.size() < limit && bytes[0] < BYTES_MAX;
        });
        // Asked after reading, since changes may be dropped in between: nothing was missed if the position
        // has not been overtaken even now.
        ChangePosition droppedThrough = droppedThrough();
        if (after.compareTo(droppedThrough) < 0) {
            return new ChangeBatch.PositionTooOld(droppedThrough);
        }
        ChangePosition next = changes.isEmpty() ? after : changes.getLast().position();
        return new ChangeBatch.Changes(changes, next);
    }

    /// The oldest position that can be read on from.
    public ChangePosition droppedThrough() {
        return Kept.decode(reader.get(StoredChange.BOUNDS, StoredChange.BOUNDS_KEY)).droppedThrough();
    }
}
