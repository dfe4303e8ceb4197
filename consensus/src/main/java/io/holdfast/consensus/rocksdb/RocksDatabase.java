package io.holdfast.consensus.rocksdb;

import io.holdfast.consensus.CorruptLedgerException;
import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.consensus.statemachine.StateReader.Visitor;
import io.holdfast.consensus.store.LedgerKeyspaces;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One open RocksDB directory, closed by whoever leaves last: native memory must outlive every read.
/// Concurrent.
final class RocksDatabase {
    private static final Logger LOG = LoggerFactory.getLogger(RocksDatabase.class);

    private final Path directory;
    private final RocksDB database;
    private final List<ColumnFamilyHandle> handles;
    private final Map<Keyspace, ColumnFamilyHandle> byKeyspace;
    private final ReadOptions newest = new ReadOptions();

    private volatile boolean retired;

    /// Readers and the owner; zero means closed.
    private final AtomicInteger users = new AtomicInteger(1);

    private RocksDatabase(
            Path directory,
            RocksDB database,
            List<ColumnFamilyHandle> handles,
            Map<Keyspace, ColumnFamilyHandle> byKeyspace) {
        this.directory = directory;
        this.database = database;
        this.handles = handles;
        this.byKeyspace = byKeyspace;
    }

    /// Opens a directory for writing, making what is missing.
    static RocksDatabase open(Path directory, List<Keyspace> keyspaces, RocksResources resources) {
        return open(directory, keyspaces, resources, true);
    }

    /// Opens a directory that nobody writes, with whatever keyspaces it has.
    static RocksDatabase openReadOnly(Path directory, RocksResources resources) {
        return open(directory, List.of(), resources, false);
    }

    private static RocksDatabase open(
            Path directory, List<Keyspace> keyspaces, RocksResources resources, boolean writable) {
        try {
            Set<String> names = new LinkedHashSet<>(existingFamilies(directory));
            names.add(new String(RocksDB.DEFAULT_COLUMN_FAMILY, StandardCharsets.UTF_8));
            if (writable) {
                LedgerKeyspaces.ALL.forEach(keyspace -> names.add(keyspace.name()));
                keyspaces.forEach(keyspace -> names.add(keyspace.name()));
            }
            List<ColumnFamilyDescriptor> descriptors = names.stream()
                    .map(name -> new ColumnFamilyDescriptor(
                            name.getBytes(StandardCharsets.UTF_8), resources.keyspace()))
                    .toList();
            List<ColumnFamilyHandle> handles = new ArrayList<>();
            RocksDB database = writable
                    ? RocksDB.open(resources.database(), directory.toString(), descriptors, handles)
                    : RocksDB.openReadOnly(resources.database(), directory.toString(), descriptors, handles);
            return new RocksDatabase(directory, database, handles, byKeyspace(names, handles));
        } catch (RocksDBException e) {
            throw corrupt("cannot be opened", directory, e);
        }
    }

    private static Map<Keyspace, ColumnFamilyHandle> byKeyspace(
            Set<String> names, List<ColumnFamilyHandle> handles) {
        Map<Keyspace, ColumnFamilyHandle> byKeyspace = new LinkedHashMap<>();
        int i = 0;
        for (String name : names) {
            byKeyspace.put(new Keyspace(name), handles.get(i));
            i++;
        }
        return byKeyspace;
    }

    private static List<String> existingFamilies(Path directory) throws RocksDBException {
        if (!Files.exists(directory.resolve("CURRENT"))) {
            return List.of();
        }
        try (Options options = new Options()) {
            return RocksDB.listColumnFamilies(options, directory.toString()).stream()
                    .map(name -> new String(name, StandardCharsets.UTF_8))
                    .toList();
        }
    }

    Path directory() {
        return directory;
    }

    /// Keeps the database open until [#leave()], or says that it is already closed.
    boolean enter() {
        int seen = users.get();
        while (seen > 0) {
            int witness = users.compareAndExchange(seen, seen + 1);
            if (witness == seen) {
                return true;
            }
            seen = witness;
        }
        return false;
    }

    /// The counterpart of [#enter()], and of opening.
    void leave() {
        if (users.decrementAndGet() == 0) {
            newest.close();
            handles.forEach(ColumnFamilyHandle::close);
            database.close();
            if (retired) {
                deleteFiles();
            }
        }
    }

    /// The owner's [#leave()] from a database that is replaced: its files go with the last reader.
    void retire() {
        retired = true;
        leave();
    }

    private void deleteFiles() {
        try {
            Directories.deleteRecursively(directory);
        } catch (IOException e) {
            LOG.warn("a replaced state stays until the next start: directory={}", directory, e);
        }
    }

    RocksDB raw() {
        return database;
    }

    ReadOptions newest() {
        return newest;
    }

    ColumnFamilyHandle family(Keyspace keyspace) {
        ColumnFamilyHandle handle = byKeyspace.get(keyspace);
        if (handle == null) {
            throw new IllegalArgumentException("the store has no such keyspace: keyspace=" + keyspace.name());
        }
        return handle;
    }

    byte @Nullable [] get(ReadOptions options, Keyspace keyspace, byte[] key) {
        try {
            return database.get(family(keyspace), options, key);
        } catch (RocksDBException e) {
            throw corrupt("cannot be read", directory, e);
        }
    }

    void scan(ReadOptions options, Keyspace keyspace, byte[] prefix, byte[] from, Visitor visitor) {
        try (RocksIterator iterator = database.newIterator(family(keyspace), options)) {
            iterator.seek(Arrays.compareUnsigned(prefix, from) > 0 ? prefix : from);
            while (iterator.isValid()) {
                byte[] key = iterator.key();
                boolean inPrefix = key.length >= prefix.length
                        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
                if (!inPrefix || !visitor.visit(key, iterator.value())) {
                    return;
                }
                iterator.next();
            }
            iterator.status();
        } catch (RocksDBException e) {
            throw corrupt("cannot be read", directory, e);
        }
    }

    static RuntimeException corrupt(String what, Path directory, RocksDBException cause) {
        Status status = cause.getStatus();
        String message = "the state store " + what + ": directory=" + directory + " status="
                + (status == null ? "none" : status.getCodeString()) + " reason=" + cause.getMessage();
        boolean corrupt = status != null && status.getCode() == Status.Code.Corruption;
        return corrupt ? new CorruptLedgerException(message, cause) : new StoreFailure(message, cause);
    }
}
