package io.holdfast.node.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.node.blob.BlobDamagedException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ArrivingPackTest {
    private static final byte[] END = {};

    @TempDir
    private Path folder;

    private final SynchronousQueue<byte[]> pieces = new SynchronousQueue<>();
    private final AtomicInteger closed = new AtomicInteger();

    @Test
    void whatHasComeIsReadAndWhatHasNotIsAwaited() throws Exception {
        try (ArrivingPack pack = ArrivingPack.into(folder.resolve("copy"), pieces(new IOException("none")))) {
            pieces.put(new byte[] {1, 2, 3});
            assertArrayEquals(new byte[] {2, 3}, read(pack, 1, 2));
            CompletableFuture<byte[]> later = CompletableFuture.supplyAsync(() -> read(pack, 2, 3));
            pieces.put(new byte[] {4});
            assertFalse(later.isDone(), "one is missing");
            pieces.put(new byte[] {5, 6});
            assertArrayEquals(new byte[] {3, 4, 5}, later.get());
            pieces.put(END);
            pack.awaitWhole();
            assertThrows(EOFException.class, () -> pack.read(6, ByteBuffer.allocate(1)));
        }
        assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6}, Files.readAllBytes(folder.resolve("copy")));
        assertEquals(1, closed.get());
    }

    @Test
    void whatEndsTheFetchIsToldToWhoWaits() throws Exception {
        try (ArrivingPack pack =
                ArrivingPack.into(folder.resolve("copy"), pieces(new BlobDamagedException("a strip")))) {
            pieces.put(new byte[] {1});
            CompletableFuture<SnapshotDamagedException> waiting = CompletableFuture.supplyAsync(() ->
                    assertThrows(SnapshotDamagedException.class,
                            () -> pack.read(0, ByteBuffer.allocate(2))));
            pieces.put(new byte[] {-1});
            assertEquals("a strip", waiting.get().getMessage());
            assertThrows(SnapshotDamagedException.class, pack::awaitWhole);
        }
    }

    @Test
    void whatIsNotWantedAnyMoreIsNotFetchedToItsEnd() throws Exception {
        ArrivingPack pack = ArrivingPack.into(folder.resolve("copy"), pieces(new IOException("none")));
        pieces.put(new byte[] {1});
        CompletableFuture<?> closing = CompletableFuture.runAsync(() -> {
            try {
                pack.close();
            } catch (IOException failure) {
                throw new IllegalStateException(failure);
            }
        });
        while (!closing.isDone()) {
            boolean _ = pieces.offer(new byte[] {2}, 10, java.util.concurrent.TimeUnit.MILLISECONDS);
        }
        closing.get();
        assertEquals(1, closed.get());
    }

    private static byte[] read(ArrivingPack pack, long position, int count) {
        ByteBuffer target = ByteBuffer.allocate(count);
        try {
            pack.read(position, target);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
        return target.array();
    }

    /// Gives one piece after the other; one that begins with -1 fails, and an empty one is the end.
    private InputStream pieces(IOException failure) {
        return new InputStream() {
            @Override
            public int read() {
                throw new UnsupportedOperationException("it is transferred");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                return read();
            }

            @Override
            public long transferTo(OutputStream out) throws IOException {
                try {
                    for (byte[] piece = pieces.take(); piece.length > 0; piece = pieces.take()) {
                        if (piece[0] < 0) {
                            throw failure;
                        }
                        out.write(piece);
                    }
                } catch (InterruptedException impossible) {
                    throw new IOException(impossible);
                }
                return 0;
            }

            @Override
            public void close() {
                closed.incrementAndGet();
            }
        };
    }
}
