package io.holdfast.consensus.apply;

import io.holdfast.consensus.Committed;
import io.holdfast.consensus.SessionId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What is remembered of one session. Confined to the apply thread.
final class Session {
    final SessionId id;
    long acknowledged;
    long touchedMillis;
    long resultBytes;

    /// Results of this session that the current entry added.
    final List<SessionChunk.Result> fresh = new ArrayList<>();

    /// The stored chunks, oldest first.
    final Deque<StoredChunk> chunks = new ArrayDeque<>();

    private final TreeMap<Long, Committed> results = new TreeMap<>();

    Session(SessionId id) {
        this.id = id;
    }

    @Nullable Committed result(long sequence) {
        return results.get(sequence);
    }

    void remember(long sequence, Committed committed) {
        results.put(sequence, committed);
        resultBytes += cost(committed);
    }

    /// Forgets results that their proposer will not ask for again.
    void acknowledge(long upTo) {
        if (upTo <= acknowledged) {
            return;
        }
        acknowledged = upTo;
        while (!results.isEmpty() && results.firstKey() <= upTo) {
            resultBytes -= cost(results.pollFirstEntry().getValue());
        }
    }

    /// What a result weighs: its bytes and what surrounds them.
    private static long cost(Committed committed) {
        return 96L + committed.reply().length;
    }

    /// One stored chunk: the entry that wrote it, and the last sequence it holds a result of.
    record StoredChunk(long index, long sequenceMax) {}
}
