package io.holdfast.hostio.disk;

import io.holdfast.hostio.nativeaccess.FileSpace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/// A file through a `FileChannel`. Concurrent.
final class ChannelFile implements DiskFile {
    /// Size of the writes that fill a file with zeros.
    private static final int FILL_BYTES = 1 << 20;

    private final Path path;
    private final FileChannel channel;

    ChannelFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    @Override
    public String name() {
        return String.valueOf(path.getFileName());
    }

    @Override
    public long sizeBytes() {
        try {
            return channel.size();
        } catch (IOException failure) {
            throw DiskFailures.translate("size", path, failure);
        }
    }

    @Override
    public void read(long position, ByteBuffer target) {
        long next = position;
        try {
            while (target.hasRemaining()) {
                int count = channel.read(target, next);
                if (count < 0) {
                    throw new DiskIoException("the file ends before the bytes asked for: path=" + path
                            + " position=" + next + " missingBytes=" + target.remaining());
                }
                next += count;
            }
        } catch (IOException failure) {
            throw DiskFailures.translate("read", path, failure);
        }
    }

    @Override
    public void write(long position, ByteBuffer source) {
        long next = position;
        try {
            while (source.hasRemaining()) {
                next += channel.write(source, next);
            }
        } catch (IOException failure) {
            throw DiskFailures.translate("write", path, failure);
        }
    }

    @Override
    public void writeZeros(long position, long bytes) {
        try {
            if (!FileSpace.writeZerosDirectly(path, position, bytes)) {
                fill(position, bytes);
            }
        } catch (IOException failure) {
            throw DiskFailures.translate("write zeros", path, failure);
        }
    }

    private void fill(long position, long bytes) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(FILL_BYTES, bytes));
        long next = position;
        while (next < position + bytes) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), position + bytes - next));
            next += channel.write(zeros, next);
        }
    }

    @Override
    public void sync() {
        try {
            channel.force(false);
        } catch (IOException failure) {
            throw DiskFailures.translate("sync", path, failure);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failure) {
            throw DiskFailures.translate("close", path, failure);
        }
    }
}
