package io.holdfast.hostio.chunkstore;

import io.holdfast.hostio.erasure.ErasureProfile;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// The fragments on this machine. Concurrent.
///
/// Changes complete once they are durable, and then only; a change that fails with
/// [StoreUnavailableException] or a disk's error may or may not have happened, and repeating it is harmless.
/// Futures complete on the committer's thread: do not block it. Every change names the writer's fencing
/// token: an older one than the newest seen for the stream fails with [FencedException], a newer one is
/// installed with the change.
public interface FragmentStore extends AutoCloseable {
    /// Makes this the newest token of the stream: once complete, no writer with an older one gets anything
    /// acknowledged here any more.
    CompletableFuture<Void> installToken(long stream, long token);

    /// The newest token seen for the stream; 0 if there was none.
    long newestToken(long stream);

    /// Makes an empty fragment. If it exists already, open, empty and with the same profile, that is fine.
    ///
    /// Fails with [ConflictException] if it exists otherwise, or with
    /// [io.holdfast.hostio.disk.DiskFullException].
    CompletableFuture<Void> create(FragmentId id, ErasureProfile profile, long token);

    /// Appends strips, all or none of them visible; the caller must not touch their buffers until this
    /// completes. A strip that is there already, byte for byte, is fine.
    ///
    /// Fails with [FragmentNotFoundException], [ConflictException] (sealed, full, or another strip in the
    /// row) or [io.holdfast.hostio.disk.DiskFullException].
    CompletableFuture<Void> append(FragmentId id, long token, List<Strip> strips);

    /// Completes the fragment: strips of rows from the limit on are dropped, and none is taken any more.
    /// Sealing again with the same limit is fine.
    CompletableFuture<Void> seal(FragmentId id, long token, int rowLimit);

    /// Deletes the fragment and frees its space. Deleting what is not there is fine.
    CompletableFuture<Void> delete(FragmentId id, long token);

    /// Reads and verifies the strip of a row.
    ///
    /// @param payload gets the payload, from its position on
    /// @throws StripNotFoundException if the fragment has none for the row
    /// @throws CorruptDataException if it is not what was written
    StripHeader read(FragmentId id, int row, ByteBuffer payload);

    /// Reads 4 KiB blocks of a data strip, each verified alone.
    ///
    /// @param firstBlock the first of the strip's blocks wanted, from 0
    /// @param blockCount how many, at least 1
    /// @param target gets the blocks, from its position on
    StripHeader readBlocks(FragmentId id, int row, int firstBlock, int blockCount, ByteBuffer target);

    /// What the strip of a row says about itself; nothing if there is none.
    Optional<StripHeader> header(FragmentId id, int row);

    /// The rows that the fragment has strips for, from `fromRow` on, in order, at most `countMax`.
    int[] rows(FragmentId id, int fromRow, int countMax);

    Optional<FragmentStatus> status(FragmentId id);

    /// All fragments, in order.
    List<FragmentId> fragments();

    /// The state of each disk.
    List<DiskStatus> disks();

    /// Waits for what was begun, refuses more, and closes the files.
    @Override
    void close();
}
