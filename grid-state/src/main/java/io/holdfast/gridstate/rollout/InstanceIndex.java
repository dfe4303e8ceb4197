package io.holdfast.gridstate.rollout;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.gridstate.rule.RuleScope;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Which instances of an object are at a generation, without a walk over all of them.
///
///     instances-by-generation:  object | 0 | generation (4, big endian) | instance
final class InstanceIndex {
    static final Keyspace BY_GENERATION = new Keyspace("instances-by-generation");

    private static final byte[] NO_BYTES = {};

    void add(RuleScope scope, InstanceKey instance, int generation) {
        scope.putIndex(BY_GENERATION, key(instance, generation), NO_BYTES);
    }

    void remove(RuleScope scope, InstanceKey instance, int generation) {
        scope.deleteIndex(BY_GENERATION, key(instance, generation));
    }

    /// The first instances, in the order of their names, that are at the generation.
    List<InstanceKey> at(RuleScope scope, String object, int generation, int limit) {
        byte[] prefix = prefix(object, generation);
        List<InstanceKey> found = new ArrayList<>();
        scope.scanIndex(BY_GENERATION, prefix, (key, _) -> {
            String name = new String(key, prefix.length, key.length - prefix.length, UTF_8);
            found.add(new InstanceKey(object, name));
            return found.size() < limit;
        });
        return found;
    }

    private static byte[] key(InstanceKey instance, int generation) {
        byte[] prefix = prefix(instance.object(), generation);
        byte[] name = instance.name().getBytes(UTF_8);
        return ByteBuffer.allocate(prefix.length + name.length)
                .put(prefix)
                .put(name)
                .array();
    }

    private static byte[] prefix(String object, int generation) {
        byte[] name = (object + "\0").getBytes(UTF_8);
        return ByteBuffer.allocate(name.length + Integer.BYTES)
                .put(name)
                .putInt(generation)
                .array();
    }
}
