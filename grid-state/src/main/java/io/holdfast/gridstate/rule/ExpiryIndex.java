package io.holdfast.gridstate.rule;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.consensus.statemachine.Keyspace;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Names in the order in which what they stand for expires. Immutable.
///
///     key:  expires (8, big endian) | name
public final class ExpiryIndex {
    private static final byte[] NO_BYTES = {};

    private final Keyspace keyspace;

    public ExpiryIndex(Keyspace keyspace) {
        this.keyspace = keyspace;
    }

    public void add(RuleScope scope, String name, long expiresMillis) {
        scope.putIndex(keyspace, key(name, expiresMillis), NO_BYTES);
    }

    public void remove(RuleScope scope, String name, long expiresMillis) {
        scope.deleteIndex(keyspace, key(name, expiresMillis));
    }

    /// The names of what expired first, if it had expired at the time; at most `limit`.
    public List<String> expiredAt(RuleScope scope, long timeMillis, int limit) {
        List<String> names = new ArrayList<>();
        scope.scanIndex(keyspace, NO_BYTES, (key, _) -> {
            ByteBuffer buffer = ByteBuffer.wrap(key);
            if (buffer.getLong() > timeMillis) {
                return false;
            }
            names.add(UTF_8.decode(buffer).toString());
            return names.size() < limit;
        });
        return names;
    }

    private static byte[] key(String name, long expiresMillis) {
        byte[] bytes = name.getBytes(UTF_8);
        return ByteBuffer.allocate(Long.BYTES + bytes.length)
                .putLong(expiresMillis)
                .put(bytes)
                .array();
    }
}
