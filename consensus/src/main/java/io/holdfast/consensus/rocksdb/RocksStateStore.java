package io.holdfast.consensus.rocksdb;

import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.Term;
import io.holdfast.consensus.UnavailableException;
import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.consensus.store.LedgerKeyspaces;
import io.holdfast.consensus.store.LedgerStore;
import io.holdfast.consensus.store.LedgerTransaction;
import io.holdfast.consensus.store.Position;
import io.holdfast.consensus.store.WriteOverlay;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// One group's state in RocksDB. Reading is concurrent; writing, checkpoints and replacement are confined to
/// the apply thread.
///
///     directory/FORMAT     what this is, see [FormatMarker]
///     directory/<number>/  a RocksDB database; the highest number counts, others are leftovers
///     directory/incoming/  a replacement that is not complete yet
///
/// Where a visitor or a view reads while the state is replaced, it goes on seeing the state before.
public final class RocksStateStore implements LedgerStore {
    private static final byte[] APPLIED_KEY = "applied".getBytes(StandardCharsets.US_ASCII);

    private final Path directory;
    private final List<Keyspace> keyspaces;
    private final RocksResources resources;
    private final WriteOptions writeOptions = new WriteOptions();
    private volatile RocksDatabase current;
    private volatile Position applied;
    private volatile boolean closed;

    private RocksStateStore(
            Path directory, List<Keyspace> keyspaces, RocksResources resources, RocksDatabase current) {
        this.directory = directory;
        this.keyspaces = keyspaces;
        this.resources = resources;
        this.current = current;
        this.applied = readApplied(current, current.newest());
    }

    /// Opens the store of a directory, which is made if it is not there.
    ///
    /// Throws [io.holdfast.consensus.CorruptLedgerException] if what is there is damaged, and
    /// [io.holdfast.consensus.IncompatibleFormatException] if another version of this program wrote it.
    public static RocksStateStore open(Path directory, List<Keyspace> keyspaces, RocksResources resources)
            throws IOException {
        LedgerKeyspaces.requireForeign(keyspaces);
        Files.createDirectories(directory);
        FormatMarker.ensure(directory);
        Directories.deleteRecursively(directory.resolve("incoming"));
        List<Path> databases = databases(directory);
        Path newest = databases.isEmpty() ? directory.resolve("1") : databases.getLast();
        for (Path leftover : databases) {
            if (!leftover.equals(newest)) {
                Directories.deleteRecursively(leftover);
            }
        }
        RocksDatabase database = RocksDatabase.open(newest, keyspaces, resources);
        return new RocksStateStore(directory, keyspaces, resources, database);
    }

    /// Opens the store of a directory that no process writes, for reading.
    public static RocksStateStore openReadOnly(Path directory, RocksResources resources) throws IOException {
        FormatMarker.check(directory.resolve(FormatMarker.FILE_NAME));
        List<Path> databases = databases(directory);
        if (databases.isEmpty()) {
            throw new UnavailableException("there is no state store: directory=" + directory);
        }
        RocksDatabase database = RocksDatabase.openReadOnly(databases.getLast(), resources);
        return new RocksStateStore(directory, List.of(), resources, database);
    }

    private static List<Path> databases(Path directory) throws IOException {
        return Directories.list(directory).stream()
                .filter(path -> path.getFileName().toString().matches("[0-9]{1,18}"))
                .sorted((a, b) -> Long.compare(number(a), number(b)))
                .toList();
    }

    private static long number(Path database) {
        return Long.parseLong(database.getFileName().toString());
    }

    @Override
    public Position applied() {
        return applied;
    }

    @Override
    public byte @Nullable [] get(Keyspace keyspace, byte[] key) {
        RocksDatabase database = enter();
        try {
            return database.get(database.newest(), keyspace, key);
        } finally {
            database.leave();
        }
    }

    @Override
    public void scan(Keyspace keyspace, byte[] prefix, byte[] fromInclusive, Visitor visitor) {
        RocksDatabase database = enter();
        try {
            database.scan(database.newest(), keyspace, prefix, fromInclusive, visitor);
        } finally {
            database.leave();
        }
    }

    @Override
    public <T> T readConsistently(Function<StateView, T> reads) {
        RocksDatabase database = enter();
        try {
            Snapshot snapshot = database.raw().getSnapshot();
            try (ReadOptions options = new ReadOptions().setSnapshot(snapshot)) {
                View view = new View(database, options);
                try {
                    return reads.apply(view);
                } finally {
                    view.open = false;
                }
            } finally {
                database.raw().releaseSnapshot(snapshot);
            }
        } finally {
            database.leave();
        }
    }

    private RocksDatabase enter() {
        while (!closed) {
            RocksDatabase database = current;
            if (database.enter()) {
                return database;
            }
        }
        throw new UnavailableException("the state store is closed: directory=" + directory);
    }

    @Override
    public LedgerTransaction begin() {
        return new Transaction(current);
    }

    /// Writes everything applied so far into a directory that does not exist yet: the data files as hard
    /// links, everything on the disk before it returns. Says which entry it holds.
    public Position checkpoint(Path target) throws IOException {
        RocksDatabase database = current;
        try (Checkpoint checkpoint = Checkpoint.create(database.raw())) {
            database.raw().flushWal(true);
            checkpoint.createCheckpoint(target.toString());
        } catch (RocksDBException e) {
            throw RocksDatabase.corrupt("cannot be checkpointed", database.directory(), e);
        }
        Directories.sync(target);
        Directories.sync(target.resolveSibling("."));
        return applied;
    }

    /// Replaces the whole content by that of a checkpoint, which stays as it is. The death of the process
    /// leaves either the old or the new content.
    public void replaceBy(Path checkpoint) throws IOException {
        Path incoming = directory.resolve("incoming");
        Directories.deleteRecursively(incoming);
        copyCheckpoint(checkpoint, incoming);
        RocksDatabase old = current;
        Path next = directory.resolve(Long.toString(number(old.directory()) + 1));
        Files.move(incoming, next, StandardCopyOption.ATOMIC_MOVE);
        Directories.sync(directory);
        RocksDatabase opened = RocksDatabase.open(next, keyspaces, resources);
        applied = readApplied(opened, opened.newest());
        current = opened;
        old.retire();
    }

    /// Links the data files, which never change, and copies the others. Files that are none of RocksDB's
    /// are left out.
    private static void copyCheckpoint(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        for (Path file : Directories.list(from)) {
            String name = file.getFileName().toString();
            if (name.endsWith(".sst") || name.endsWith(".blob")) {
                Files.createLink(to.resolve(name), file);
            } else if (!name.endsWith(".md5")) {
                Files.copy(file, to.resolve(name));
            }
        }
        Directories.sync(to);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            current.leave();
            writeOptions.close();
        }
    }

    private static Position readApplied(RocksDatabase database, ReadOptions options) {
        byte[] value = database.get(options, LedgerKeyspaces.META, APPLIED_KEY);
        if (value == null) {
            return Position.ZERO;
        }
        ByteBuffer in = ByteBuffer.wrap(value);
        return new Position(new LogIndex(in.getLong()), new Term(in.getLong()));
    }

    /// The state under one RocksDB snapshot.
    private static final class View implements StateView {
        private final RocksDatabase database;
        private final ReadOptions options;
        private volatile boolean open = true;

        View(RocksDatabase database, ReadOptions options) {
            this.database = database;
            this.options = options;
        }

        @Override
        public LogIndex appliedIndex() {
            requireOpen();
            return readApplied(database, options).index();
        }

        @Override
        public byte @Nullable [] get(Keyspace keyspace, byte[] key) {
            requireOpen();
            return database.get(options, keyspace, key);
        }

        @Override
        public void scan(Keyspace keyspace, byte[] prefix, byte[] fromInclusive, Visitor visitor) {
            requireOpen();
            database.scan(options, keyspace, prefix, fromInclusive, visitor);
        }

        private void requireOpen() {
            if (!open) {
                throw new IllegalStateException("a view must not outlive the call it was made for");
            }
        }
    }

    /// The writes of one entry, gathered in memory and written as one batch.
    private final class Transaction implements LedgerTransaction {
        private final RocksDatabase database;
        private final WriteOverlay overlay;

        Transaction(RocksDatabase database) {
            this.database = database;
            this.overlay = new WriteOverlay(RocksStateStore.this, keyspace -> {
                database.family(keyspace);
                return keyspace;
            });
        }

        @Override
        public byte @Nullable [] get(Keyspace keyspace, byte[] key) {
            return overlay.get(keyspace, key);
        }

        @Override
        public void scan(Keyspace keyspace, byte[] prefix, byte[] fromInclusive, Visitor visitor) {
            overlay.scan(keyspace, prefix, fromInclusive, visitor);
        }

        @Override
        public void put(Keyspace keyspace, byte[] key, byte[] value) {
            overlay.put(keyspace, key, value);
        }

        @Override
        public void delete(Keyspace keyspace, byte[] key) {
            overlay.delete(keyspace, key);
        }

        @Override
        public void commit(Position position) {
            if (!position.index().isAfter(applied.index())) {
                throw new IllegalStateException(
                        "an entry comes after the one before: applied=" + applied + " position=" + position);
            }
            byte[] mark = ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(position.index().value())
                    .putLong(position.term().value())
                    .array();
            overlay.put(LedgerKeyspaces.META, APPLIED_KEY, mark);
            try (WriteBatch batch = new WriteBatch()) {
                overlay.drainTo(new BatchSink(database, batch));
                database.raw().write(writeOptions, batch);
            } catch (RocksDBException e) {
                throw RocksDatabase.corrupt("cannot be written", database.directory(), e);
            }
            applied = position;
        }
    }

    /// Turns writes into records of a RocksDB batch.
    private record BatchSink(RocksDatabase database, WriteBatch batch) implements WriteOverlay.Sink {
        @Override
        public void put(Keyspace keyspace, byte[] key, byte[] value) {
            try {
                batch.put(database.family(keyspace), key, value);
            } catch (RocksDBException e) {
                throw RocksDatabase.corrupt("cannot be written", database.directory(), e);
            }
        }

        @Override
        public void delete(Keyspace keyspace, byte[] key) {
            try {
                batch.delete(database.family(keyspace), key);
            } catch (RocksDBException e) {
                throw RocksDatabase.corrupt("cannot be written", database.directory(), e);
            }
        }
    }
}
