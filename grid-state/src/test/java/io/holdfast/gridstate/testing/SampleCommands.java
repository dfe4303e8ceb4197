package io.holdfast.gridstate.testing;

import static io.holdfast.gridstate.testing.Samples.APPLICATION;
import static io.holdfast.gridstate.testing.Samples.CERTIFICATE;
import static io.holdfast.gridstate.testing.Samples.CHUNK;
import static io.holdfast.gridstate.testing.Samples.DIGEST;
import static io.holdfast.gridstate.testing.Samples.EXPECTED;
import static io.holdfast.gridstate.testing.Samples.FILE;
import static io.holdfast.gridstate.testing.Samples.HASH;
import static io.holdfast.gridstate.testing.Samples.HOST_CLASS;
import static io.holdfast.gridstate.testing.Samples.LINK;
import static io.holdfast.gridstate.testing.Samples.PLAN;
import static io.holdfast.gridstate.testing.Samples.POLICY;
import static io.holdfast.gridstate.testing.Samples.PROFILE;
import static io.holdfast.gridstate.testing.Samples.RANGE;
import static io.holdfast.gridstate.testing.Samples.SNAPSHOT;
import static io.holdfast.gridstate.testing.Samples.STREAM;
import static io.holdfast.gridstate.testing.Samples.TOKEN;
import static io.holdfast.gridstate.testing.Samples.VERSION;
import static io.holdfast.gridstate.testing.Samples.VOLUME;
import static io.holdfast.gridstate.testing.Samples.VOLUME_SNAPSHOT;

import io.holdfast.gridstate.access.Role;
import io.holdfast.gridstate.access.UserTokenKey;
import io.holdfast.gridstate.catalog.Octets;
import io.holdfast.gridstate.chunkmap.FragmentPlace;
import io.holdfast.gridstate.chunkmap.UsefulBytes;
import io.holdfast.gridstate.command.AccessCommand;
import io.holdfast.gridstate.command.ApplicationCommand;
import io.holdfast.gridstate.command.AuditCommand;
import io.holdfast.gridstate.command.ChunkCommand;
import io.holdfast.gridstate.command.ClusterCommand;
import io.holdfast.gridstate.command.GridCommand;
import io.holdfast.gridstate.command.ImageCommand;
import io.holdfast.gridstate.command.LayerCommand;
import io.holdfast.gridstate.command.LeaseCommand;
import io.holdfast.gridstate.command.OperationCommand;
import io.holdfast.gridstate.command.RolloutCommand;
import io.holdfast.gridstate.command.SettingCommand;
import io.holdfast.gridstate.command.SnapshotCommand;
import io.holdfast.gridstate.command.VolumeCommand;
import io.holdfast.gridstate.layer.BlockRange;
import io.holdfast.gridstate.layer.HolderKey;
import io.holdfast.gridstate.layer.LayerDraft;
import io.holdfast.gridstate.placement.PlacementKey;
import io.holdfast.gridstate.placement.PlacementState;
import io.holdfast.gridstate.rollout.InstanceKey;
import io.holdfast.gridstate.rollout.Verdict;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.snapshot.SnapshotDraft;
import io.holdfast.gridstate.snapshot.SnapshotOrigin;
import io.holdfast.hostio.id.ChunkId;
import io.holdfast.hostio.id.FragmentIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One of every command.
public final class SampleCommands {
    private static final long TIME = GridHarness.START_MILLIS;
    private static final InstanceKey INSTANCE = new InstanceKey("shop", "i1");
    private static final HolderKey HOLDER = new HolderKey(DIGEST, "n1");
    private static final UserTokenKey USER_TOKEN = new UserTokenKey("ada", "t1");

    private SampleCommands() {}

    public static List<GridCommand> all() {
        List<GridCommand> all = new ArrayList<>(snapshots());
        all.addAll(applications());
        all.addAll(layers());
        all.addAll(images());
        all.addAll(chunks());
        all.addAll(rollouts());
        all.addAll(cluster());
        all.addAll(others());
        all.addAll(volumes());
        return all;
    }

    private static List<GridCommand> volumes() {
        return List.of(
                new VolumeCommand.Create("db", VOLUME),
                new VolumeCommand.CreateClone("copy", VOLUME_SNAPSHOT, TOKEN, 3),
                new VolumeCommand.Resize("db", TOKEN, 2L << 30),
                new VolumeCommand.SetProfile("db", TOKEN, PROFILE),
                new VolumeCommand.SetPolicy("db", POLICY, EXPECTED),
                new VolumeCommand.SetProtection("db", true, EXPECTED),
                new VolumeCommand.AddSnapshot(VOLUME_SNAPSHOT, TOKEN, 9),
                new VolumeCommand.DeleteSnapshot(VOLUME_SNAPSHOT, TOKEN),
                new VolumeCommand.ProtectSnapshot(VOLUME_SNAPSHOT, true, EXPECTED),
                new VolumeCommand.RollBack(VOLUME_SNAPSHOT, TOKEN),
                new VolumeCommand.GoOn("db", TOKEN, 7),
                new VolumeCommand.Attach("db", TOKEN, "n1"),
                new VolumeCommand.Detach("db", "n1"),
                new VolumeCommand.Delete("db", TOKEN, EXPECTED),
                new VolumeCommand.FinishReclaim(STREAM, TOKEN));
    }

    private static List<GridCommand> snapshots() {
        SnapshotDraft draft =
                new SnapshotDraft(DIGEST, HOST_CLASS, Optional.empty(), 1 << 20, SnapshotOrigin.ASKED,
                        Optional.empty());
        return List.of(
                new SnapshotCommand.SetQuota("acme", 1L << 30, EXPECTED),
                new SnapshotCommand.SetRetention(APPLICATION, 3, 86_400_000, EXPECTED),
                new SnapshotCommand.Begin(SNAPSHOT, draft, TOKEN),
                new SnapshotCommand.Complete(SNAPSHOT, TOKEN, List.of(FILE), Optional.empty(), List.of()),
                new SnapshotCommand.Condemn(SNAPSHOT, "torn", EXPECTED),
                new SnapshotCommand.SetProtection(SNAPSHOT, true, EXPECTED),
                new SnapshotCommand.Prune(APPLICATION, 10),
                new SnapshotCommand.Delete(SNAPSHOT, EXPECTED));
    }

    private static List<GridCommand> applications() {
        PlacementKey slot = new PlacementKey(APPLICATION, 0);
        return List.of(
                new SnapshotCommand.Restore(SNAPSHOT, false),
                new ApplicationCommand.Define(APPLICATION, Samples.APPLICATION_SPEC, EXPECTED),
                new ApplicationCommand.SetStopped(APPLICATION, true, EXPECTED),
                new ApplicationCommand.Delete(APPLICATION, EXPECTED),
                new ApplicationCommand.Claim(slot, "n1", TOKEN, 12),
                new ApplicationCommand.Report(slot, "n1", TOKEN, new PlacementState.Freezing(TIME)),
                new ApplicationCommand.Release(slot, "n1", TOKEN));
    }

    private static List<GridCommand> layers() {
        LayerDraft draft = new LayerDraft(65_536, "application/x", List.of(RANGE), Optional.empty());
        return List.of(
                new LayerCommand.Register(DIGEST, draft, Optional.of("image/a")),
                new LayerCommand.AddReference(DIGEST, "image/b"),
                new LayerCommand.RemoveReference(DIGEST, "image/b"),
                new LayerCommand.MarkReclaimable(DIGEST),
                new LayerCommand.Delete(DIGEST),
                new LayerCommand.RecordBlocks(HOLDER, List.of(new BlockRange(0, 1))),
                new LayerCommand.ForgetBlocks(HOLDER));
    }

    private static List<GridCommand> images() {
        return List.of(
                new ImageCommand.Put("shop:v2", Samples.IMAGE, ExpectedVersion.ANY),
                new ImageCommand.Delete("shop:v2", ExpectedVersion.ANY));
    }

    private static List<GridCommand> chunks() {
        return List.of(
                new ChunkCommand.CreateStream(STREAM, "volume/db", PROFILE),
                new ChunkCommand.FenceStream(STREAM, TOKEN),
                new ChunkCommand.SetStreamProfile(STREAM, TOKEN, PROFILE),
                new ChunkCommand.DeleteStream(STREAM, TOKEN),
                new ChunkCommand.Open(CHUNK, TOKEN, PROFILE, Samples.places(6)),
                new ChunkCommand.Seal(CHUNK, TOKEN, 1_000_000, 900_000, 0),
                new ChunkCommand.UpdateUseful(STREAM, TOKEN, List.of(new UsefulBytes(5, 1_000))),
                new ChunkCommand.ReportLost(CHUNK, 4),
                new ChunkCommand.ReplaceFragment(
                        CHUNK,
                        new FragmentIndex(2),
                        new FragmentPlace(3, 0),
                        new FragmentPlace(9, 1),
                        1_000_000),
                new ChunkCommand.Release(CHUNK, TOKEN, Optional.of(new ChunkId(STREAM.value(), 6))),
                new ChunkCommand.Forget(CHUNK));
    }

    private static List<GridCommand> rollouts() {
        return List.of(
                new RolloutCommand.DefineObject("shop", VERSION),
                new RolloutCommand.AddVersion("shop", VERSION, EXPECTED),
                new RolloutCommand.DeleteObject("shop", EXPECTED),
                new RolloutCommand.AddInstance(INSTANCE, LINK),
                new RolloutCommand.ReplaceLink(INSTANCE, LINK, EXPECTED),
                new RolloutCommand.RemoveInstance(INSTANCE, EXPECTED),
                new RolloutCommand.Plan("r1", PLAN),
                new RolloutCommand.Start("r1", EXPECTED),
                new RolloutCommand.MoveLinks("r1", 100),
                new RolloutCommand.Judge("r1", "i1", 2, new Verdict.Unhealthy("500")),
                new RolloutCommand.Advance("r1", EXPECTED),
                new RolloutCommand.Pause("r1", EXPECTED),
                new RolloutCommand.Resume("r1", EXPECTED),
                new RolloutCommand.Fail("r1", "no", EXPECTED),
                new RolloutCommand.SendBack("r1", 100),
                new RolloutCommand.Undo("r1", "no", EXPECTED),
                new RolloutCommand.Delete("r1", EXPECTED));
    }

    private static List<GridCommand> cluster() {
        return List.of(
                new ClusterCommand.Found("c-1", "home", "n1", Samples.description("z1", true), CERTIFICATE),
                new ClusterCommand.CreateJoinToken("j1", HASH, TIME),
                new ClusterCommand.RevokeJoinToken("j1"),
                new ClusterCommand.AdmitNode(
                        "n2", Samples.description("z2", false), CERTIFICATE, "j1", HASH),
                new ClusterCommand.DescribeNode("n2", Samples.description("z3", false), EXPECTED),
                new ClusterCommand.ResumeNode("n2", EXPECTED),
                new ClusterCommand.DrainNode("n2", EXPECTED),
                new ClusterCommand.MaintainNode("n2", "disk", EXPECTED),
                new ClusterCommand.EvictNode("n2", "gone", EXPECTED),
                new ClusterCommand.RenewCertificate("n2", CERTIFICATE, EXPECTED),
                new ClusterCommand.RaiseLevel(1));
    }

    private static List<GridCommand> others() {
        return List.of(
                new AccessCommand.CreateUser("ada", Role.ADMIN),
                new AccessCommand.SetRole("ada", Role.VIEWER, EXPECTED),
                new AccessCommand.DeleteUser("ada", EXPECTED),
                new AccessCommand.CreateToken(USER_TOKEN, HASH, TIME, "laptop"),
                new AccessCommand.RevokeToken(USER_TOKEN),
                new LeaseCommand.Acquire("volume/db", "n1", 5_000),
                new LeaseCommand.Renew("volume/db", "n1", TOKEN, 5_000),
                new LeaseCommand.Release("volume/db", "n1", TOKEN),
                new LeaseCommand.Seize("volume/db", "n2", 5_000),
                new OperationCommand.Start("o1", "volume.check", "db", "n1"),
                new OperationCommand.Report("o1", "n1", 500, "reads"),
                new OperationCommand.Cancel("o1"),
                new OperationCommand.Succeed("o1", "n1", "{}"),
                new OperationCommand.Fail("o1", "n1", "io-error", "disk gone"),
                new OperationCommand.ConfirmCancelled("o1", "n1"),
                new OperationCommand.TakeOver("o1", "n2", EXPECTED),
                new SettingCommand.Put("a/b", Octets.copyOf(new byte[] {1, 2}), EXPECTED),
                new SettingCommand.Remove("a/b", EXPECTED),
                new AuditCommand.ReportRefused("n1", List.of(SampleRecords.REFUSED)));
    }
}
