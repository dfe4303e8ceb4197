package io.holdfast.node.blob;

import io.holdfast.gridstate.chunkmap.StoredBlob;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/// Immutable contents of the whole cluster, erasure-coded over its hosts. Concurrent; blocks.
///
/// Whoever puts a blob refers to it from a catalog soon, and has its referrer registered as
/// [BlobReferences]: a blob that nothing refers to is deleted, a while after it was put or as soon as the
/// last reference is gone.
public interface ClusterBlobs {
    /// Stores all bytes of a stream; durable when it returns. The stream is not closed. What was written
    /// before a failure is given back.
    ///
    /// @param lengthBytesMax how long it may be at most; a longer one is refused
    /// @throws BlobUnavailableException if it cannot be stored now
    StoredBlob put(InputStream content, long lengthBytesMax) throws IOException;

    /// Fills the buffer from its position to its limit, which moves on. Every 4 KiB is verified.
    ///
    /// @param position of the first byte wanted
    /// @throws BlobUnavailableException if too few hosts answer now
    void read(StoredBlob blob, long position, ByteBuffer target) throws IOException;

    /// The whole content in order, fetched a bounded way ahead. At its end the content's digest has been
    /// verified, or the read fails with a [BlobDamagedException].
    InputStream open(StoredBlob blob);

    /// The same for who verifies the content as a whole: here every 4 KiB is.
    InputStream openUnverified(StoredBlob blob);

    /// Where a blob is and what it takes.
    BlobWhereabouts whereabouts(StoredBlob blob) throws IOException;

    /// Gives the space of a blob back that this node put and that nothing came to refer to. It must not be
    /// read any more. If that cannot be done now, it is done later as for any blob that nothing refers to.
    void discard(StoredBlob blob);
}
