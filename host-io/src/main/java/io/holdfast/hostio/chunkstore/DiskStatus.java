package io.holdfast.hostio.chunkstore;

import java.util.List;

/// What a disk of the store does and holds.
///
/// @param disk its name
/// @param state what it can be used for
/// @param reason why it is in that state; empty while it serves
/// @param fragments how many it holds
/// @param usedBytes space given to fragments
/// @param freeBytes space that can still be given: free extents, and room on the disk for new segments
/// @param damages what was found damaged when the store was opened, to be repaired from other fragments
/// @param torn what was begun and, as far as this disk can tell, never acknowledged
public record DiskStatus(
        String disk,
        State state,
        String reason,
        int fragments,
        long usedBytes,
        long freeBytes,
        List<CorruptDataException> damages,
        List<Place> torn) {
    /// What a disk can be used for.
    public enum State {
        SERVING,
        /// Takes no more strips until something is deleted.
        FULL,
        /// Can be read; takes no change any more.
        READ_ONLY,
        /// A write or sync failed: what is on it is unknown until it is opened again. Reads are tried.
        FAILED,
        CLOSED
    }

    public DiskStatus {
        damages = List.copyOf(damages);
        torn = List.copyOf(torn);
    }
}
