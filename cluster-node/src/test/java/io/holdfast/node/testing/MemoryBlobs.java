package io.holdfast.node.testing;

import io.holdfast.gridstate.chunkmap.StoredBlob;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.hostio.id.LayerDigest;
import io.holdfast.node.blob.BlobDamagedException;
import io.holdfast.node.blob.BlobUnavailableException;
import io.holdfast.node.blob.BlobWhereabouts;
import io.holdfast.node.blob.ClusterBlobs;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// The blobs of a cluster in memory: all nodes share one. Concurrent.
public final class MemoryBlobs implements ClusterBlobs {
    private static final StreamId FAMILY = new StreamId(0xb10b);

    private final Map<StoredBlob, byte[]> contents = new ConcurrentHashMap<>();
    private final AtomicLong end = new AtomicLong();
    private final AtomicLong opened = new AtomicLong();
    private final AtomicReference<Runnable> afterPut = new AtomicReference<>(() -> {});
    private volatile boolean isDown;

    @Override
    public StoredBlob put(InputStream content, long lengthBytesMax) throws IOException {
        requireUp();
        byte[] bytes = content.readAllBytes();
        if (bytes.length > lengthBytesMax) {
            throw new IOException("longer than announced: length=" + bytes.length);
        }
        long blocks = (bytes.length + 4_095L) / 4_096;
        StoredBlob blob =
                new StoredBlob(FAMILY, end.getAndAdd(blocks * 4_096), bytes.length, digestOf(bytes));
        contents.put(blob, bytes);
        afterPut.getAndSet(() -> {}).run();
        return blob;
    }

    @Override
    public void read(StoredBlob blob, long position, ByteBuffer target) throws IOException {
        requireUp();
        target.put(content(blob), (int) position, target.remaining());
    }

    @Override
    public InputStream openUnverified(StoredBlob blob) {
        opened.incrementAndGet();
        return new FilterInputStream(
                new ByteArrayInputStream(contents.getOrDefault(blob, new byte[0]))) {
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                requireUp();
                content(blob);
                return super.read(bytes, offset, length);
            }
        };
    }

    @Override
    public InputStream open(StoredBlob blob) {
        opened.incrementAndGet();
        return new FilterInputStream(
                new ByteArrayInputStream(contents.getOrDefault(blob, new byte[0]))) {
            @Override
            public int read() throws IOException {
                verify();
                return super.read();
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                verify();
                return super.read(bytes, offset, length);
            }

            private void verify() throws IOException {
                requireUp();
                if (!digestOf(content(blob)).equals(blob.digest())) {
                    throw new BlobDamagedException("blob=" + blob);
                }
            }
        };
    }

    private byte[] content(StoredBlob blob) throws IOException {
        byte[] found = contents.get(blob);
        if (found == null) {
            throw new BlobUnavailableException("no such blob: " + blob, new IllegalStateException("absent"));
        }
        return found;
    }

    private void requireUp() throws IOException {
        if (isDown) {
            throw new BlobUnavailableException("down", new IllegalStateException("down"));
        }
    }

    @Override
    public BlobWhereabouts whereabouts(StoredBlob blob) throws IOException {
        requireUp();
        return new BlobWhereabouts(
                List.of("1+0"), content(blob).length, content(blob).length, 1, 0, Set.of(1));
    }

    @Override
    public void discard(StoredBlob blob) {
        contents.remove(blob);
    }

    /// Changes a stored byte.
    public void damage(StoredBlob blob) {
        Objects.requireNonNull(contents.get(blob))[(int) blob.lengthBytes() / 2] ^= (byte) 1;
    }

    /// Does something once, as soon as the next one is stored.
    public void afterNextPut(Runnable action) {
        afterPut.set(action);
    }

    /// Whether everything fails from now on.
    public void setDown(boolean down) {
        isDown = down;
    }

    /// How many there are.
    public int count() {
        return contents.size();
    }

    /// All that there are.
    public Set<StoredBlob> all() {
        return Set.copyOf(contents.keySet());
    }

    /// How often one was opened.
    public long openedCount() {
        return opened.get();
    }

    /// A stored content, as it rests.
    public byte[] resting(StoredBlob blob) {
        return Objects.requireNonNull(contents.get(blob)).clone();
    }

    private static LayerDigest digestOf(byte[] bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return new LayerDigest("sha256:" + HexFormat.of().formatHex(hash));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }
}
