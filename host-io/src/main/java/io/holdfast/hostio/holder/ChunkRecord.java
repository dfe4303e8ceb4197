package io.holdfast.hostio.holder;

import io.holdfast.hostio.chunkstore.FragmentId;
import io.holdfast.hostio.erasure.ErasureProfile;
import io.holdfast.hostio.id.ChunkId;
import java.util.List;

/// A chunk as the directory knows it.
///
/// @param id its stream and number
/// @param profile how it is coded
/// @param holders where fragment i lies, for every i
/// @param state what may happen to it
/// @param lostMask bit i is set if fragment i is known to be lost
/// @param lengthBytes of data; final once it is not open
/// @param usefulBytes how many of these something refers to, as last reported
public record ChunkRecord(
        ChunkId id,
        ErasureProfile profile,
        List<HolderId> holders,
        State state,
        int lostMask,
        long lengthBytes,
        long usefulBytes) {
    /// What may happen to a chunk.
    public enum State {
        /// Its writer appends to it.
        OPEN,
        /// Complete.
        SEALED,
        /// Nothing needs it: its fragments are to be deleted, then it is forgotten.
        RELEASED
    }

    public ChunkRecord {
        holders = List.copyOf(holders);
        if (holders.size() != profile.strips()) {
            throw new IllegalArgumentException(
                    "a holder for each fragment: holders=" + holders + " profile=" + profile);
        }
    }

    public long number() {
        return id.low();
    }

    public FragmentId fragment(int index) {
        return FragmentId.of(id, index);
    }

    public boolean isLost(int index) {
        return (lostMask & 1 << index) != 0;
    }

    public boolean isOpen() {
        return state == State.OPEN;
    }
}
