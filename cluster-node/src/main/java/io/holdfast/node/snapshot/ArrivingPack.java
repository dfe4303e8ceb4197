package io.holdfast.node.snapshot;

import io.holdfast.node.blob.BlobDamagedException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A pack that is being fetched into a file of its own by a thread of its own, from its beginning on; what
/// has come can be read, and who wants more waits. Concurrent.
final class ArrivingPack implements PackSource, AutoCloseable {
    private final FileChannel file;
    private final PackSource arrived;
    private final Thread fetcher;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();

    // Under the lock.
    private long bytes;
    private boolean isOver;
    private boolean isUnwanted;
    private @Nullable IOException failure;

    private ArrivingPack(FileChannel file, InputStream sealed) {
        this.file = file;
        this.arrived = PackSource.in(file);
        this.fetcher = Thread.ofVirtual().name("pack-fetch").unstarted(() -> fetch(sealed));
    }

    /// Begins to fetch.
    ///
    /// @param sealed the pack, which is closed at the end
    /// @param copy a file that does not exist yet
    static ArrivingPack into(Path copy, InputStream sealed) throws IOException {
        ArrivingPack pack = new ArrivingPack(
                FileChannel.open(copy, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
                        StandardOpenOption.WRITE),
                sealed);
        pack.fetcher.start();
        return pack;
    }

    private void fetch(InputStream sealed) {
        try (sealed) {
            long _ = sealed.transferTo(new Arrival());
            end(null);
        } catch (BlobDamagedException damaged) {
            end(new SnapshotDamagedException(String.valueOf(damaged.getMessage()), damaged));
        } catch (IOException failed) {
            end(failed);
        } catch (RuntimeException failed) {
            end(new IOException("a pack cannot be fetched", failed));
        }
    }

    private void end(@Nullable IOException reason) {
        lock.lock();
        try {
            isOver = true;
            failure = reason;
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void read(long position, ByteBuffer target) throws IOException {
        await(position + target.remaining());
        arrived.read(position, target);
    }

    /// Waits until so much has come.
    private void await(long end) throws IOException {
        lock.lock();
        try {
            while (bytes < end && !isOver) {
                more.awaitUninterruptibly();
            }
            throwIfFailed();
            if (bytes < end) {
                throw new EOFException("a pack ends early: bytes=" + bytes + " wanted=" + end);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits until all of it has come.
    void awaitWhole() throws IOException {
        lock.lock();
        try {
            while (!isOver) {
                more.awaitUninterruptibly();
            }
            throwIfFailed();
        } finally {
            lock.unlock();
        }
    }

    private void throwIfFailed() throws IOException {
        IOException reason = failure;
        if (reason != null) {
            throw reason;
        }
    }

    /// Gives up what has not come yet.
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            isUnwanted = true;
            while (!isOver) {
                more.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
        file.close();
    }

    /// Where the fetched bytes go. Confined to who fetches.
    private final class Arrival extends OutputStream {
        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] piece, int offset, int length) throws IOException {
            ByteBuffer left = ByteBuffer.wrap(piece, offset, length);
            while (left.hasRemaining()) {
                int _ = file.write(left);
            }
            lock.lock();
            try {
                bytes += length;
                more.signalAll();
                if (isUnwanted) {
                    throw new IOException("a pack is not wanted any more");
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
