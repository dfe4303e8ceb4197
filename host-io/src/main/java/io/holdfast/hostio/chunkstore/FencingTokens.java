package io.holdfast.hostio.chunkstore;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The newest fencing token of each stream, over all disks of the machine. Concurrent. In memory; each
/// disk's [TokenFile] keeps them.
final class FencingTokens {
    private final ConcurrentHashMap<Long, Long> newest = new ConcurrentHashMap<>();

    long newest(long stream) {
        return newest.getOrDefault(stream, 0L);
    }

    /// Takes the token as the newest, or refuses it if it is older.
    void admit(long stream, long token) {
        long now = newest.merge(stream, token, Math::max);
        if (now > token) {
            throw new FencedException(stream, token, now);
        }
    }

    /// Takes tokens found on a disk; none goes back.
    void learn(Map<Long, Long> found) {
        found.forEach((stream, token) -> newest.merge(stream, token, Math::max));
    }

    Map<Long, Long> all() {
        return Map.copyOf(newest);
    }
}
