package io.holdfast.gridstate.volume;

import static io.holdfast.gridstate.volume.VolumeCatalogs.RECLAIMS;
import static io.holdfast.gridstate.volume.VolumeCatalogs.SNAPSHOTS;
import static io.holdfast.gridstate.volume.VolumeCatalogs.VOLUMES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.chunkmap.ChunkCatalogs;
import io.holdfast.gridstate.chunkmap.FragmentPlace;
import io.holdfast.gridstate.chunkmap.Profile;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.gridstate.command.ChunkCommand;
import io.holdfast.gridstate.command.LeaseCommand;
import io.holdfast.gridstate.command.VolumeCommand;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.testing.GridHarness;
import io.holdfast.hostio.id.ChunkId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class VolumeRulesTest {
    private static final Profile SINGLE = new Profile(1, 0, Profile.Spread.NODE);
    private static final StreamId LOG = new StreamId(1);
    private static final StreamId MAP = new StreamId(2);
    private static final FencingToken OLD = new FencingToken(5);
    private static final FencingToken TOKEN = new FencingToken(9);
    private static final VolumeSnapshotKey MONDAY = new VolumeSnapshotKey("db", "monday");

    private final GridHarness grid = GridHarness.founded();

    @Test
    void aVolumeIsMadeWithItsStreamsOrNotAtAll() {
        grid.accept(create("db", 1, Optional.empty()));
        VolumeEntry volume = grid.get(VOLUMES, "db");
        assertEquals(LOG, volume.dataStream());
        assertTrue(grid.find(ChunkCatalogs.STREAMS, LOG).isPresent());
        assertTrue(grid.find(ChunkCatalogs.STREAMS, MAP).isPresent());
        assertEquals(RefusalCode.EXISTS, grid.refuse(create("db", 3, Optional.empty())));
        assertEquals(RefusalCode.EXISTS, grid.refuse(create("other", 1, Optional.empty())));
    }

    @Test
    void aProfileThatTheClusterIsTooSmallForIsRefused() {
        VolumeDraft draft = new VolumeDraft(
                8_192, 4_096, new Profile(2, 1, Profile.Spread.NODE), SINGLE, VolumePolicy.STRICT, LOG, MAP);
        assertEquals(
                RefusalCode.INVALID,
                grid.refuse(new VolumeCommand.Create("db", draft, Optional.empty())));
        grid.accept(create("db", 1, Optional.empty()));
        assertEquals(
                RefusalCode.INVALID,
                grid.refuse(new VolumeCommand.SetProfile(
                        "db", TOKEN, new Profile(2, 1, Profile.Spread.NODE))));
    }

    @Test
    void onlyTheNewestServerChangesAVolume() {
        grid.accept(create("db", 1, Optional.empty()));
        grid.accept(new ChunkCommand.FenceStream(LOG, TOKEN));
        assertEquals(RefusalCode.FENCED, grid.refuse(new VolumeCommand.Resize("db", OLD, 8_192)));
        assertEquals(RefusalCode.FENCED, grid.refuse(new VolumeCommand.AddSnapshot(MONDAY, OLD, 7)));
        assertEquals(RefusalCode.FENCED, grid.refuse(new VolumeCommand.RollBack(MONDAY, OLD)));
        assertEquals(RefusalCode.FENCED, grid.refuse(new VolumeCommand.Attach("db", OLD, "n1")));
        grid.accept(new VolumeCommand.Resize("db", TOKEN, 16_384));
        assertEquals(16_384, grid.get(VOLUMES, "db").sizeBytes());
        assertEquals(RefusalCode.INVALID, grid.refuse(new VolumeCommand.Resize("db", TOKEN, 16_385)));
    }

    @Test
    void aSnapshotIsNamedOnceAndRemembersItsSize() {
        grid.accept(create("db", 1, Optional.empty()));
        long version = grid.accept(new VolumeCommand.AddSnapshot(MONDAY, TOKEN, 7)).version();
        assertEquals(version, grid.accept(new VolumeCommand.AddSnapshot(MONDAY, TOKEN, 7)).version());
        assertEquals(RefusalCode.EXISTS, grid.refuse(new VolumeCommand.AddSnapshot(MONDAY, TOKEN, 8)));
        grid.accept(new VolumeCommand.Resize("db", TOKEN, 16_384));
        assertEquals(8_192, grid.get(SNAPSHOTS, MONDAY).sizeBytes());
        grid.accept(new VolumeCommand.RollBack(MONDAY, TOKEN));
        assertEquals(8_192, grid.get(VOLUMES, "db").sizeBytes());
        assertEquals(1, grid.get(VOLUMES, "db").snapshotCount());
        grid.accept(new VolumeCommand.DeleteSnapshot(MONDAY, TOKEN));
        assertEquals(0, grid.get(VOLUMES, "db").snapshotCount());
    }

    @Test
    void aSnapshotWithClonesAndItsVolumeStay() {
        grid.accept(create("db", 1, Optional.empty()));
        assertEquals(RefusalCode.NOT_FOUND, grid.refuse(create("copy", 3, Optional.of(MONDAY))));
        grid.accept(new VolumeCommand.AddSnapshot(MONDAY, TOKEN, 7));
        grid.accept(create("copy", 3, Optional.of(MONDAY)));
        assertEquals(1, grid.get(SNAPSHOTS, MONDAY).cloneCount());
        assertEquals(RefusalCode.IN_USE, grid.refuse(new VolumeCommand.DeleteSnapshot(MONDAY, TOKEN)));
        assertEquals(RefusalCode.IN_USE, grid.refuse(delete("db")));
        grid.accept(delete("copy"));
        assertEquals(0, grid.get(SNAPSHOTS, MONDAY).cloneCount());
        grid.accept(delete("db"));
        assertFalse(grid.find(SNAPSHOTS, MONDAY).isPresent());
    }

    @Test
    void whatIsProtectedAttachedOrServedIsNotDeleted() {
        grid.accept(create("db", 1, Optional.empty()));
        grid.accept(new VolumeCommand.SetProtection("db", true, ExpectedVersion.ANY));
        assertEquals(RefusalCode.FORBIDDEN_STATE, grid.refuse(delete("db")));
        grid.accept(new VolumeCommand.SetProtection("db", false, ExpectedVersion.ANY));
        grid.accept(new VolumeCommand.Attach("db", TOKEN, "n1"));
        assertEquals(RefusalCode.IN_USE, grid.refuse(delete("db")));
        grid.accept(new VolumeCommand.Detach("db", "n2"));
        assertEquals(RefusalCode.IN_USE, grid.refuse(delete("db")));
        grid.accept(new VolumeCommand.Detach("db", "n1"));
        grid.accept(new VolumeCommand.AddSnapshot(MONDAY, TOKEN, 7));
        grid.accept(new VolumeCommand.ProtectSnapshot(MONDAY, true, ExpectedVersion.ANY));
        assertEquals(RefusalCode.FORBIDDEN_STATE, grid.refuse(delete("db")));
        grid.accept(new VolumeCommand.ProtectSnapshot(MONDAY, false, ExpectedVersion.ANY));
        grid.accept(new LeaseCommand.Acquire(VolumeEntry.leaseOf("db"), "n3", 10_000));
        GridReply held = grid.apply(delete("db"));
        assertTrue(held instanceof GridReply.Refused refused
                && refused.code() == RefusalCode.HELD
                && refused.message().contains("holder=n3"), held.toString());
        grid.elapse(10_001);
        grid.accept(delete("db"));
    }

    @Test
    void aDeletedVolumesStreamsAreReclaimedAndItsNameIsFreeAtOnce() {
        grid.accept(create("db", 1, Optional.empty()));
        ChunkId chunk = new ChunkId(LOG.value(), 0);
        grid.accept(new ChunkCommand.Open(chunk, TOKEN, SINGLE, List.of(new FragmentPlace(1, 0))));
        grid.accept(delete("db"));
        assertEquals("db", grid.get(RECLAIMS, LOG).volume());
        grid.accept(create("db", 3, Optional.empty()));
        assertEquals(RefusalCode.IN_USE, grid.refuse(new VolumeCommand.FinishReclaim(LOG, TOKEN)));
        grid.accept(new ChunkCommand.Seal(chunk, TOKEN, 0, 0, 0));
        grid.accept(new ChunkCommand.Release(chunk, TOKEN, Optional.empty()));
        grid.accept(new ChunkCommand.Forget(chunk));
        grid.accept(new VolumeCommand.FinishReclaim(LOG, TOKEN));
        assertFalse(grid.find(RECLAIMS, LOG).isPresent());
        assertFalse(grid.find(ChunkCatalogs.STREAMS, LOG).isPresent());
        assertEquals(0, grid.accept(new VolumeCommand.FinishReclaim(LOG, TOKEN)).version());
    }

    @Test
    void sizesAndProfilesHaveBounds() {
        assertThrows(IllegalArgumentException.class, () -> draft(4_097, 4_096, SINGLE));
        assertThrows(IllegalArgumentException.class, () -> draft(12_288, 12_288, SINGLE));
        assertThrows(
                IllegalArgumentException.class,
                () -> draft(4_096, 4_096, new Profile(2, 5, Profile.Spread.NODE)));
        assertThrows(IllegalArgumentException.class, () -> VolumeSnapshotKey.parse("db"));
        assertEquals(MONDAY, VolumeSnapshotKey.parse(MONDAY.toString()));
    }

    private static VolumeCommand create(String name, long stream, Optional<VolumeSnapshotKey> origin) {
        VolumeDraft draft = new VolumeDraft(
                8_192, 4_096, SINGLE, SINGLE, VolumePolicy.STRICT, new StreamId(stream),
                new StreamId(stream + 1));
        return new VolumeCommand.Create(name, draft, origin);
    }

    private static VolumeCommand delete(String name) {
        return new VolumeCommand.Delete(name, ExpectedVersion.ANY);
    }

    private static VolumeDraft draft(long sizeBytes, int blockBytes, Profile profile) {
        return new VolumeDraft(sizeBytes, blockBytes, profile, SINGLE, VolumePolicy.STRICT, LOG, MAP);
    }
}
