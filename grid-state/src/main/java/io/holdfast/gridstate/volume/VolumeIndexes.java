package io.holdfast.gridstate.volume;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.consensus.statemachine.StateReader;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.gridstate.rule.RuleScope;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Keys that tell a family's volumes without a walk over all volumes. Readable from any thread over a store.
///
///     volumes-by-family:  stream (8) | member (4) -> the volume's name
public final class VolumeIndexes {
    private static final Keyspace BY_FAMILY = new Keyspace("volumes-by-family");
    static final List<Keyspace> ALL = List.of(BY_FAMILY);

    private VolumeIndexes() {}

    /// The names of a family's volumes by their member numbers.
    public static Map<Integer, String> members(StateReader reader, StreamId family) {
        Map<Integer, String> members = new TreeMap<>();
        byte[] prefix = prefix(family);
        reader.scan(BY_FAMILY, prefix, prefix, (key, value) -> {
            members.put(ByteBuffer.wrap(key).getInt(Long.BYTES), new String(value, UTF_8));
            return true;
        });
        return members;
    }

    static void add(RuleScope scope, StreamId family, int member, String name) {
        scope.putIndex(BY_FAMILY, key(family, member), name.getBytes(UTF_8));
    }

    static void remove(RuleScope scope, StreamId family, int member) {
        scope.deleteIndex(BY_FAMILY, key(family, member));
    }

    static boolean has(RuleScope scope, StreamId family, int member) {
        return scope.hasIndex(BY_FAMILY, key(family, member));
    }

    static boolean hasAny(RuleScope scope, StreamId family) {
        boolean[] found = new boolean[1];
        scope.scanIndex(BY_FAMILY, prefix(family), (_, _) -> {
            found[0] = true;
            return false;
        });
        return found[0];
    }

    private static byte[] prefix(StreamId family) {
        return ByteBuffer.allocate(Long.BYTES).putLong(family.value()).array();
    }

    private static byte[] key(StreamId family, int member) {
        return ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                .putLong(family.value())
                .putInt(member)
                .array();
    }
}
