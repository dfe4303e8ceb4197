package io.holdfast.hostio.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/// A file through a `FileChannel`. Concurrent.
final class ChannelFile implements DiskFile {
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
