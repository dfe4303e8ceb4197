package io.holdfast.node.testing;

import io.holdfast.consensus.UnavailableException;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.gridstate.volume.VolumeEntry;
import io.holdfast.node.http.port.StorageView;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is stored on one node, `node-a`, which serves every volume. Immutable.
final class FakeStorage implements StorageView {
    private static final String NODE = "node-a";
    private static final Latency LATENCY = new Latency(10, 90, 400, 900, 1_000, List.of(0L, 4L, 6L));
    private static final Space SPACE = new Space(7, 14, 21);

    @Override
    public Survey survey() {
        Disk disk = new Disk(0, "/disk", "serving", "", 3, 1_000, 9_000, 0);
        StreamAtRisk stream = new StreamAtRisk("00000000000000aa", "volume db", 2, List.of("db"));
        return new Survey(
                List.of(new NodeStorage(NODE, List.of(disk), List.of("db"))),
                new AtRisk(2, true, List.of(stream)), SPACE, true);
    }

    @Override
    public Map<String, VolumeFigures> figures(Map<String, VolumeEntry> volumes, Duration patience) {
        Map<String, VolumeFigures> found = new HashMap<>();
        for (String name : volumes.keySet()) {
            ServedVolume served = new ServedVolume(
                    name, 1, 10, 40_960, 2, 8_192, 7, 21, 14, LATENCY, LATENCY, Latency.NONE);
            found.put(name, new VolumeFigures(
                    Optional.of(NODE), 5, 1, Optional.of(SPACE), Optional.of(served)));
        }
        return found;
    }

    @Override
    public Family family(StreamId family) {
        Member member = new Member("db", 4_096, 1, Optional.empty(),
                List.of(new MemberSnapshot("monday", 9, 4_096, 2, false)));
        return new Family(List.of(member), Map.of("sealed", 5L),
                List.of(new NodeFragments(NODE, Map.of("sealed", 5L))), SPACE, true);
    }

    @Override
    public List<HostFinding> examine(String node, Duration patience) {
        if (!node.equals(NODE)) {
            throw new UnavailableException("the node does not answer: node=" + node);
        }
        return List.of(new HostFinding("runc", "ok", "runc 1.1", "containers", ""));
    }
}
