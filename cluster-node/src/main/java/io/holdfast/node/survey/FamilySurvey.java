package io.holdfast.node.survey;

import io.holdfast.gridstate.catalog.Page;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.chunkmap.ChunkCatalogs;
import io.holdfast.gridstate.chunkmap.ChunkEntry;
import io.holdfast.gridstate.chunkmap.ChunkState;
import io.holdfast.gridstate.chunkmap.FragmentPlace;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.gridstate.cluster.NodeEntry;
import io.holdfast.gridstate.volume.VolumeCatalogs;
import io.holdfast.gridstate.volume.VolumeEntry;
import io.holdfast.gridstate.volume.VolumeIndexes;
import io.holdfast.gridstate.volume.VolumeSnapshotEntry;
import io.holdfast.gridstate.volume.VolumeSnapshotKey;
import io.holdfast.hostio.id.ChunkId;
import io.holdfast.node.http.port.StorageView.Family;
import io.holdfast.node.http.port.StorageView.Member;
import io.holdfast.node.http.port.StorageView.MemberSnapshot;
import io.holdfast.node.http.port.StorageView.NodeFragments;
import io.holdfast.node.http.port.StorageView.Space;
import io.holdfast.node.ledger.LedgerAccess;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One look at a family of volumes. Confined to its caller.
final class FamilySurvey {
    /// Bounds of one look: a tenth of a second of work.
    private static final int CHUNKS_MAX = 50_000;
    private static final int VOLUMES_MAX = 500;
    private static final int SNAPSHOTS_MAX = 5_000;

    private final LedgerAccess ledger;
    private final Map<Integer, String> names = new HashMap<>();
    private final Map<String, Long> states = new TreeMap<>();
    private final Map<String, Map<String, Long>> places = new TreeMap<>();
    private int snapshots;
    private Space complete = new Space(0, 0, 0);

    FamilySurvey(LedgerAccess ledger, Map<String, NodeEntry> nodes) {
        this.ledger = ledger;
        nodes.forEach((name, node) -> names.put(node.number(), name));
    }

    Family of(StreamId family) {
        boolean sawAllChunks = lookAtChunks(family);
        Map<Integer, String> members = VolumeIndexes.members(ledger.state(), family);
        List<Member> volumes = new ArrayList<>();
        members.values().stream().limit(VOLUMES_MAX).forEach(name ->
                ledger.reader().get(VolumeCatalogs.VOLUMES, name)
                        .ifPresent(volume -> volumes.add(member(volume))));
        boolean isComplete =
                sawAllChunks && members.size() <= VOLUMES_MAX && snapshots < SNAPSHOTS_MAX;
        List<NodeFragments> spread = new ArrayList<>();
        places.forEach((node, fragments) -> spread.add(new NodeFragments(node, fragments)));
        return new Family(volumes, states, spread, complete, isComplete);
    }

    /// What the complete chunks of a family take.
    static Space spaceOf(LedgerAccess ledger, StreamId family) {
        FamilySurvey survey = new FamilySurvey(ledger, Map.of());
        survey.lookAtChunks(family);
        return survey.complete;
    }

    static Space plus(Space sum, ChunkEntry chunk) {
        long stored = chunk.lengthBytes() * chunk.profile().fragmentCount() / chunk.profile().dataCount();
        return new Space(
                sum.usefulBytes() + chunk.usefulBytes(),
                sum.lengthBytes() + chunk.lengthBytes(),
                sum.storedBytes() + stored);
    }

    private boolean lookAtChunks(StreamId family) {
        Page.Request request = Page.Request.first(Page.LIMIT_MAX).withPrefix(family.toString());
        for (int seen = 0; seen < CHUNKS_MAX; seen += Page.LIMIT_MAX) {
            Page<ChunkId, ChunkEntry> page = ledger.reader().page(ChunkCatalogs.CHUNKS, request);
            page.entries().forEach(chunk -> add(chunk.value()));
            Optional<String> next = page.next();
            if (next.isEmpty()) {
                return true;
            }
            request = request.after(next.get());
        }
        return false;
    }

    private void add(ChunkEntry chunk) {
        String state = chunk.state().label();
        states.merge(state, 1L, Long::sum);
        for (FragmentPlace place : chunk.places()) {
            places.computeIfAbsent(names.getOrDefault(place.node(), "node " + place.node()),
                            _ -> new TreeMap<>())
                    .merge(state, 1L, Long::sum);
        }
        if (!(chunk.state() instanceof ChunkState.Open)) {
            complete = plus(complete, chunk);
        }
    }

    private Member member(Versioned<String, VolumeEntry> volume) {
        VolumeEntry entry = volume.value();
        return new Member(
                volume.key(),
                entry.sizeBytes(),
                entry.createdMillis(),
                entry.origin().map(VolumeSnapshotKey::toString),
                snapshots(volume.key()));
    }

    private List<MemberSnapshot> snapshots(String volume) {
        List<MemberSnapshot> found = new ArrayList<>();
        Page.Request request = Page.Request.first(Page.LIMIT_MAX).withPrefix(volume + "/");
        while (snapshots < SNAPSHOTS_MAX) {
            Page<VolumeSnapshotKey, VolumeSnapshotEntry> page =
                    ledger.reader().page(VolumeCatalogs.SNAPSHOTS, request);
            snapshots += page.entries().size();
            page.entries().forEach(snapshot -> found.add(new MemberSnapshot(
                    snapshot.key().name(),
                    snapshot.version(),
                    snapshot.value().sizeBytes(),
                    snapshot.value().createdMillis(),
                    snapshot.value().isProtected())));
            Optional<String> next = page.next();
            if (next.isEmpty()) {
                return found;
            }
            request = request.after(next.get());
        }
        return found;
    }
}
