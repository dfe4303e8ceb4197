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
import io.holdfast.gridstate.command.VolumeCommand;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.testing.GridHarness;
import io.holdfast.hostio.id.ChunkId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class VolumeRulesTest {
    private static final Profile SINGLE = new Profile(1, 0, Profile.Spread.NODE);
    private static final StreamId FAMILY = new StreamId(1);
    private static final FencingToken OLD = new FencingToken(5);
    private static final FencingToken TOKEN = new FencingToken(9);
    private static final VolumeSnapshotKey MONDAY = new VolumeSnapshotKey("db", "monday");

    private final GridHarness grid = GridHarness.founded();

    @Test
    void aVolumeIsMadeWithItsStreamOrNotAtAll() {
        grid.accept(create("db", 1));
        assertEquals(FAMILY, grid.get(VOLUMES, "db").family());
        assertTrue(grid.find(ChunkCatalogs.STREAMS, FAMILY).isPresent());
        assertEquals(RefusalCode.EXISTS, grid.refuse(create("db", 3)));
        assertEquals(RefusalCode.EXISTS, grid.refuse(create("other", 1)));
        assertEquals(Map.of(0, "db"), VolumeIndexes.members(grid.store(), FAMILY));
    }

    @Test
    void aProfileThatTheClusterIsTooSmallForIsRefused() {
        VolumeDraft draft = new VolumeDraft(
                8_192, 4_096, new Profile(2, 1, Profile.Spread.NODE), VolumePolicy.STRICT, FAMILY);
        assertEquals(
                RefusalCode.INVALID,
                grid.refuse(new VolumeCommand.Create("db", draft)));
        grid.accept(create("db", 1));
        assertEquals(
                RefusalCode.INVALID,
                grid.refuse(new VolumeCommand.SetProfile(
                        "db", TOKEN, new Profile(2, 1, Profile.Spread.NODE))));
    }

    @Test
    void onlyTheNewestServerChangesAVolume() {
        grid.accept(create("db", 1));
        grid.accept(new ChunkCommand.FenceStream(FAMILY, TOKEN));
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
        grid.accept(create("db", 1));
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
    void aCloneIsOfItsOriginsFamily() {
        grid.accept(create("db", 1));
        assertEquals(RefusalCode.NOT_FOUND, grid.refuse(clone("copy", 1)));
        grid.accept(new VolumeCommand.AddSnapshot(MONDAY, TOKEN, 7));
        long version = grid.accept(clone("copy", 1)).version();
        assertEquals(version, grid.accept(clone("copy", 1)).version());
        assertEquals(RefusalCode.EXISTS, grid.refuse(clone("copy", 2)));
        assertEquals(RefusalCode.EXISTS, grid.refuse(clone("another", 1)));
        assertEquals(FAMILY, grid.get(VOLUMES, "copy").family());
        assertEquals(Optional.of(MONDAY), grid.get(VOLUMES, "copy").origin());
        assertEquals(Map.of(0, "db", 1, "copy"), VolumeIndexes.members(grid.store(), FAMILY));
    }

    @Test
    void aFamilyOutlivesItsFirstVolume() {
        grid.accept(create("db", 1));
        grid.accept(new VolumeCommand.AddSnapshot(MONDAY, TOKEN, 7));
        grid.accept(clone("copy", 1));
        grid.accept(delete("db"));
        assertFalse(grid.find(SNAPSHOTS, MONDAY).isPresent());
        assertFalse(grid.find(RECLAIMS, FAMILY).isPresent());
        grid.accept(delete("copy"));
        assertEquals("copy", grid.get(RECLAIMS, FAMILY).volume());
    }

    @Test
    void whatIsProtectedOrAttachedIsNotDeleted() {
        grid.accept(create("db", 1));
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
        assertEquals(RefusalCode.FORBIDDEN_STATE,
                grid.refuse(new VolumeCommand.DeleteSnapshot(MONDAY, TOKEN)));
        grid.accept(new VolumeCommand.ProtectSnapshot(MONDAY, false, ExpectedVersion.ANY));
        grid.accept(delete("db"));
    }

    @Test
    void aDeletedFamilysStreamIsReclaimedAndTheNameIsFreeAtOnce() {
        grid.accept(create("db", 1));
        ChunkId chunk = new ChunkId(FAMILY.value(), 0);
        grid.accept(new ChunkCommand.Open(chunk, TOKEN, SINGLE, List.of(new FragmentPlace(1, 0))));
        assertEquals(RefusalCode.FENCED, grid.refuse(
                new VolumeCommand.Delete("db", OLD, ExpectedVersion.ANY)));
        assertEquals(RefusalCode.VERSION_MISMATCH, grid.refuse(
                new VolumeCommand.Delete("db", TOKEN, ExpectedVersion.of(1))));
        grid.accept(delete("db"));
        grid.accept(create("db", 3));
        assertEquals(RefusalCode.IN_USE, grid.refuse(new VolumeCommand.FinishReclaim(FAMILY, TOKEN)));
        grid.accept(new ChunkCommand.Seal(chunk, TOKEN, 0, 0, 0));
        grid.accept(new ChunkCommand.Release(chunk, TOKEN, Optional.empty()));
        grid.accept(new ChunkCommand.Forget(chunk));
        grid.accept(new VolumeCommand.FinishReclaim(FAMILY, TOKEN));
        assertFalse(grid.find(RECLAIMS, FAMILY).isPresent());
        assertFalse(grid.find(ChunkCatalogs.STREAMS, FAMILY).isPresent());
        assertEquals(0, grid.accept(new VolumeCommand.FinishReclaim(FAMILY, TOKEN)).version());
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

    private static VolumeCommand create(String name, long stream) {
        VolumeDraft draft =
                new VolumeDraft(8_192, 4_096, SINGLE, VolumePolicy.STRICT, new StreamId(stream));
        return new VolumeCommand.Create(name, draft);
    }

    private static VolumeCommand clone(String name, int member) {
        return new VolumeCommand.CreateClone(name, MONDAY, TOKEN, member);
    }

    private static VolumeCommand delete(String name) {
        return new VolumeCommand.Delete(name, TOKEN, ExpectedVersion.ANY);
    }

    private static VolumeDraft draft(long sizeBytes, int blockBytes, Profile profile) {
        return new VolumeDraft(sizeBytes, blockBytes, profile, VolumePolicy.STRICT, FAMILY);
    }
}
