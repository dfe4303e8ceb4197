package io.holdfast.hostio.testing;

import io.holdfast.hostio.disk.Disk;
import io.holdfast.hostio.disk.DiskCapacity;
import io.holdfast.hostio.disk.DiskFile;
import java.nio.ByteBuffer;
import java.util.List;

/// A disk with one defect, put between a store and a good disk to see whether a check notices. Confined.
public final class DefectiveDisk implements Disk {
    private final Disk disk;
    private final Defect defect;
    private long count;

    /// What is done wrong, all without saying so.
    public enum Defect {
        SYNC_DOES_NOTHING,
        EVERY_TENTH_SYNC_DOES_NOTHING,
        FOLDER_SYNC_DOES_NOTHING,
        EVERY_FIFTIETH_WRITE_IS_DROPPED,
        EVERY_FIFTIETH_WRITE_IS_CUT_SHORT
    }

    public DefectiveDisk(Disk disk, Defect defect) {
        this.disk = disk;
        this.defect = defect;
    }

    private boolean isEvery(int n) {
        return ++count % n == 0;
    }

    @Override
    public String name() {
        return disk.name();
    }

    @Override
    public DiskFile create(String file, long bytes) {
        return new Handle(disk.create(file, bytes));
    }

    @Override
    public DiskFile open(String file) {
        return new Handle(disk.open(file));
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
        if (defect != Defect.FOLDER_SYNC_DOES_NOTHING) {
            disk.syncDirectory();
        }
    }

    @Override
    public DiskCapacity capacity() {
        return disk.capacity();
    }

    @Override
    public void close() {
        disk.close();
    }

    /// An open file.
    private final class Handle implements DiskFile {
        private final DiskFile file;

        Handle(DiskFile file) {
            this.file = file;
        }

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
            if (defect == Defect.EVERY_FIFTIETH_WRITE_IS_DROPPED && isEvery(50)) {
                source.position(source.limit());
            } else if (defect == Defect.EVERY_FIFTIETH_WRITE_IS_CUT_SHORT && isEvery(50)) {
                int end = source.limit();
                file.write(position, source.limit(source.position() + source.remaining() / 2));
                source.limit(end).position(end);
            } else {
                file.write(position, source);
            }
        }

        @Override
        public void writeZeros(long position, long bytes) {
            file.writeZeros(position, bytes);
        }

        @Override
        public void sync() {
            boolean skipped = defect == Defect.SYNC_DOES_NOTHING
                    || (defect == Defect.EVERY_TENTH_SYNC_DOES_NOTHING && isEvery(10));
            if (!skipped) {
                file.sync();
            }
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
