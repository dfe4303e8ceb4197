package io.holdfast.hostio.blob;

import io.holdfast.hostio.blockdevice.BlockDevice;
import io.holdfast.hostio.chunkstore.CorruptDataException;
import io.holdfast.hostio.chunkstore.Place;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/// A blob to be read, in any order, by any number of threads. Every 4 KiB is verified as it is read.
public final class Blob {
    private static final int COPY_BYTES = 1 << 20;

    private final BlobId id;
    private final BlockDevice device;

    Blob(BlobId id, BlockDevice device) {
        this.id = id;
        this.device = device;
    }

    public BlobId id() {
        return id;
    }

    public long lengthBytes() {
        return id.lengthBytes();
    }

    /// Fills the buffer from its position to its limit, which moves on.
    ///
    /// @param position of the first byte wanted
    public void read(long position, ByteBuffer target) {
        Objects.checkFromIndexSize(position, (long) target.remaining(), id.lengthBytes());
        device.read(id.offset() + position, target);
    }

    /// Writes the whole content, and makes sure that it is what the blob's name says.
    ///
    /// @throws CorruptDataException if it is not; what was written then is worthless
    public void copyTo(OutputStream sink) throws IOException {
        ContentDigest digest = new ContentDigest();
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(COPY_BYTES, Math.max(1, id.lengthBytes())));
        long at = 0;
        while (at < id.lengthBytes()) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), id.lengthBytes() - at));
            read(at, buffer);
            buffer.flip();
            digest.update(buffer.duplicate());
            sink.write(buffer.array(), 0, buffer.limit());
            at += buffer.limit();
        }
        if (!digest.value().equals(id.digest())) {
            throw new CorruptDataException(
                    new Place("blobs", id.toString(), 0), id.digest().toString(), digest.value().toString());
        }
    }
}
