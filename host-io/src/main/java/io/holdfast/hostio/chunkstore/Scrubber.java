package io.holdfast.hostio.chunkstore;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// Reads and verifies the strips of a store one by one, fragment by fragment, at the pace of its caller.
/// Confined to the caller; what is deleted meanwhile is passed over.
public final class Scrubber {
    private static final int ROWS_AT_ONCE = 1024;

    private final FragmentStore store;
    private final Iterator<FragmentId> fragments;
    private final ByteBuffer payload = ByteBuffer.allocateDirect(StripHeader.PAYLOAD_BYTES_MAX);
    private Optional<FragmentId> fragment = Optional.empty();
    private int[] rows = {};
    private int at;

    /// A strip that was read.
    ///
    /// @param bytes how many were read, for pacing
    /// @param damage what is wrong with it, if anything is
    public record Finding(FragmentId fragment, int row, int bytes, Optional<CorruptDataException> damage) {}

    /// @param after where an earlier round stopped: only fragments after this one are read
    public Scrubber(FragmentStore store, Optional<FragmentId> after) {
        this.store = store;
        List<FragmentId> all = store.fragments();
        this.fragments = all.stream()
                .filter(id -> after.isEmpty() || id.compareTo(after.get()) > 0)
                .iterator();
    }

    /// Verifies the next strip; nothing once the round is complete.
    public Optional<Finding> next() {
        Optional<Finding> finding = Optional.empty();
        while (finding.isEmpty() && (at < rows.length || loadRows())) {
            finding = verify(fragment.orElseThrow(), rows[at++]);
        }
        return finding;
    }

    /// Nothing if the strip was deleted, or cut off by sealing, since the round began.
    private Optional<Finding> verify(FragmentId id, int row) {
        try {
            StripHeader header = store.read(id, row, payload.clear());
            int bytes = StripHeader.BYTES + header.payloadBytes();
            return Optional.of(new Finding(id, row, bytes, Optional.empty()));
        } catch (CorruptDataException damage) {
            return Optional.of(new Finding(id, row, StripHeader.BYTES, Optional.of(damage)));
        } catch (FragmentNotFoundException | StripNotFoundException _) {
            return Optional.empty();
        }
    }

    private boolean loadRows() {
        int from = rows.length == 0 ? 0 : rows[rows.length - 1] + 1;
        rows = fragment.map(id -> rowsOf(id, from)).orElse(new int[0]);
        while (rows.length == 0 && fragments.hasNext()) {
            fragment = Optional.of(fragments.next());
            rows = rowsOf(fragment.get(), 0);
        }
        at = 0;
        return rows.length > 0;
    }

    private int[] rowsOf(FragmentId id, int from) {
        try {
            return store.rows(id, from, ROWS_AT_ONCE);
        } catch (FragmentNotFoundException _) {
            return new int[0];
        }
    }
}
