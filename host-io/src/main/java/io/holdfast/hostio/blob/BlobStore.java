package io.holdfast.hostio.blob;

import io.holdfast.hostio.blockdevice.BlockDevice;
import io.holdfast.hostio.blockdevice.Durability;
import io.holdfast.hostio.blockdevice.Extent;
import io.holdfast.hostio.blockdevice.NoSpaceException;
import io.holdfast.hostio.blockdevice.ZeroMode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/// Blobs in a volume of their own. Concurrent. The volume is borrowed.
public final class BlobStore {
    static final int BLOCK_BYTES = 4096;

    /// The size of the volume to make for blobs: all that a family can address.
    public static final long VOLUME_BYTES = 1L << 46;

    private static final int COPY_BYTES = 1 << 20;
    private static final int EXTENTS_AT_ONCE = 64;

    private final BlockDevice device;
    private final ReentrantLock lock = new ReentrantLock();
    /// Ranges that are being written: beginning to end.
    private final TreeMap<Long, Long> reserved = new TreeMap<>();
    private long end;

    private BlobStore(BlockDevice device, long end) {
        this.device = device;
        this.end = end;
    }

    /// The blobs of a volume.
    public static BlobStore open(BlockDevice device) {
        return new BlobStore(device, endOfContent(device));
    }

    private static long endOfContent(BlockDevice device) {
        List<BlobRange> content = content(device);
        return content.isEmpty() ? 0 : content.getLast().end();
    }

    private static List<BlobRange> content(BlockDevice device) {
        List<BlobRange> found = new ArrayList<>();
        long at = 0;
        while (at < device.sizeBytes()) {
            for (Extent extent : device.extents(at, device.sizeBytes() - at, EXTENTS_AT_ONCE)) {
                at = extent.end();
                if (extent.kind() != Extent.Kind.HOLE) {
                    found.add(new BlobRange(extent.offset(), at));
                }
            }
        }
        return found;
    }

    /// What is stored and belongs to none of these, nor to a blob that is being put.
    public List<BlobRange> unreferenced(Collection<BlobRange> referenced) {
        List<BlobRange> taken = new ArrayList<>(referenced);
        lock.lock();
        try {
            reserved.forEach((begin, until) -> taken.add(new BlobRange(begin, until)));
            return BlobRange.without(content(device), taken);
        } finally {
            lock.unlock();
        }
    }

    /// Stores all bytes of a stream; durable when it returns. The stream is not closed.
    ///
    /// @param lengthBytesMax how long it may be at most; a longer one is refused
    public BlobId put(InputStream content, long lengthBytesMax) throws IOException {
        long begin = reserve(lengthBytesMax);
        long length = 0;
        try {
            ContentDigest digest = new ContentDigest();
            byte[] part = new byte[COPY_BYTES];
            int count = content.readNBytes(part, 0, part.length);
            while (count > 0) {
                if (length + count > lengthBytesMax) {
                    throw new IOException(
                            "the content is longer than announced: lengthBytesMax=" + lengthBytesMax);
                }
                ByteBuffer bytes = ByteBuffer.wrap(part, 0, count);
                digest.update(bytes.duplicate());
                write(begin + length, bytes);
                length += count;
                count = content.readNBytes(part, 0, part.length);
            }
            device.flush();
            return new BlobId(begin, length, digest.value());
        } catch (IOException | RuntimeException failure) {
            discard(begin, length, failure);
            throw failure;
        } finally {
            settle(begin, begin + padded(length));
        }
    }

    /// The last part is padded, so that the store never has to read what it writes.
    private void write(long offset, ByteBuffer bytes) {
        int whole = (int) padded(bytes.remaining());
        ByteBuffer padded = bytes.remaining() == whole
                ? bytes
                : ByteBuffer.allocate(whole).put(bytes.duplicate()).clear();
        device.write(offset, padded, Durability.VISIBLE);
    }

    static long padded(long bytes) {
        return (bytes + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
    }

    private void discard(long begin, long length, Exception failure) {
        try {
            device.trim(begin, padded(length), Durability.VISIBLE);
        } catch (RuntimeException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }

    /// Addresses are given out in one direction until there are none left; then those of deleted blobs are.
    private long reserve(long lengthBytesMax) {
        long length = padded(Math.max(1, lengthBytesMax));
        lock.lock();
        try {
            long begin = Math.max(end, reserved.isEmpty() ? 0 : reserved.lastEntry().getValue());
            if (length > device.sizeBytes() - begin) {
                begin = hole(length);
            }
            reserved.put(begin, begin + length);
            return begin;
        } finally {
            lock.unlock();
        }
    }

    /// The first run of addresses that holds nothing.
    private long hole(long length) {
        List<BlobRange> taken = content(device);
        reserved.forEach((begin, until) -> taken.add(new BlobRange(begin, until)));
        return BlobRange.without(List.of(new BlobRange(0, device.sizeBytes())), taken).stream()
                .filter(free -> free.lengthBytes() >= length)
                .findFirst()
                .map(BlobRange::begin)
                .orElseThrow(() -> new NoSpaceException(
                        "no addresses are left for a blob: lengthBytesMax=" + length + " sizeBytes="
                        + device.sizeBytes()));
    }

    private void settle(long begin, long until) {
        lock.lock();
        try {
            reserved.remove(begin);
            end = Math.max(end, until);
        } finally {
            lock.unlock();
        }
    }

    /// A blob to be read.
    public Blob get(BlobId id) {
        return new Blob(id, device);
    }

    /// Gives the space of a blob back. It must not be read any more; deleting it again is fine, until a blob
    /// put later may have got its addresses.
    public void delete(BlobId id) {
        delete(BlobRange.of(id.offset(), id.lengthBytes()));
    }

    /// Gives space back.
    public void delete(BlobRange range) {
        if (range.lengthBytes() > 0) {
            device.writeZeroes(
                    range.begin(), range.lengthBytes(), ZeroMode.MAY_FREE_SPACE, Durability.DURABLE);
        }
    }
}
