package io.holdfast.hostio.holder;

import io.holdfast.hostio.erasure.ErasureProfile;
import io.holdfast.hostio.id.ChunkId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The chunks of all streams: which there are, where their fragments lie, who may write. Concurrent; every
/// call blocks until it is decided, for seconds where there is no majority.
///
/// Whoever writes names the stream's token; an older one than the newest known fails with
/// [io.holdfast.hostio.chunkstore.FencedException]. What cannot be decided now fails with
/// [ChunkDirectoryException], and may have happened: asking again is harmless.
public interface ChunkDirectory {
    /// Shuts out every writer of the stream with an older token.
    void fence(long stream, long token);

    /// Enters an open chunk with a number that the stream has not used, its fragments on different hosts (or
    /// disks, where the stream's policy allows it) that are up. The fragments themselves are made by the
    /// caller.
    ///
    /// @param avoid holders that are not to be used
    /// @throws TooFewHoldersException if there are too few others
    ChunkRecord open(long stream, long token, ErasureProfile profile, Set<HolderId> avoid);

    /// Makes a chunk's length final. Again with the same length changes nothing.
    void seal(ChunkId chunk, long token, ChunkSealing sealing);

    /// The chunk as it is now, if it is known.
    Optional<ChunkRecord> find(ChunkId chunk);

    /// All chunks of the stream by number, read after everything that was decided before the call.
    List<ChunkRecord> chunks(long stream);

    /// How much of some sealed chunks is useful.
    void reportUseful(long stream, long token, Map<ChunkId, Long> usefulBytes);

    /// Says that fragments of a sealed chunk are lost.
    ///
    /// @param lostMask bit i is set if fragment i is lost
    void reportLost(ChunkId chunk, int lostMask);

    /// A holder for a fragment of the chunk that holds none of the others and is up; `avoid` apart.
    Optional<HolderId> spare(ChunkRecord chunk, int index, Set<HolderId> avoid);

    /// Says that fragment `index` of a sealed chunk, verified for all its rows, lies at `to` now. `to` may
    /// be where it was before.
    void replace(ChunkRecord chunk, int index, HolderId to);

    /// Gives up a sealed chunk: what was useful in it is durable elsewhere.
    ///
    /// @param replacement a sealed chunk that holds what was useful; nothing if there was nothing useful
    void release(ChunkId chunk, long token, Optional<ChunkId> replacement);

    /// Drops a released chunk whose fragments are deleted.
    void forget(ChunkId chunk);
}
