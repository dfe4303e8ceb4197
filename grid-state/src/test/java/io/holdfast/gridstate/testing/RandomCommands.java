package io.holdfast.gridstate.testing;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.access.Role;
import io.holdfast.gridstate.access.UserTokenKey;
import io.holdfast.gridstate.catalog.Octets;
import io.holdfast.gridstate.catalog.Sha256;
import io.holdfast.gridstate.chunkmap.ChunkRange;
import io.holdfast.gridstate.chunkmap.FragmentPlace;
import io.holdfast.gridstate.chunkmap.Profile;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.gridstate.chunkmap.UsefulBytes;
import io.holdfast.gridstate.cluster.NodeCertificate;
import io.holdfast.gridstate.command.AccessCommand;
import io.holdfast.gridstate.command.ChunkCommand;
import io.holdfast.gridstate.command.ClusterCommand;
import io.holdfast.gridstate.command.GridCommand;
import io.holdfast.gridstate.command.LayerCommand;
import io.holdfast.gridstate.command.LeaseCommand;
import io.holdfast.gridstate.command.OperationCommand;
import io.holdfast.gridstate.command.RolloutCommand;
import io.holdfast.gridstate.command.SettingCommand;
import io.holdfast.gridstate.command.SnapshotCommand;
import io.holdfast.gridstate.layer.BlockRange;
import io.holdfast.gridstate.layer.HolderKey;
import io.holdfast.gridstate.layer.LayerDraft;
import io.holdfast.gridstate.rollout.InstanceKey;
import io.holdfast.gridstate.rollout.LinkId;
import io.holdfast.gridstate.rollout.ObjectVersion;
import io.holdfast.gridstate.rollout.RolloutPlan;
import io.holdfast.gridstate.rollout.Verdict;
import io.holdfast.gridstate.rollout.Wave;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.gridstate.snapshot.HostClass;
import io.holdfast.gridstate.snapshot.SnapshotDraft;
import io.holdfast.gridstate.snapshot.SnapshotOrigin;
import io.holdfast.gridstate.snapshot.SnapshotKey;
import io.holdfast.gridstate.snapshot.StoredFile;
import io.holdfast.hostio.id.ChunkId;
import io.holdfast.hostio.id.FragmentIndex;
import io.holdfast.hostio.id.LayerDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// Commands drawn from so few names and numbers that they meet: every rule is asked, and broken, often.
public final class RandomCommands {
    private static final ExpectedVersion ANY = ExpectedVersion.ANY;

    private final SplittableRandom random;

    public RandomCommands(long seed) {
        this.random = new SplittableRandom(seed);
    }

    public GridCommand next() {
        return switch (random.nextInt(9)) {
            case 0 -> snapshot();
            case 1 -> layer();
            case 2, 3 -> chunk();
            case 4, 5 -> rollout();
            case 6 -> cluster();
            case 7 -> random.nextBoolean() ? access() : lease();
            default -> random.nextBoolean() ? operation() : setting();
        };
    }

    public GridCommand snapshot() {
        ApplicationKey application = new ApplicationKey(name("t", 2), name("a", 2));
        SnapshotKey key = new SnapshotKey(application, name("s", 8));
        HostClass hostClass = new HostClass("6.18", name("c", 2), "4.2");
        return switch (random.nextInt(10)) {
            case 0 -> new SnapshotCommand.SetQuota(application.tenant(), random.nextInt(4_000), ANY);
            case 1 -> new SnapshotCommand.SetRetention(application, random.nextInt(1, 4), 500_000, ANY);
            case 2, 3, 4 -> {
                Optional<String> parent =
                        random.nextBoolean() ? Optional.of(name("s", 8)) : Optional.empty();
                yield new SnapshotCommand.Begin(
                        key, draft(hostClass, parent), token());
            }
            case 5, 6 -> new SnapshotCommand.Complete(
                    key, token(), List.of(new StoredFile("f", List.of(range(random.nextInt(1, 500))))),
                    Optional.empty());
            case 7 -> random.nextBoolean()
                    ? new SnapshotCommand.Condemn(key, "why", expected())
                    : new SnapshotCommand.SetProtection(key, random.nextBoolean(), ANY);
            case 8 -> new SnapshotCommand.Prune(application, random.nextInt(1, 4));
            default -> new SnapshotCommand.Delete(key, expected());
        };
    }

    private SnapshotDraft draft(HostClass hostClass, Optional<String> parent) {
        return new SnapshotDraft(
                digest(), hostClass, parent, random.nextInt(300), SnapshotOrigin.ASKED, Optional.empty());
    }

    public GridCommand layer() {
        LayerDigest digest = digest();
        HolderKey holder = new HolderKey(digest, name("n", 3));
        return switch (random.nextInt(8)) {
            case 0, 1 -> new LayerCommand.Register(
                    digest,
                    new LayerDraft(400_000, "application/x", List.of(range(400_000)), Optional.empty()),
                    random.nextBoolean() ? Optional.of(name("ref", 4)) : Optional.empty());
            case 2 -> new LayerCommand.AddReference(digest, name("ref", 4));
            case 3, 4 -> new LayerCommand.RemoveReference(digest, name("ref", 4));
            case 5 -> new LayerCommand.MarkReclaimable(digest);
            case 6 -> new LayerCommand.Delete(digest);
            default -> random.nextInt(3) > 0
                    ? new LayerCommand.ForgetBlocks(holder)
                    : new LayerCommand.RecordBlocks(holder, List.of(new BlockRange(random.nextInt(5), 1)));
        };
    }

    public GridCommand chunk() {
        StreamId stream = new StreamId(random.nextInt(1, 4));
        ChunkId chunk = new ChunkId(stream.value(), random.nextInt(40));
        return switch (random.nextInt(14)) {
            case 0 -> new ChunkCommand.CreateStream(stream, "stream-" + stream, profile(2));
            case 1 -> random.nextInt(8) == 0
                    ? new ChunkCommand.FenceStream(stream, token())
                    : new ChunkCommand.DeleteStream(stream, token());
            case 2 -> new ChunkCommand.SetStreamProfile(stream, token(), profile(random.nextInt(1, 3)));
            case 3, 4, 5 -> {
                Profile profile = profile(random.nextInt(1, 3));
                yield new ChunkCommand.Open(chunk, token(), profile, places(profile.fragmentCount()));
            }
            case 6, 7, 8 -> {
                int lost = random.nextInt(3) == 0 ? random.nextInt(16) : 0;
                yield new ChunkCommand.Seal(chunk, token(), 1_000, random.nextInt(1_000), lost);
            }
            case 9 -> new ChunkCommand.UpdateUseful(
                    stream,
                    token(),
                    List.of(
                            new UsefulBytes(random.nextInt(40), random.nextInt(3)),
                            new UsefulBytes(random.nextInt(40), 0)));
            case 10 -> new ChunkCommand.ReportLost(chunk, random.nextInt(1, 32));
            case 11 -> new ChunkCommand.ReplaceFragment(
                    chunk, new FragmentIndex(random.nextInt(4)), place(), place(), 1_000);
            case 12 -> new ChunkCommand.Release(
                    chunk, token(), Optional.of(new ChunkId(stream.value(), random.nextInt(40))));
            default -> new ChunkCommand.Forget(chunk);
        };
    }

    public GridCommand rollout() {
        String object = name("o", 2);
        String rollout = name("r", 4);
        InstanceKey instance = new InstanceKey(object, name("i", 12));
        return switch (random.nextInt(20)) {
            case 0 -> new RolloutCommand.DefineObject(object, version());
            case 1 -> new RolloutCommand.AddVersion(object, version(), ANY);
            case 2 -> new RolloutCommand.DeleteObject(object, ANY);
            case 3, 4, 5 -> new RolloutCommand.AddInstance(instance, link());
            case 6 -> random.nextBoolean()
                    ? new RolloutCommand.ReplaceLink(instance, link(), ANY)
                    : new RolloutCommand.RemoveInstance(instance, ANY);
            case 7 -> new RolloutCommand.Plan(
                    rollout,
                    new RolloutPlan(
                            object,
                            version().name(),
                            List.of(
                                    new Wave.UpTo(random.nextInt(1, 90)),
                                    new Wave.Named(List.of(name("i", 12))),
                                    new Wave.UpTo(100)),
                            random.nextInt(2)));
            case 8 -> new RolloutCommand.Start(rollout, ANY);
            case 9, 10 -> new RolloutCommand.MoveLinks(rollout, random.nextInt(1, 5));
            case 11, 12, 13 -> new RolloutCommand.Judge(
                    rollout,
                    instance.name(),
                    random.nextInt(1, 6),
                    random.nextInt(6) == 0 ? new Verdict.Unhealthy("no") : new Verdict.Healthy());
            case 14, 15 -> new RolloutCommand.Advance(rollout, ANY);
            case 16 -> random.nextBoolean()
                    ? new RolloutCommand.Pause(rollout, ANY)
                    : new RolloutCommand.Resume(rollout, ANY);
            case 17 -> random.nextBoolean()
                    ? new RolloutCommand.Fail(rollout, "no", ANY)
                    : new RolloutCommand.Undo(rollout, "no", ANY);
            case 18 -> new RolloutCommand.SendBack(rollout, random.nextInt(1, 4));
            default -> new RolloutCommand.Delete(rollout, ANY);
        };
    }

    public GridCommand cluster() {
        String node = name("n", 4);
        NodeCertificate certificate = new NodeCertificate("1", hash(), Long.MAX_VALUE);
        return switch (random.nextInt(9)) {
            case 0 -> new ClusterCommand.Found(
                    "c-1", "home", node, Samples.description("z1", true), certificate);
            case 1 -> new ClusterCommand.CreateJoinToken(
                    name("j", 3), hash(), GridHarness.START_MILLIS + random.nextInt(5_000_000));
            case 2 -> new ClusterCommand.RevokeJoinToken(name("j", 3));
            case 3, 4 -> new ClusterCommand.AdmitNode(
                    node, Samples.description("z2", false), certificate, name("j", 3), hash());
            case 5 -> new ClusterCommand.EvictNode(node, "gone", ANY);
            case 6 -> new ClusterCommand.RenewCertificate(node, certificate, expected());
            case 7 -> random.nextBoolean()
                    ? new ClusterCommand.DrainNode(node, ANY)
                    : new ClusterCommand.MaintainNode(node, "disk", ANY);
            default -> new ClusterCommand.ResumeNode(node, ANY);
        };
    }

    public GridCommand access() {
        String user = name("u", 3);
        UserTokenKey token = new UserTokenKey(user, name("t", 70));
        return switch (random.nextInt(6)) {
            case 0 -> new AccessCommand.CreateUser(user, role());
            case 1 -> new AccessCommand.SetRole(user, role(), expected());
            case 2 -> new AccessCommand.DeleteUser(user, expected());
            case 3 -> new AccessCommand.RevokeToken(token);
            default -> new AccessCommand.CreateToken(
                    token, hash(), GridHarness.START_MILLIS + random.nextInt(5_000_000), "");
        };
    }

    public GridCommand lease() {
        String lease = name("lease", 3);
        return switch (random.nextInt(5)) {
            case 0, 1 -> new LeaseCommand.Acquire(lease, name("n", 3), random.nextInt(100, 20_000));
            case 2 -> new LeaseCommand.Seize(lease, name("n", 3), 5_000);
            case 3 -> new LeaseCommand.Renew(lease, name("n", 3), token(), 5_000);
            default -> new LeaseCommand.Release(lease, name("n", 3), token());
        };
    }

    public GridCommand operation() {
        String id = name("op", 20);
        String owner = name("n", 2);
        return switch (random.nextInt(7)) {
            case 0, 1 -> new OperationCommand.Start(id, "check", "x", owner);
            case 2 -> new OperationCommand.Report(id, owner, random.nextInt(1_001), "at it");
            case 3 -> new OperationCommand.Cancel(id);
            case 4 -> new OperationCommand.Succeed(id, owner, "{}");
            case 5 -> new OperationCommand.ConfirmCancelled(id, owner);
            default -> new OperationCommand.TakeOver(id, owner, expected());
        };
    }

    public GridCommand setting() {
        byte[] value = new byte[random.nextInt(20)];
        random.nextBytes(value);
        return random.nextInt(4) > 0
                ? new SettingCommand.Put(name("k", 5), Octets.copyOf(value), expected())
                : new SettingCommand.Remove(name("k", 5), expected());
    }

    private String name(String prefix, int count) {
        return prefix + random.nextInt(count);
    }

    private ExpectedVersion expected() {
        return random.nextInt(4) == 0 ? ExpectedVersion.of(random.nextInt(200)) : ANY;
    }

    /// Mostly the same, now and then older or newer.
    private FencingToken token() {
        return new FencingToken(random.nextInt(20) == 0 ? random.nextInt(4) : 4);
    }

    private LayerDigest digest() {
        return new LayerDigest("sha256:" + Integer.toString(random.nextInt(4)).repeat(64));
    }

    private Sha256 hash() {
        return new Sha256(HexFormat.of().toHexDigits((byte) random.nextInt(200)).repeat(32));
    }

    private LinkId link() {
        return new LinkId(HexFormat.of().toHexDigits((byte) random.nextInt(40)).repeat(16));
    }

    private ObjectVersion version() {
        String name = name("v", 3);
        return new ObjectVersion(name, "at/" + name);
    }

    private Role role() {
        return List.of(Role.VIEWER, Role.OPERATOR, Role.ADMIN).get(random.nextInt(3));
    }

    private static Profile profile(int parityCount) {
        return new Profile(2, parityCount, Profile.Spread.NODE);
    }

    private List<FragmentPlace> places(int count) {
        int first = random.nextInt(1, 4);
        return java.util.stream.IntStream.range(first, first + count)
                .mapToObj(node -> new FragmentPlace(node, 0))
                .toList();
    }

    private FragmentPlace place() {
        return new FragmentPlace(random.nextInt(1, 8), 0);
    }

    private static ChunkRange range(int lengthBytes) {
        return new ChunkRange(new ChunkId(1, 1), 0, lengthBytes, 7);
    }
}
