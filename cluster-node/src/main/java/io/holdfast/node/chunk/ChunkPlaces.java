package io.holdfast.node.chunk;

import io.holdfast.gridstate.chunkmap.FragmentPlace;
import io.holdfast.gridstate.chunkmap.Profile;
import io.holdfast.gridstate.cluster.NodeEntry;
import io.holdfast.gridstate.cluster.NodeState;
import io.holdfast.hostio.holder.HolderId;
import io.holdfast.node.membership.NodeRoster;
import io.holdfast.node.storage.DiskReport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Places for fragments among the disks that serve now, of nodes that take part in everything. Concurrent.
public final class ChunkPlaces implements PlaceChooser {
    /// In a large cluster a sample of the nodes is asked: enough to find room, too few to be a burden.
    private static final int NODES_ASKED_MAX = 64;

    private final NodeRoster roster;
    private final DiskBoard board;
    private final FragmentPlacer placer;
    private final RandomGenerator random;

    public ChunkPlaces(NodeRoster roster, DiskBoard board, RandomGenerator random) {
        this.roster = roster;
        this.board = board;
        this.placer = new FragmentPlacer(random);
        this.random = random;
    }

    @Override
    public List<FragmentPlace> choose(
            int count, Profile.Spread spread, Set<HolderId> avoid, List<FragmentPlace> taken) {
        Map<String, NodeEntry> nodes = askable();
        Map<String, List<DiskReport>> disks = board.lookPatiently(nodes.keySet());
        List<FragmentPlacer.Candidate> candidates = new ArrayList<>();
        nodes.forEach((name, node) -> {
            for (DiskReport report : disks.getOrDefault(name, List.of())) {
                if (report.isServing() && !avoid.contains(new HolderId(node.number(), report.disk()))) {
                    candidates.add(new FragmentPlacer.Candidate(
                            new FragmentPlace(node.number(), report.disk()),
                            node.description().zone(),
                            report.freeBytes()));
                }
            }
        });
        return placer.choose(count, spread, candidates, taken);
    }

    private Map<String, NodeEntry> askable() {
        List<Map.Entry<String,
                NodeEntry>> joined = new ArrayList<>(roster.picture().members().entrySet().stream()
                .filter(node -> node.getValue().state() instanceof NodeState.Joined)
                .toList());
        if (joined.size() > NODES_ASKED_MAX) {
            Collections.shuffle(joined, Random.from(random));
        }
        Map<String, NodeEntry> asked = new HashMap<>();
        joined.stream().limit(NODES_ASKED_MAX).forEach(node -> asked.put(node.getKey(), node.getValue()));
        return asked;
    }
}
