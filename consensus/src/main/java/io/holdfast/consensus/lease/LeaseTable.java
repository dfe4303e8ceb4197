package io.holdfast.consensus.lease;

import io.holdfast.consensus.CorruptLedgerException;
import io.holdfast.consensus.FencingToken;
import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.consensus.statemachine.StateReader;
import io.holdfast.consensus.statemachine.StateTransaction;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Leases by name in one keyspace. Immutable; every change goes through the transaction that is passed in,
/// so it is confined like that. Deterministic: time is what the caller says, the ledger's effective time.
///
/// A released or expired lease leaves its row behind, because the row holds the last token: [#forget] drops
/// it, for names that will never be used again.
///
///     key: the name, UTF-8
///     value, offset, bytes, content (big endian)
///     0    1   version of this layout, 1
///     1    8   token
///     9    8   expires, ledger time in milliseconds; 0 once released
///     17       holder, UTF-8
public final class LeaseTable {
    /// Bounds names and holders, in bytes of UTF-8.
    public static final int NAME_BYTES_MAX = 512;

    private static final byte VERSION = 1;
    private static final int HEADER_BYTES = 1 + 8 + 8;

    private final Keyspace keyspace;

    public LeaseTable(Keyspace keyspace) {
        this.keyspace = keyspace;
    }

    /// The lease of a name as it was last given, held or not.
    public Optional<Lease> find(StateReader state, String name) {
        byte[] key = key(name);
        byte[] value = state.get(keyspace, key);
        return value == null ? Optional.empty() : Optional.of(decode(name, value));
    }

    /// Leases in the order of their names, from the first that begins with the prefix and follows `after`.
    public List<Lease> list(StateReader state, String prefix, String after, int limit) {
        List<Lease> leases = new ArrayList<>();
        byte[] afterKey = after.getBytes(StandardCharsets.UTF_8);
        byte[] prefixKey = prefix.getBytes(StandardCharsets.UTF_8);
        state.scan(keyspace, prefixKey, afterKey, (key, value) -> {
            String name = new String(key, StandardCharsets.UTF_8);
            if (!name.equals(after) && leases.size() < limit) {
                leases.add(decode(name, value));
            }
            return leases.size() < limit;
        });
        return leases;
    }

    /// Gives the lease to the holder if it is free or expired. Its present holder gets it anew, with a newer
    /// token: it may have forgotten that it holds it, and what it did before must be fenced off.
    public LeaseResult acquire(
            StateTransaction state, String name, String holder, long timeMillis, long durationMillis) {
        requireDuration(durationMillis);
        Optional<Lease> found = find(state, name);
        if (found.isPresent()
                && found.get().isHeldAt(timeMillis)
                && !found.get().holder().equals(holder)) {
            return new LeaseResult.Held(found.get());
        }
        FencingToken token = found.map(Lease::token).orElse(FencingToken.ZERO).next();
        return new LeaseResult.Granted(store(state, name, holder, token, timeMillis + durationMillis));
    }

    /// Prolongs a lease under the same token. A lease that has expired but was given to nobody since may
    /// still be renewed; one is never shortened.
    public LeaseResult renew(
            StateTransaction state, Lease claimed, long timeMillis, long durationMillis) {
        requireDuration(durationMillis);
        Optional<Lease> found = held(state, claimed);
        if (found.isEmpty()) {
            return new LeaseResult.NotHolder();
        }
        long expires = Math.max(found.get().expiresMillis(), timeMillis + durationMillis);
        return new LeaseResult.Granted(
                store(state, claimed.name(), claimed.holder(), claimed.token(), expires));
    }

    /// Gives a lease back before it expires.
    public LeaseResult release(StateTransaction state, Lease claimed) {
        if (held(state, claimed).isEmpty()) {
            return new LeaseResult.NotHolder();
        }
        return new LeaseResult.Released(store(state, claimed.name(), claimed.holder(), claimed.token(), 0));
    }

    /// Ends a lease whoever holds it, as an operator does with a lost holder. Empty if there was none.
    public Optional<Lease> revoke(StateTransaction state, String name) {
        return find(state, name).map(lease -> store(state, name, lease.holder(), lease.token(), 0));
    }

    /// Drops the row of a name that will never be used again: its tokens begin anew.
    public void forget(StateTransaction state, String name) {
        state.delete(keyspace, key(name));
    }

    /// The stored lease, if it is still the claimed one and was not released.
    private Optional<Lease> held(StateReader state, Lease claimed) {
        return find(state, claimed.name())
                .filter(lease -> lease.holder().equals(claimed.holder())
                        && lease.token().equals(claimed.token())
                        && lease.expiresMillis() > 0);
    }

    private Lease store(
            StateTransaction state, String name, String holder, FencingToken token, long expiresMillis) {
        byte[] holderBytes = bounded(holder);
        byte[] value = ByteBuffer.allocate(HEADER_BYTES + holderBytes.length)
                .put(VERSION)
                .putLong(token.value())
                .putLong(expiresMillis)
                .put(holderBytes)
                .array();
        state.put(keyspace, key(name), value);
        return new Lease(name, holder, token, expiresMillis);
    }

    private static Lease decode(String name, byte[] value) {
        if (value.length < HEADER_BYTES || value[0] != VERSION) {
            throw new CorruptLedgerException(
                    "a lease has a known layout: name=" + name + " bytes=" + value.length);
        }
        ByteBuffer in = ByteBuffer.wrap(value, 1, value.length - 1);
        FencingToken token = new FencingToken(in.getLong());
        long expires = in.getLong();
        String holder = new String(value, HEADER_BYTES, value.length - HEADER_BYTES, StandardCharsets.UTF_8);
        return new Lease(name, holder, token, expires);
    }

    private static byte[] key(String name) {
        return bounded(name);
    }

    private static byte[] bounded(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length > NAME_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "names and holders have 1 to " + NAME_BYTES_MAX + " bytes: bytes=" + bytes.length);
        }
        return bytes;
    }

    private static void requireDuration(long durationMillis) {
        if (durationMillis < 1) {
            throw new IllegalArgumentException("a lease lasts at least 1 ms: millis=" + durationMillis);
        }
    }
}
