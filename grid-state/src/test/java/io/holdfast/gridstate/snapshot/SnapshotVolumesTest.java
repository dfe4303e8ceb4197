package io.holdfast.gridstate.snapshot;

import static io.holdfast.gridstate.snapshot.SnapshotCatalogs.SNAPSHOTS;
import static io.holdfast.gridstate.volume.VolumeCatalogs.VOLUMES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.application.ApplicationSpec;
import io.holdfast.gridstate.chunkmap.Profile;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.gridstate.command.ChunkCommand;
import io.holdfast.gridstate.command.SnapshotCommand;
import io.holdfast.gridstate.command.VolumeCommand;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.testing.GridHarness;
import io.holdfast.gridstate.testing.Samples;
import io.holdfast.gridstate.volume.AsOf;
import io.holdfast.gridstate.volume.VolumeCatalogs;
import io.holdfast.gridstate.volume.VolumeDraft;
import io.holdfast.gridstate.volume.VolumePin;
import io.holdfast.gridstate.volume.VolumePolicy;
import io.holdfast.gridstate.volume.VolumeSnapshotEntry;
import io.holdfast.gridstate.volume.VolumeSnapshotKey;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Snapshots of applications that hold snapshots of their volumes.
final class SnapshotVolumesTest {
    private static final ExpectedVersion ANY = ExpectedVersion.ANY;
    private static final FencingToken MAKER = new FencingToken(3);
    private static final FencingToken OLD = new FencingToken(5);
    private static final FencingToken TOKEN = new FencingToken(9);
    private static final ApplicationKey SHOP = new ApplicationKey("default", "shop");

    private final GridHarness grid = GridHarness.founded();

    @BeforeEach
    void makeVolume() {
        grid.accept(new VolumeCommand.Create("db", new VolumeDraft(
                8_192, 4_096, new Profile(1, 0, Profile.Spread.NODE), VolumePolicy.STRICT,
                new StreamId(1))));
    }

    @Test
    void aVolumesVersionIsNamedByTheCommandThatMakesTheSnapshotReady() {
        VolumeSnapshotKey cut = made("s1", 7, false);
        VolumeSnapshotEntry entry = grid.get(VolumeCatalogs.SNAPSHOTS, cut);
        assertEquals(7, entry.number());
        assertEquals(Optional.of(key("s1").toString()), entry.heldBy());
        assertEquals(1, grid.get(VOLUMES, "db").snapshotCount());
        assertTrue(grid.get(VOLUMES, "db").asOf().isEmpty());
    }

    @Test
    void anOvertakenServersVersionMakesNothingReady() {
        grid.accept(new ChunkCommand.FenceStream(new StreamId(1), TOKEN));
        grid.accept(begin("s1"));
        assertEquals(RefusalCode.FENCED, grid.refuse(complete("s1", new VolumePin("db", OLD, 7, true))));
        assertEquals("making", grid.get(SNAPSHOTS, key("s1")).state().label());
        assertEquals(0, grid.get(VOLUMES, "db").snapshotCount());
        assertTrue(grid.get(VOLUMES, "db").asOf().isEmpty());
    }

    @Test
    void itIsKeptAsLongAsItsSnapshotAndGoesWithIt() {
        VolumeSnapshotKey cut = made("s1", 7, true);
        assertEquals(RefusalCode.IN_USE, grid.refuse(new VolumeCommand.DeleteSnapshot(cut, TOKEN)));
        assertEquals(RefusalCode.IN_USE, grid.refuse(new VolumeCommand.Delete("db", TOKEN, ANY)));
        grid.accept(new SnapshotCommand.Condemn(key("s1"), "torn", ANY));
        assertTrue(grid.find(VolumeCatalogs.SNAPSHOTS, cut).isPresent(), "its data is not at fault");
        grid.accept(new SnapshotCommand.Delete(key("s1"), ANY));
        assertTrue(grid.find(VolumeCatalogs.SNAPSHOTS, cut).isEmpty());
        assertEquals(0, grid.get(VOLUMES, "db").snapshotCount());
        assertTrue(grid.get(VOLUMES, "db").asOf().isEmpty());
        grid.accept(new VolumeCommand.Delete("db", TOKEN, ANY));
    }

    @Test
    void retentionLetsItGoAsWell() {
        made("s1", 7, false);
        VolumeSnapshotKey newer = made("s2", 8, false);
        grid.accept(new SnapshotCommand.SetRetention(SHOP, 1, Long.MAX_VALUE, ANY));
        grid.accept(new SnapshotCommand.Prune(SHOP, 10));
        assertEquals(1, grid.get(VOLUMES, "db").snapshotCount());
        assertTrue(grid.find(VolumeCatalogs.SNAPSHOTS, newer).isPresent());
    }

    @Test
    void whatRestsIsToBeAsOfItsSnapshotUntilItGoesOn() {
        VolumeSnapshotKey cut = made("s1", 7, true);
        AsOf due = grid.get(VOLUMES, "db").asOf().orElseThrow();
        assertEquals(cut.name(), due.snapshot());
        assertEquals(RefusalCode.FORBIDDEN_STATE,
                grid.refuse(new VolumeCommand.GoOn("db", TOKEN, due.sinceVersion() + 1)));
        grid.accept(new VolumeCommand.GoOn("db", TOKEN, due.sinceVersion()));
        assertTrue(grid.get(VOLUMES, "db").asOf().isEmpty());
        assertEquals(RefusalCode.FORBIDDEN_STATE,
                grid.refuse(new VolumeCommand.GoOn("db", TOKEN, due.sinceVersion())));
    }

    @Test
    void goingBackWithVolumesThatWereWrittenHasToBeMeant() {
        VolumeSnapshotKey cut = made("s1", 7, false);
        assertEquals(RefusalCode.FORBIDDEN_STATE,
                grid.refuse(new SnapshotCommand.Restore(key("s1"), false)));
        assertTrue(grid.get(VOLUMES, "db").asOf().isEmpty());
        grid.accept(new SnapshotCommand.Restore(key("s1"), true));
        assertEquals(cut.name(), grid.get(VOLUMES, "db").asOf().orElseThrow().snapshot());
        grid.accept(new VolumeCommand.RollBack(cut, TOKEN));
        assertTrue(grid.get(VOLUMES, "db").asOf().isEmpty(), "it is done");
    }

    @Test
    void whatRestsSinceLosesNothingByGoingBack() {
        made("s1", 7, true);
        AsOf before = grid.get(VOLUMES, "db").asOf().orElseThrow();
        grid.accept(new SnapshotCommand.Restore(key("s1"), false));
        AsOf after = grid.get(VOLUMES, "db").asOf().orElseThrow();
        assertEquals(before.snapshot(), after.snapshot());
        assertEquals(RefusalCode.FORBIDDEN_STATE,
                grid.refuse(new VolumeCommand.GoOn("db", TOKEN, before.sinceVersion())),
                "what slept goes on no more, because another is to start");
    }

    @Test
    void aVersionThatHasANameKeepsIt() {
        VolumeSnapshotKey monday = new VolumeSnapshotKey("db", "monday");
        grid.accept(new VolumeCommand.AddSnapshot(monday, TOKEN, 7));
        assertEquals(monday, made("s1", 7, true));
        assertEquals(1, grid.get(VOLUMES, "db").snapshotCount());
    }

    /// A ready snapshot with one version of the volume; answers its key.
    private VolumeSnapshotKey made(String name, int number, boolean isAtRest) {
        grid.accept(begin(name));
        GridReply reply = grid.accept(complete(name, new VolumePin("db", TOKEN, number, isAtRest)));
        assertTrue(reply instanceof GridReply.Accepted);
        return grid.get(SNAPSHOTS, key(name)).of("db").orElseThrow();
    }

    private static SnapshotCommand begin(String name) {
        Optional<ApplicationSpec> spec = Optional.of(Samples.APPLICATION_SPEC);
        return new SnapshotCommand.Begin(
                key(name),
                new SnapshotDraft(Samples.DIGEST, Samples.HOST_CLASS, Optional.empty(), 1,
                        SnapshotOrigin.ASKED, spec),
                MAKER);
    }

    private static SnapshotCommand complete(String name, VolumePin pin) {
        return new SnapshotCommand.Complete(
                key(name), MAKER, List.of(Samples.FILE), Optional.empty(), List.of(pin));
    }

    private static SnapshotKey key(String name) {
        return new SnapshotKey(SHOP, name);
    }
}
