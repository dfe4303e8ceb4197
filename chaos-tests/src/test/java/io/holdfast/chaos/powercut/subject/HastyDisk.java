package io.holdfast.chaos.powercut.subject;

import io.holdfast.hostio.disk.Disk;
import io.holdfast.hostio.disk.DiskCapacity;
import io.holdfast.hostio.disk.DiskFile;
import java.nio.ByteBuffer;
import java.util.List;

/// A disk that says it has synced files and has not: what the product would be if it forgot to. Concurrent.
record HastyDisk(Disk disk) implements Disk {
    @Override
    public String name() {
        return disk.name();
    }

    @Override
    public DiskFile create(String file, long bytes) {
        return new HastyFile(disk.create(file, bytes));
    }

    @Override
    public DiskFile open(String file) {
        return new HastyFile(disk.open(file));
    }

    @Override
    public void rename(String from, String to) {
        disk.rename(from, to);
    }

    @Override
    public void delete(String file) {
        disk.delete(file);
    }

    @Override
    public List<String> list() {
        return disk.list();
    }

    @Override
    public void syncDirectory() {
        disk.syncDirectory();
    }

    @Override
    public DiskCapacity capacity() {
        return disk.capacity();
    }

    @Override
    public void close() {
        disk.close();
    }

    private record HastyFile(DiskFile file) implements DiskFile {
        @Override
        public String name() {
            return file.name();
        }

        @Override
        public long sizeBytes() {
            return file.sizeBytes();
        }

        @Override
        public void read(long position, ByteBuffer target) {
            file.read(position, target);
        }

        @Override
        public void write(long position, ByteBuffer source) {
            file.write(position, source);
        }

        @Override
        public void writeZeros(long position, long bytes) {
            file.writeZeros(position, bytes);
        }

        @Override
        public void sync() {
            // That is the bug.
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
