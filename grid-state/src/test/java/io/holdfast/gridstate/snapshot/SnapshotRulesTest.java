package io.holdfast.gridstate.snapshot;

import static io.holdfast.gridstate.snapshot.SnapshotCatalogs.APPLICATIONS;
import static io.holdfast.gridstate.snapshot.SnapshotCatalogs.SNAPSHOTS;
import static io.holdfast.gridstate.snapshot.SnapshotCatalogs.TENANTS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.chunkmap.ChunkRange;
import io.holdfast.gridstate.command.SnapshotCommand;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.testing.GridHarness;
import io.holdfast.gridstate.testing.Samples;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SnapshotRulesTest {
    private static final ApplicationKey SHOP = Samples.APPLICATION;
    private static final FencingToken T1 = new FencingToken(1);
    private static final FencingToken T2 = new FencingToken(2);
    private static final ExpectedVersion ANY = ExpectedVersion.ANY;

    private final GridHarness grid = new GridHarness();

    @Test
    void isMadeAndBecomesReady() {
        grid.accept(begin("s1", T1, 1_000));
        assertEquals(1_000, grid.get(TENANTS, "acme").usedBytes());
        grid.accept(complete("s1", T1, 400));
        SnapshotEntry entry = grid.get(SNAPSHOTS, key("s1"));
        assertEquals(new SnapshotState.Ready(grid.timeMillis()), entry.state());
        assertEquals(400, entry.chargedBytes());
        assertEquals(400, grid.get(TENANTS, "acme").usedBytes());
        assertEquals(RefusalCode.FORBIDDEN_STATE, grid.refuse(complete("s1", T1, 400)));
    }

    @Test
    void oneMakesPerApplicationAndHostClass() {
        grid.accept(begin("s1", T1, 1));
        assertEquals(RefusalCode.HELD, grid.refuse(begin("s2", T1, 1)));
        grid.accept(begin("s2", T2, 1));
        assertInstanceOf(
                SnapshotState.Condemned.class, grid.get(SNAPSHOTS, key("s1")).state());
        assertEquals(RefusalCode.FORBIDDEN_STATE, grid.refuse(complete("s1", T1, 1)));
        assertEquals(RefusalCode.FENCED, grid.refuse(complete("s2", T1, 1)));
        assertEquals(RefusalCode.FENCED, grid.refuse(begin("s3", T1, 1)));
        grid.accept(complete("s2", T2, 1));
        grid.accept(begin("s3", T2, 1));
    }

    @Test
    void theQuotaHolds() {
        grid.accept(new SnapshotCommand.SetQuota("acme", 1_000, ANY));
        assertEquals(RefusalCode.QUOTA_EXCEEDED, grid.refuse(begin("s1", T1, 1_001)));
        grid.accept(begin("s1", T1, 600));
        assertEquals(RefusalCode.QUOTA_EXCEEDED, grid.refuse(complete("s1", T1, 1_001)));
        grid.accept(complete("s1", T1, 1_000));
        assertEquals(RefusalCode.QUOTA_EXCEEDED, grid.refuse(begin("s2", T1, 1)));
        grid.accept(new SnapshotCommand.Delete(key("s1"), ANY));
        grid.accept(begin("s2", T1, 1_000));
    }

    @Test
    void aProtectedOneStays() {
        ready("s1");
        grid.accept(new SnapshotCommand.SetProtection(key("s1"), true, ANY));
        assertEquals(RefusalCode.FORBIDDEN_STATE, grid.refuse(new SnapshotCommand.Delete(key("s1"), ANY)));
        assertEquals(
                RefusalCode.FORBIDDEN_STATE, grid.refuse(new SnapshotCommand.Condemn(key("s1"), "x", ANY)));
        grid.accept(new SnapshotCommand.SetProtection(key("s1"), false, ANY));
        grid.accept(new SnapshotCommand.Delete(key("s1"), ANY));
    }

    @Test
    void aParentStaysAndItsNameIsTaken() {
        ready("s1");
        assertEquals(RefusalCode.NOT_FOUND, grid.refuse(child("s2", "none")));
        grid.accept(child("s2", "s1"));
        assertEquals(RefusalCode.IN_USE, grid.refuse(new SnapshotCommand.Delete(key("s1"), ANY)));
        assertEquals(RefusalCode.FORBIDDEN_STATE, grid.refuse(new SnapshotCommand.Delete(key("s2"), ANY)));
        grid.accept(complete("s2", T1, 1));
        grid.accept(new SnapshotCommand.SetRetention(SHOP, 1, Long.MAX_VALUE, ANY));
        grid.accept(new SnapshotCommand.Prune(SHOP, 10));
        assertTrue(grid.find(SNAPSHOTS, key("s1")).isEmpty());
        assertEquals(RefusalCode.EXISTS, grid.refuse(begin("s1", T1, 1)));
        grid.accept(new SnapshotCommand.Delete(key("s2"), ANY));
        grid.accept(begin("s1", T1, 1));
    }

    @Test
    void theRetentionTakesTheOldest() {
        for (int i = 0; i < 6; i++) {
            ready("s" + i);
            grid.elapse(1_000);
        }
        grid.accept(new SnapshotCommand.SetProtection(key("s0"), true, ANY));
        grid.accept(new SnapshotCommand.SetRetention(SHOP, 3, Long.MAX_VALUE, ANY));
        assertEquals(new GridReply.Result.Progressed(1, true), prune(1));
        assertEquals(new GridReply.Result.Progressed(1, false), prune(1));
        assertTrue(grid.find(SNAPSHOTS, key("s0")).isPresent());
        assertTrue(grid.find(SNAPSHOTS, key("s1")).isEmpty());
        assertTrue(grid.find(SNAPSHOTS, key("s2")).isEmpty());
        assertTrue(grid.find(SNAPSHOTS, key("s3")).isPresent());
        grid.accept(new SnapshotCommand.SetRetention(SHOP, 3, 2_500, ANY));
        assertEquals(new GridReply.Result.Progressed(1, false), prune(10));
        assertEquals(2, grid.get(APPLICATIONS, SHOP).readyCount());
    }

    @Test
    void conditionsAreDecidedHere() {
        ready("s1");
        long version = grid.version(SNAPSHOTS, key("s1"));
        assertEquals(
                RefusalCode.VERSION_MISMATCH,
                grid.refuse(new SnapshotCommand.Delete(key("s1"), ExpectedVersion.of(version + 1))));
        grid.accept(new SnapshotCommand.Delete(key("s1"), ExpectedVersion.of(version)));
    }

    @Test
    void twoFilesOfOnePathAreRefused() {
        grid.accept(begin("s1", T1, 1));
        assertEquals(
                RefusalCode.INVALID,
                grid.refuse(new SnapshotCommand.Complete(
                        key("s1"), T1, List.of(Samples.FILE, Samples.FILE), Optional.empty())));
    }

    private void ready(String name) {
        grid.accept(begin(name, T1, 1));
        grid.accept(complete(name, T1, 1));
    }

    private GridReply.Result prune(int limit) {
        return grid.accept(new SnapshotCommand.Prune(SHOP, limit)).result();
    }

    private static SnapshotCommand begin(String name, FencingToken token, long reservedBytes) {
        return new SnapshotCommand.Begin(
                key(name),
                new SnapshotDraft(Samples.DIGEST, Samples.HOST_CLASS, Optional.empty(), reservedBytes,
                        SnapshotOrigin.ASKED, Optional.empty()),
                token);
    }

    private static SnapshotCommand child(String name, String parent) {
        return new SnapshotCommand.Begin(
                key(name),
                new SnapshotDraft(
                        Samples.DIGEST, Samples.HOST_CLASS, Optional.of(parent), 1, SnapshotOrigin.ASKED,
                                Optional.empty()),
                T1);
    }

    private static SnapshotCommand complete(String name, FencingToken token, long sizeBytes) {
        StoredFile file =
                new StoredFile("pages-1.img", List.of(new ChunkRange(Samples.CHUNK, 0, sizeBytes, 1)));
        return new SnapshotCommand.Complete(key(name), token, List.of(file), Optional.empty());
    }

    private static SnapshotKey key(String name) {
        return new SnapshotKey(SHOP, name);
    }
}
