package io.holdfast.node.snapshot;

import io.holdfast.gridstate.snapshot.SnapshotKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Snapshots in the clear, in the run folder. What nobody uses stays for the next restore until the bound is
/// reached; then what was used longest ago goes. Guarded by its own lock; a snapshot is filled once, outside
/// of the lock, while others wait for it alone.
final class OpenFolders implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenFolders.class);

    private final Path root;
    private final long bytesMax;
    private final Map<SnapshotKey, Slot> slots = new HashMap<>();
    private long sequence;
    private long bytes;

    /// Puts a snapshot's files into a new folder.
    @FunctionalInterface
    interface Filler {
        void fill(Path folder) throws IOException;
    }

    /// One snapshot; its lock is held while it is filled.
    private static final class Slot {
        private final ReentrantLock filling = new ReentrantLock();
        private @Nullable Path folder;
        private long bytes;
        private int users;
        private long lastUse;
    }

    private OpenFolders(Path root, long bytesMax) {
        this.root = root;
        this.bytesMax = bytesMax;
    }

    /// Begins with an empty folder: what a killed predecessor left is nobody's.
    static OpenFolders open(Path root, long bytesMax) throws IOException {
        if (Files.exists(root)) {
            deleteTree(root);
        }
        Path parent = root.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        return new OpenFolders(privateFolder(root), bytesMax);
    }

    /// The bytes that lie in the clear now.
    synchronized long bytes() {
        return bytes;
    }

    /// A folder for a checkpoint that is to be made; it does not exist yet.
    synchronized Path newFolder() {
        sequence++;
        return root.resolve("f" + sequence);
    }

    /// Takes over a folder that [#newFolder] named as a snapshot's.
    void adopt(SnapshotKey key, Path folder) throws IOException {
        long size = sizeOf(folder);
        List<Path> doomed = new ArrayList<>();
        synchronized (this) {
            Slot slot = slots.computeIfAbsent(key, _ -> new Slot());
            Path before = slot.folder;
            if (before != null && slot.users == 0) {
                doomed.add(before);
            }
            bytes += size - slot.bytes;
            slot.folder = folder;
            slot.bytes = size;
            slot.lastUse = ++sequence;
            doomed.addAll(evict());
        }
        delete(doomed);
    }

    /// Opens a snapshot, filled by the first who asks.
    SnapshotStore.OpenSnapshot use(SnapshotKey key, Filler filler) throws IOException {
        Slot slot;
        synchronized (this) {
            slot = slots.computeIfAbsent(key, _ -> new Slot());
            slot.users++;
        }
        slot.filling.lock();
        try {
            if (slot.folder == null) {
                fill(key, slot, filler);
            }
        } catch (IOException | RuntimeException failure) {
            release(slot);
            throw failure;
        } finally {
            slot.filling.unlock();
        }
        return new Use(this, slot, java.util.Objects.requireNonNull(slot.folder));
    }

    private void fill(SnapshotKey key, Slot slot, Filler filler) throws IOException {
        Path folder = privateFolder(newFolder());
        boolean isFilled = false;
        try {
            filler.fill(folder);
            isFilled = true;
        } finally {
            if (!isFilled) {
                delete(List.of(folder));
            }
        }
        long size = sizeOf(folder);
        List<Path> doomed;
        synchronized (this) {
            slots.putIfAbsent(key, slot);
            slot.folder = folder;
            slot.bytes = size;
            bytes += size;
            doomed = evict();
        }
        delete(doomed);
    }

    /// Forgets a snapshot; a folder in use goes when it is no longer.
    void forget(SnapshotKey key) {
        List<Path> doomed = new ArrayList<>();
        synchronized (this) {
            Slot slot = slots.get(key);
            Path folder = slot == null ? null : slot.folder;
            if (slot != null && folder != null && slot.users == 0) {
                slots.remove(key);
                bytes -= slot.bytes;
                doomed.add(folder);
            } else if (slot != null) {
                slot.lastUse = 0;
            }
        }
        delete(doomed);
    }

    private synchronized void release(Slot slot) {
        slot.users--;
        slot.lastUse = ++sequence;
    }

    /// Called with the lock held.
    private List<Path> evict() {
        List<Path> doomed = new ArrayList<>();
        List<Map.Entry<SnapshotKey, Slot>> idle = new ArrayList<>();
        for (Map.Entry<SnapshotKey, Slot> entry : slots.entrySet()) {
            if (entry.getValue().users == 0 && entry.getValue().folder != null) {
                idle.add(entry);
            }
        }
        idle.sort(Comparator.comparingLong(entry -> entry.getValue().lastUse));
        for (Map.Entry<SnapshotKey, Slot> entry : idle) {
            if (bytes <= bytesMax) {
                break;
            }
            bytes -= entry.getValue().bytes;
            doomed.add(java.util.Objects.requireNonNull(entry.getValue().folder));
            slots.remove(entry.getKey());
        }
        return doomed;
    }

    private static void delete(List<Path> folders) {
        for (Path folder : folders) {
            try {
                deleteTree(folder);
            } catch (IOException | UncheckedIOException failure) {
                LOG.warn("a folder could not be removed: folder={} reason={}", folder, failure.getMessage());
            }
        }
    }

    /// Makes a folder that only its owner enters.
    static Path privateFolder(Path folder) throws IOException {
        return Files.createDirectory(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    static long sizeOf(Path folder) throws IOException {
        long[] sum = new long[1];
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                sum[0] += attributes.size();
                return FileVisitResult.CONTINUE;
            }
        });
        return sum[0];
    }

    /// Removes a folder; follows no link out of it.
    static void deleteTree(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, @Nullable IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(each);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Override
    public void close() {
        delete(List.of(root));
    }

    /// One user's hold on a folder.
    private static final class Use implements SnapshotStore.OpenSnapshot {
        private final OpenFolders owner;
        private final Slot slot;
        private final Path folder;
        private boolean closed;

        Use(OpenFolders owner, Slot slot, Path folder) {
            this.owner = owner;
            this.slot = slot;
            this.folder = folder;
        }

        @Override
        public Path folder() {
            return folder;
        }

        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                owner.release(slot);
            }
        }
    }
}
