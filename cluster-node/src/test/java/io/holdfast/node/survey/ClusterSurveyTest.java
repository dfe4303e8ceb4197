package io.holdfast.node.survey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.FencingToken;
import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.UnavailableException;
import io.holdfast.gridstate.chunkmap.FragmentPlace;
import io.holdfast.gridstate.chunkmap.Profile;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.gridstate.command.ChunkCommand;
import io.holdfast.gridstate.command.GridCommand;
import io.holdfast.gridstate.command.LeaseCommand;
import io.holdfast.gridstate.command.VolumeCommand;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.GridReply.Accepted;
import io.holdfast.gridstate.rule.GridReply.Result.Granted;
import io.holdfast.gridstate.volume.VolumeCatalogs;
import io.holdfast.gridstate.volume.VolumeDraft;
import io.holdfast.gridstate.volume.VolumeEntry;
import io.holdfast.gridstate.volume.VolumePolicy;
import io.holdfast.gridstate.volume.VolumeSnapshotKey;
import io.holdfast.hostio.id.ChunkId;
import io.holdfast.node.chunk.DiskBoard;
import io.holdfast.node.http.port.StorageView.Family;
import io.holdfast.node.http.port.StorageView.HostFinding;
import io.holdfast.node.http.port.StorageView.Latency;
import io.holdfast.node.http.port.StorageView.ServedVolume;
import io.holdfast.node.http.port.StorageView.Space;
import io.holdfast.node.http.port.StorageView.Survey;
import io.holdfast.node.http.port.StorageView.VolumeFigures;
import io.holdfast.node.ledger.LedgerAccess;
import io.holdfast.node.membership.NodeRoster;
import io.holdfast.node.peerlink.PeerCall;
import io.holdfast.node.storage.DiskReport;
import io.holdfast.node.testing.MemoryLedger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A survey by node-1 of three nodes, of which node-2 serves a family and node-3 does not answer.
final class ClusterSurveyTest {
    private static final StreamId FAMILY = new StreamId(0x77);
    private static final Profile PROFILE = new Profile(2, 1, Profile.Spread.NODE);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final List<FragmentPlace> PLACES =
            List.of(new FragmentPlace(1, 0), new FragmentPlace(2, 0), new FragmentPlace(3, 0));

    private final InstantSource clock = InstantSource.fixed(Instant.ofEpochMilli(1_800_000_000_000L));
    private final MemoryLedger memory = new MemoryLedger(clock, 3);
    private final LedgerAccess ledger = memory.access("node-1");
    private final NodeRoster roster = new NodeRoster(clock, "n1", () -> "1");
    private final List<String> asked = new ArrayList<>();
    private final ClusterSurvey survey = new ClusterSurvey(
            "node-1",
            ledger,
            roster,
            new DiskBoard(ClusterSurveyTest::disks, System::nanoTime, LockSupport::parkNanos),
            new NothingHere(),
            new ClusterSurvey.Surroundings(this::ask, clock));
    private FencingToken token = new FencingToken(0);

    private static final class NothingHere implements ClusterSurvey.Here {
        @Override
        public List<ServedVolume> volumes() {
            return List.of();
        }

        @Override
        public List<HostFinding> examine() {
            return List.of(new HostFinding("runc", "ok", "here", "containers", ""));
        }
    }

    private static CompletableFuture<List<DiskReport>> disks(String node) {
        return node.equals("node-3")
                ? CompletableFuture.failedFuture(new UnavailableException("down"))
                : CompletableFuture.completedFuture(
                        List.of(new DiskReport(0, "/disk", "serving", "", 1, 10, 90, 0)));
    }

    private CompletableFuture<byte[]> ask(PeerId peer, PeerCall call, byte[] argument, Duration patience) {
        asked.add(peer.value() + " " + call);
        if (!peer.value().equals("node-2")) {
            return CompletableFuture.failedFuture(new UnavailableException("down"));
        }
        return CompletableFuture.completedFuture(SurveyJson.encode(call == PeerCall.EXAMINE
                ? List.of(new HostFinding("runc", "missing", "there", "containers", "install it"))
                : List.of(new ServedVolume(
                        "db", 1, 2, 3, 4, 5, 6, 7, 8, Latency.NONE, Latency.NONE, Latency.NONE))));
    }

    @BeforeEach
    void keepAVolumeWithASnapshotACloneAndTwoChunks() {
        roster.refresh(ledger.reader());
        accept(new VolumeCommand.Create(
                "db", new VolumeDraft(1 << 20, 4_096, PROFILE, VolumePolicy.STRICT, FAMILY)));
        accept(new VolumeCommand.Create(
                "still", new VolumeDraft(1 << 20, 4_096, PROFILE, VolumePolicy.STRICT, new StreamId(0x78))));
        Accepted granted =
                accept(new LeaseCommand.Acquire(VolumeEntry.leaseOf(FAMILY), "node-2", 60_000));
        token = ((Granted) granted.result()).token();
        VolumeSnapshotKey monday = new VolumeSnapshotKey("db", "monday");
        accept(new VolumeCommand.AddSnapshot(monday, token, 1));
        accept(new VolumeCommand.CreateClone("copy", monday, token, 1));
        accept(new ChunkCommand.FenceStream(FAMILY, token));
        chunk(0, 0);
        chunk(1, 0b100);
    }

    @AfterEach
    void close() {
        memory.close();
    }

    private void chunk(long number, long lostFragments) {
        ChunkId chunk = new ChunkId(FAMILY.value(), number);
        accept(new ChunkCommand.Open(chunk, token, PROFILE, PLACES));
        accept(new ChunkCommand.Seal(chunk, token, 1_000, 400, lostFragments));
    }

    private Accepted accept(GridCommand command) {
        return switch (ledger.submit(command)) {
            case Accepted accepted -> accepted;
            case GridReply.Refused refused -> throw new AssertionError(command + " refused: " + refused);
        };
    }

    private Map<String, VolumeFigures> figures(String... names) {
        Map<String, VolumeEntry> volumes = new java.util.HashMap<>();
        for (String name : names) {
            volumes.put(name, ledger.reader().get(VolumeCatalogs.VOLUMES, name).orElseThrow().value());
        }
        return survey.figures(volumes, PATIENCE);
    }

    @Test
    void aSurveyTellsTheDisksOfNodesThatAnswerAndWhatIsAtRisk() {
        Survey found = survey.survey();
        assertEquals(List.of("node-1", "node-2", "node-3"),
                found.nodes().stream().map(node -> node.node()).toList());
        assertEquals(90, found.nodes().getFirst().disks().getFirst().freeBytes());
        assertEquals(List.of(), found.nodes().get(2).disks());
        assertEquals(List.of("db", "copy"), found.nodes().get(1).volumes());
        assertEquals(1, found.atRisk().chunks());
        assertTrue(found.atRisk().isComplete());
        assertEquals(List.of("db", "copy"), found.atRisk().streams().getFirst().volumes());
    }

    @Test
    void theServingNodeIsAskedOnceForAllVolumesAndOnlyIt() {
        Map<String, VolumeFigures> found = figures("db", "copy", "still");
        assertEquals(List.of("node-2 SERVED_VOLUMES"), asked);
        VolumeFigures db = found.get("db");
        assertEquals(Optional.of("node-2"), db.servedBy());
        assertEquals(2, db.served().orElseThrow().reads());
        assertEquals(2, db.chunks());
        assertEquals(1, db.chunksAtRisk());
        assertEquals(Optional.of(new Space(800, 2_000, 3_000)), db.complete());
        assertEquals(Optional.empty(), found.get("still").servedBy());
        assertEquals(Optional.empty(), found.get("still").served());
    }

    @Test
    void aFamilyTellsItsVolumesSnapshotsAndPlaces() {
        Family family = survey.family(FAMILY);
        assertEquals(List.of("db", "copy"), family.volumes().stream().map(one -> one.volume()).toList());
        assertEquals("monday", family.volumes().getFirst().snapshots().getFirst().name());
        assertEquals(Optional.of("db/monday"), family.volumes().get(1).origin());
        assertEquals(Map.of("sealed", 1L, "at-risk", 1L), family.chunks());
        assertEquals(3, family.places().size());
        assertEquals(Map.of("sealed", 1L, "at-risk", 1L), family.places().getFirst().fragments());
        assertTrue(family.isComplete());
    }

    @Test
    void aNodeIsExaminedWhereItIs() {
        assertEquals("here", survey.examine("node-1", PATIENCE).getFirst().found());
        assertEquals("there", survey.examine("node-2", PATIENCE).getFirst().found());
        assertThrows(UnavailableException.class, () -> survey.examine("node-3", PATIENCE));
    }
}
