package io.holdfast.gridstate.snapshot;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.gridstate.rule.RuleScope;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Keys that answer, without a walk over all snapshots, which are oldest and which descend from one.
///
///     snapshots-by-age:   tenant/application | 0 | ready since (8, big endian) | name
///     snapshot-children:  tenant/application/parent | 0 | child's name
final class SnapshotIndexes {
    private static final Keyspace BY_AGE = new Keyspace("snapshots-by-age");
    private static final Keyspace CHILDREN = new Keyspace("snapshot-children");
    static final List<Keyspace> ALL = List.of(BY_AGE, CHILDREN);

    private static final byte[] NO_BYTES = {};

    /// A snapshot that the retention may take.
    ///
    /// @param key which
    /// @param readyMillis since when it is ready
    record Aged(SnapshotKey key, long readyMillis) {}

    void addAged(RuleScope scope, SnapshotKey key, long readyMillis) {
        scope.putIndex(BY_AGE, agedKey(key, readyMillis), NO_BYTES);
    }

    void removeAged(RuleScope scope, SnapshotKey key, long readyMillis) {
        scope.deleteIndex(BY_AGE, agedKey(key, readyMillis));
    }

    List<Aged> oldest(RuleScope scope, ApplicationKey application, int limit) {
        byte[] prefix = (application + "\0").getBytes(UTF_8);
        List<Aged> found = new ArrayList<>();
        scope.scanIndex(BY_AGE, prefix, (key, _) -> {
            ByteBuffer rest = ByteBuffer.wrap(key, prefix.length, key.length - prefix.length);
            long readyMillis = rest.getLong();
            String name = UTF_8.decode(rest).toString();
            found.add(new Aged(new SnapshotKey(application, name), readyMillis));
            return found.size() < limit;
        });
        return found;
    }

    void addChild(RuleScope scope, SnapshotKey child, String parent) {
        scope.putIndex(CHILDREN, childKey(child, parent), NO_BYTES);
    }

    void removeChild(RuleScope scope, SnapshotKey child, String parent) {
        scope.deleteIndex(CHILDREN, childKey(child, parent));
    }

    boolean hasChildren(RuleScope scope, SnapshotKey parent) {
        boolean[] found = new boolean[1];
        scope.scanIndex(CHILDREN, (parent + "\0").getBytes(UTF_8), (_, _) -> {
            found[0] = true;
            return false;
        });
        return found[0];
    }

    private static byte[] agedKey(SnapshotKey key, long readyMillis) {
        byte[] prefix = (key.application() + "\0").getBytes(UTF_8);
        byte[] name = key.name().getBytes(UTF_8);
        return ByteBuffer.allocate(prefix.length + Long.BYTES + name.length)
                .put(prefix)
                .putLong(readyMillis)
                .put(name)
                .array();
    }

    private static byte[] childKey(SnapshotKey child, String parent) {
        SnapshotKey parentKey = new SnapshotKey(child.application(), parent);
        return (parentKey + "\0" + child.name()).getBytes(UTF_8);
    }
}
