package io.holdfast.gridstate.rule;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.consensus.statemachine.CommandContext;
import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.consensus.statemachine.StateReader;
import io.holdfast.consensus.statemachine.StateTransaction;
import io.holdfast.consensus.store.WriteOverlay;
import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.catalog.CorruptRecordException;
import io.holdfast.gridstate.catalog.RecordCodec;
import io.holdfast.gridstate.catalog.RecordVersion;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.change.ChangeLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What one command reads and writes. Its writes are its own until [#commit]; a command that is refused is
/// simply not committed. Confined to the apply thread, for the time of one command.
public final class RuleScope {
    /// Counts that belong to no record.
    public static final Keyspace COUNTERS = new Keyspace("counters");

    private final WriteOverlay writes;
    private final RecordCodec codec;
    private final CommandContext context;
    private final Versions versions;
    private final Actor actor;
    private final Map<ChangeKey, ChangeLog.Draft> changes = new LinkedHashMap<>();

    /// How records are numbered that are written.
    public enum Versions {
        /// By the entry: several commands of one entry give the same. Up to level 2.
        ENTRY,
        /// By the command: no two states of a record have the same, so a condition on one holds for no other.
        COMMAND
    }

    public RuleScope(
            StateReader base, RecordCodec codec, CommandContext context, Versions versions, Actor actor) {
        this.writes = new WriteOverlay(base, UnaryOperator.identity());
        this.codec = codec;
        this.context = context;
        this.versions = versions;
        this.actor = actor;
    }

    /// The version that records get which are written here: it grows from command to command.
    public long version() {
        return versions == Versions.COMMAND
                ? RecordVersion.of(context.index().value(), context.ordinal())
                : context.index().value();
    }

    public long timeMillis() {
        return context.timeMillis();
    }

    public Actor actor() {
        return actor;
    }

    /// A number that differs for each command and grows from command to command.
    public long commandNumber() {
        return Math.addExact(Math.multiplyExact(context.index().value(), 1L << 20), context.ordinal());
    }

    public <K, R> Optional<R> find(Catalog<K, R> catalog, K key) {
        return findVersioned(catalog, key).map(Versioned::value);
    }

    public <K, R> Optional<Versioned<K, R>> findVersioned(Catalog<K, R> catalog, K key) {
        byte[] stored = writes.get(catalog.keyspace(), catalog.keyForm().encode(key));
        return stored == null ? Optional.empty() : Optional.of(catalog.decode(key, stored, codec));
    }

    public <K, R> void put(Catalog<K, R> catalog, K key, R value) {
        byte[] keyBytes = catalog.keyForm().encode(key);
        byte[] stored = catalog.encode(value, version(), codec);
        writes.put(catalog.keyspace(), keyBytes, stored);
        note(catalog, keyBytes, stored);
    }

    public <K, R> void remove(Catalog<K, R> catalog, K key) {
        byte[] keyBytes = catalog.keyForm().encode(key);
        writes.delete(catalog.keyspace(), keyBytes);
        note(catalog, keyBytes, null);
    }

    /// Walks the keys of a catalog that begin with the prefix; stops when the visitor says so.
    public <K, R> void scan(Catalog<K, R> catalog, byte[] prefix, StateReader.Visitor visitor) {
        writes.scan(catalog.keyspace(), prefix, prefix, visitor);
    }

    // Indexes: keys that no catalog shows and no watch sees.

    public boolean hasIndex(Keyspace index, byte[] key) {
        return writes.get(index, key) != null;
    }

    public byte @Nullable [] index(Keyspace index, byte[] key) {
        return writes.get(index, key);
    }

    public void putIndex(Keyspace index, byte[] key, byte[] value) {
        writes.put(index, key, value);
    }

    public void deleteIndex(Keyspace index, byte[] key) {
        writes.delete(index, key);
    }

    /// Walks an index's keys that begin with the prefix; stops when the visitor says so.
    public void scanIndex(Keyspace index, byte[] prefix, StateReader.Visitor visitor) {
        writes.scan(index, prefix, prefix, visitor);
    }

    public long counter(String name) {
        byte[] stored = writes.get(COUNTERS, name.getBytes(UTF_8));
        if (stored == null) {
            return 0;
        }
        if (stored.length != Long.BYTES) {
            throw new CorruptRecordException("no counter: name=" + name + " bytes=" + stored.length);
        }
        return ByteBuffer.wrap(stored).getLong();
    }

    public void setCounter(String name, long value) {
        writes.put(
                COUNTERS,
                name.getBytes(UTF_8),
                ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    }

    /// Hands everything written here to the entry's transaction, and what it changed to the log of changes.
    public void commit(StateTransaction transaction, ChangeLog log) {
        writes.drainTo(new WriteOverlay.Sink() {
            @Override
            public void put(Keyspace keyspace, byte[] key, byte[] value) {
                transaction.put(keyspace, key, value);
            }

            @Override
            public void delete(Keyspace keyspace, byte[] key) {
                transaction.delete(keyspace, key);
            }
        });
        log.append(context, new ArrayList<>(changes.values()), transaction);
    }

    private void note(Catalog<?, ?> catalog, byte[] key, byte @Nullable [] stored) {
        ChangeKey changeKey = new ChangeKey(catalog.name(), ByteBuffer.wrap(key));
        // A record written twice by one command changed once; the later write keeps its place at the end.
        changes.remove(changeKey);
        changes.put(changeKey, new ChangeLog.Draft(catalog.name(), key, stored));
    }

    List<ChangeLog.Draft> changes() {
        return List.copyOf(changes.values());
    }

    private record ChangeKey(String catalog, ByteBuffer key) {}
}
