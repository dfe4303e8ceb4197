package io.holdfast.node.blob;

import io.holdfast.gridstate.chunkmap.StoredBlob;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.hostio.blob.BlobRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Remembers since when what is stored in volumes of blobs is referred to by nothing. Concurrent.
///
/// What was referred to and is no longer, may go at once. What never was, may have been put by somebody who
/// is about to enter it in a catalog: it stays for a while. Only a volume's own node puts anything into it,
/// and one process at a time is that node; so addresses that are in here hold the same bytes as before, as
/// long as whoever gives them back says so here.
final class BlobGarbage {
    /// Longer than anybody takes between putting a blob and entering it.
    static final Duration KEPT = Duration.ofMinutes(10);

    private final Map<StreamId, Suspects> suspects = new HashMap<>();

    /// What is known of one volume.
    ///
    /// @param since when which ranges were first seen to be referred to by nothing
    /// @param referenced what was referred to at the last look
    private record Suspects(TreeMap<Long, List<BlobRange>> since, Set<StoredBlob> referenced) {}

    /// Whether looking at a volume may lead to something.
    synchronized boolean isWorthALook(StreamId family, Set<StoredBlob> referenced, long nowMillis) {
        Suspects known = suspects.get(family);
        return known == null
                || !referenced.containsAll(known.referenced)
                || (!known.since.isEmpty() && known.since.firstKey() <= nowMillis - KEPT.toMillis());
    }

    /// What is to be given back now.
    ///
    /// @param unreferenced what is stored and belongs to none of the blobs referred to now
    synchronized List<BlobRange> due(
            StreamId family, List<BlobRange> unreferenced, Set<StoredBlob> referenced, long nowMillis) {
        Suspects known =
                suspects.computeIfAbsent(family, _ -> new Suspects(new TreeMap<>(), new HashSet<>()));
        List<BlobRange> due = new ArrayList<>();
        List<BlobRange> gone = new ArrayList<>();
        known.referenced.removeAll(referenced);
        known.referenced.forEach(blob -> gone.add(BlobRange.of(blob.offset(), blob.lengthBytes())));
        List<BlobRange> rest = take(unreferenced, gone, due);
        TreeMap<Long, List<BlobRange>> since = new TreeMap<>();
        for (Map.Entry<Long, List<BlobRange>> before : known.since.entrySet()) {
            List<BlobRange> still = new ArrayList<>();
            rest = take(rest, before.getValue(), still);
            if (before.getKey() <= nowMillis - KEPT.toMillis()) {
                due.addAll(still);
            } else if (!still.isEmpty()) {
                since.put(before.getKey(), still);
            }
        }
        if (!rest.isEmpty()) {
            since.computeIfAbsent(nowMillis, _ -> new ArrayList<>()).addAll(rest);
        }
        suspects.put(family, new Suspects(since, new HashSet<>(referenced)));
        return due;
    }

    /// Moves what is in the chosen ranges as well to `taken`, and answers what is left.
    private static List<BlobRange> take(
            List<BlobRange> ranges, Collection<BlobRange> chosen, List<BlobRange> taken) {
        List<BlobRange> left = BlobRange.without(ranges, chosen);
        taken.addAll(BlobRange.without(ranges, left));
        return left;
    }

    /// Somebody gave these addresses back: what will be there is something else.
    synchronized void freed(StreamId family, BlobRange range) {
        Suspects known = suspects.get(family);
        if (known != null) {
            known.since.replaceAll((_, ranges) -> BlobRange.without(ranges, List.of(range)));
            known.since.values().removeIf(List::isEmpty);
        }
    }

    /// Forgets volumes that are no longer looked at here.
    synchronized void retain(Set<StreamId> families) {
        suspects.keySet().retainAll(families);
    }
}
