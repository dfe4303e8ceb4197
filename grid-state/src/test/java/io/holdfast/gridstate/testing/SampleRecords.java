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
import io.holdfast.gridstate.access.UserEntry;
import io.holdfast.gridstate.access.UserTokenEntry;
import io.holdfast.gridstate.access.UserTokenKey;
import io.holdfast.gridstate.application.GroupMember;
import io.holdfast.gridstate.application.Hook;
import io.holdfast.gridstate.application.Limits;
import io.holdfast.gridstate.application.Mount;
import io.holdfast.gridstate.application.Probe;
import io.holdfast.gridstate.application.Root;
import io.holdfast.gridstate.application.Scaling;
import io.holdfast.gridstate.application.SnapshotPolicy;
import io.holdfast.gridstate.application.Variable;
import io.holdfast.gridstate.audit.AuditEntry;
import io.holdfast.gridstate.audit.RefusalEntry;
import io.holdfast.gridstate.audit.RefusedCall;
import io.holdfast.gridstate.catalog.Octets;
import io.holdfast.gridstate.chunkmap.ChunkState;
import io.holdfast.gridstate.chunkmap.FragmentPlace;
import io.holdfast.gridstate.chunkmap.StoredBlob;
import io.holdfast.gridstate.chunkmap.UsefulBytes;
import io.holdfast.gridstate.cluster.ClusterEntry;
import io.holdfast.gridstate.cluster.Endpoint;
import io.holdfast.gridstate.cluster.JoinTokenEntry;
import io.holdfast.gridstate.cluster.NodeEntry;
import io.holdfast.gridstate.cluster.NodeState;
import io.holdfast.gridstate.command.CommandEnvelope;
import io.holdfast.gridstate.image.ImageEntry;
import io.holdfast.gridstate.layer.BlockRange;
import io.holdfast.gridstate.layer.HolderEntry;
import io.holdfast.gridstate.layer.HolderKey;
import io.holdfast.gridstate.layer.LayerDraft;
import io.holdfast.gridstate.layer.LayerEntry;
import io.holdfast.gridstate.layer.LayerState;
import io.holdfast.gridstate.lease.LeaseEntry;
import io.holdfast.gridstate.operation.OperationEntry;
import io.holdfast.gridstate.operation.OperationState;
import io.holdfast.gridstate.placement.PlacementEntry;
import io.holdfast.gridstate.placement.PlacementKey;
import io.holdfast.gridstate.placement.PlacementState;
import io.holdfast.gridstate.rollout.GenerationEntry;
import io.holdfast.gridstate.rollout.InstanceEntry;
import io.holdfast.gridstate.rollout.InstanceKey;
import io.holdfast.gridstate.rollout.LinkEntry;
import io.holdfast.gridstate.rollout.ObjectEntry;
import io.holdfast.gridstate.rollout.RolloutEntry;
import io.holdfast.gridstate.rollout.RolloutState;
import io.holdfast.gridstate.rollout.Verdict;
import io.holdfast.gridstate.rollout.Wave;
import io.holdfast.gridstate.rule.Actor;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.setting.SettingEntry;
import io.holdfast.gridstate.snapshot.ApplicationEntry;
import io.holdfast.gridstate.snapshot.MakerEntry;
import io.holdfast.gridstate.snapshot.SnapshotDraft;
import io.holdfast.gridstate.snapshot.SnapshotEntry;
import io.holdfast.gridstate.snapshot.SnapshotOrigin;
import io.holdfast.gridstate.snapshot.SnapshotState;
import io.holdfast.gridstate.snapshot.StoredImage;
import io.holdfast.gridstate.snapshot.TenantEntry;
import io.holdfast.gridstate.volume.AsOf;
import io.holdfast.gridstate.volume.Attachment;
import io.holdfast.gridstate.volume.ReclaimEntry;
import io.holdfast.gridstate.volume.VolumeEntry;
import io.holdfast.gridstate.volume.VolumePin;
import io.holdfast.gridstate.volume.VolumeSnapshotEntry;
import io.holdfast.hostio.id.FragmentIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One of every record that is stored, travels in a reply, or is part of such.
public final class SampleRecords {
    private static final long TIME = GridHarness.START_MILLIS;
    static final RefusedCall REFUSED = new RefusedCall(
            "192.0.2.7", "-", "GET /v1/users", "bad-credential", "r-2", 3);
    private static final InstanceKey INSTANCE = new InstanceKey("shop", "i1");

    private static final GroupMember MEMBER = new GroupMember(
            "db", new Root.Image("oci:/srv/db:v1"), List.of("/bin/db"), List.of(new Variable("LANG", "C")),
            "/");

    private SampleRecords() {}

    public static List<Record> all() {
        List<Record> all = new ArrayList<>(replies());
        all.addAll(chunkMap());
        all.addAll(snapshots());
        all.addAll(applications());
        all.addAll(layers());
        all.addAll(images());
        all.addAll(rollouts());
        all.addAll(cluster());
        all.addAll(volumes());
        all.addAll(others());
        return all;
    }

    private static List<Record> replies() {
        return List.of(
                new CommandEnvelope(new Actor.User("ada"), "r-1", SampleCommands.all().getFirst()),
                new Actor.User("ada"),
                new Actor.Node("n1"),
                new GridReply.Accepted(12, new GridReply.Result.Granted(TOKEN, TIME)),
                new GridReply.Refused(RefusalCode.FENCED, "no: x=1", "stop"),
                new GridReply.Result.Nothing(),
                new GridReply.Result.Granted(TOKEN, Long.MAX_VALUE),
                new GridReply.Result.Assigned(3),
                new GridReply.Result.Progressed(500, true));
    }

    private static List<Record> chunkMap() {
        return List.of(
                Samples.streamEntry(),
                Samples.chunkEntry(new ChunkState.AtRisk(5)),
                new ChunkState.Open(),
                new ChunkState.Sealed(),
                new ChunkState.AtRisk(1L << 31),
                new ChunkState.Released(),
                TOKEN,
                EXPECTED,
                HASH,
                CHUNK,
                new FragmentIndex(3),
                DIGEST,
                RANGE,
                new FragmentPlace(1_000, 7),
                PROFILE,
                STREAM,
                new UsefulBytes(5, 123_456));
    }

    private static List<Record> snapshots() {
        SnapshotState.Ready ready = new SnapshotState.Ready(TIME);
        return List.of(
                new SnapshotEntry(
                        DIGEST,
                        HOST_CLASS,
                        Optional.of("s-0"),
                        List.of(FILE),
                        65_536,
                        true,
                        TIME,
                        ready,
                        Optional.empty(),
                        SnapshotOrigin.ASKED, Optional.empty(), List.of()),
                new SnapshotState.Making(TOKEN),
                ready,
                new SnapshotState.Condemned("torn", TIME),
                new TenantEntry(1L << 40, 65_536, 1),
                new ApplicationEntry(
                        10, Long.MAX_VALUE, 1, 2, Optional.empty(), 0, false, 0, Optional.empty()),
                new MakerEntry(TOKEN, Optional.of("s-1")),
                APPLICATION,
                SNAPSHOT,
                HOST_CLASS,
                FILE,
                new SnapshotDraft(DIGEST, HOST_CLASS, Optional.of("s-0"), 1 << 20, SnapshotOrigin.ASKED,
                        Optional.empty()));
    }

    private static List<Record> applications() {
        PlacementState.Starting starting = new PlacementState.Starting(TIME);
        return List.of(
                Samples.APPLICATION_SPEC,
                new Root.Folder("/srv/shop"),
                new Root.Image("oci:/srv/shop:v1"),
                new Root.Group(List.of(MEMBER)),
                MEMBER,
                new Variable("HOME", "/root"),
                new Mount(Mount.Kind.VOLUME, "db", "/var/lib/db", true),
                new Limits(1 << 30, 500, 64),
                new Probe.Started(50),
                new Probe.Connects(5_000),
                new Probe.Answers("/healthz", 5_000),
                new Scaling(1, 3, 8, 60_000, Scaling.OnIdle.DROP),
                SnapshotPolicy.STANDARD,
                new StoredImage(HASH, 1 << 20, List.of("n1", "n2"), Optional.empty(), 0, 0, List.of()),
                new StoredBlob(Samples.STREAM, 1 << 20, 5_000, Samples.DIGEST),
                new PlacementKey(APPLICATION, 2),
                new PlacementEntry("n1", TOKEN, 12, TIME, starting),
                starting,
                new PlacementState.Ready(TIME, Optional.of("s-1")),
                new PlacementState.Freezing(TIME),
                new PlacementState.Asleep(TIME, "s-1"),
                new PlacementState.Failing(TIME, 2, "exit 1"));
    }

    private static List<Record> layers() {
        LayerState.Referenced referenced = new LayerState.Referenced(2);
        return List.of(
                new LayerEntry(65_536, "application/x", List.of(RANGE), 1, referenced, Optional.empty()),
                referenced,
                new LayerState.Unreferenced(TIME),
                new LayerState.Reclaimable(TIME),
                new HolderEntry(List.of(new BlockRange(0, 2), new BlockRange(5, 1))),
                new HolderKey(DIGEST, "n1"),
                new BlockRange(3, 4),
                new LayerDraft(65_536, "application/x", List.of(RANGE), Optional.empty()));
    }

    private static List<Record> images() {
        return List.of(
                new ImageEntry(Samples.IMAGE, TIME, 2),
                Samples.IMAGE,
                Samples.IMAGE_CONFIGURATION,
                new Hook.Signal(10),
                new Hook.Call("/saved", 5_000));
    }

    private static List<Record> rollouts() {
        RolloutEntry.Progress progress = new RolloutEntry.Progress(4, 2, 1, 0);
        return List.of(
                new ObjectEntry(List.of(VERSION), 1, 2, 8, 1, Optional.of("r1")),
                VERSION,
                new GenerationEntry("v1", "registry/shop@v1", TIME),
                new InstanceEntry(LINK, 2, 1, new Verdict.Healthy()),
                new LinkEntry(INSTANCE, 2, "registry/shop@v2", TIME),
                new RolloutEntry(PLAN, 2, 1, new RolloutState.Running(1), progress, TIME),
                progress,
                PLAN,
                INSTANCE,
                LINK,
                new Wave.UpTo(100),
                new Wave.Named(List.of("i1", "i2")),
                new Verdict.Pending(),
                new Verdict.Healthy(),
                new Verdict.Unhealthy("500"),
                new RolloutState.Planned(),
                new RolloutState.Running(2),
                new RolloutState.Paused(2),
                new RolloutState.Failed("no"),
                new RolloutState.RolledBack("no"),
                new RolloutState.Completed());
    }

    private static List<Record> cluster() {
        return List.of(
                new ClusterEntry("c-1", "home", TIME, 1, 3, 4),
                new NodeEntry(
                        3,
                        Samples.description("z1", true),
                        CERTIFICATE,
                        Optional.of(CERTIFICATE),
                        new NodeState.Maintenance("disk"),
                        TIME),
                Samples.description("z1", false),
                CERTIFICATE,
                Samples.description("z1", true).addresses(),
                new JoinTokenEntry(HASH, TIME, "user/ada"),
                new NodeState.Joined(),
                new NodeState.Draining(),
                new NodeState.Maintenance("disk"),
                new NodeState.Evicted("gone", TIME));
    }

    private static List<Record> others() {
        return List.of(
                new SettingEntry(Octets.copyOf(new byte[] {1, 2, 3})),
                new LeaseEntry("n1", TOKEN, TIME),
                new AuditEntry(9, TIME, "ada", "r-1", "snapshot.delete", "acme/shop/s-1", "accepted"),
                new RefusalEntry(TIME, "n1", REFUSED),
                REFUSED,
                new OperationEntry(
                        "volume.check", "db", "n1", 500, "reads", TIME, TIME, new OperationState.Running()),
                new OperationState.Running(),
                new OperationState.Cancelling(),
                new OperationState.Succeeded("{}"),
                new OperationState.Failed("io-error", "disk gone"),
                new OperationState.Cancelled(),
                new UserEntry(Role.OPERATOR, 1, TIME),
                new UserTokenEntry(HASH, TIME, true, "laptop", TIME),
                new UserTokenKey("ada", "t1"));
    }

    private static List<Record> volumes() {
        return List.of(
                new VolumeEntry(1L << 30, 4_096, PROFILE, POLICY, STREAM, 1, TIME, true, 2,
                        Optional.of(VOLUME_SNAPSHOT), Optional.of(new Attachment("n1", TIME)),
                        Optional.empty()),
                new VolumeSnapshotEntry(9, 1L << 30, TIME, true, Optional.empty()),
                new ReclaimEntry("db", TIME),
                VOLUME,
                POLICY,
                new Attachment("n1", TIME),
                VOLUME_SNAPSHOT,
                new Endpoint("nbd", "10.0.0.1:10809"),
                new AsOf("cut.7", 7),
                new VolumePin("db", TOKEN, 9, true));
    }
}
