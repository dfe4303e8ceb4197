package io.holdfast.gridstate;

import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.gridstate.access.AccessRules;
import io.holdfast.gridstate.audit.RefusalRules;
import io.holdfast.gridstate.chunkmap.ChunkRules;
import io.holdfast.gridstate.chunkmap.StreamRules;
import io.holdfast.gridstate.cluster.ClusterRules;
import io.holdfast.gridstate.cluster.ClusterRules.Applicant;
import io.holdfast.gridstate.cluster.JoinTokenRules;
import io.holdfast.gridstate.cluster.NodeState;
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
import io.holdfast.gridstate.image.ImageRules;
import io.holdfast.gridstate.layer.LayerRules;
import io.holdfast.gridstate.lease.LeaseRules;
import io.holdfast.gridstate.operation.OperationRules;
import io.holdfast.gridstate.operation.OperationState;
import io.holdfast.gridstate.placement.PlacementRules;
import io.holdfast.gridstate.rollout.ObjectRules;
import io.holdfast.gridstate.rollout.RolloutRules;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.RuleScope;
import io.holdfast.gridstate.setting.SettingRules;
import io.holdfast.gridstate.snapshot.ApplicationRules;
import io.holdfast.gridstate.snapshot.SnapshotRules;
import io.holdfast.gridstate.volume.HeldSnapshotRules;
import io.holdfast.gridstate.volume.VolumeRules;
import io.holdfast.gridstate.volume.VolumeSnapshotRules;
import java.util.ArrayList;
import java.util.List;

/// Brings each command to the rules of its catalog. Immutable; confined to the apply thread by what it is
/// given.
final class GridRules {
    private final HeldSnapshotRules heldSnapshots = new HeldSnapshotRules();
    private final SnapshotRules snapshots = new SnapshotRules(heldSnapshots);
    private final ApplicationRules applications = new ApplicationRules();
    private final PlacementRules placements = new PlacementRules();
    private final LayerRules layers = new LayerRules();
    private final ImageRules images = new ImageRules(layers);
    private final StreamRules streams = new StreamRules();
    private final ChunkRules chunks = new ChunkRules();
    private final ObjectRules objects = new ObjectRules();
    private final RolloutRules rollouts = new RolloutRules();
    private final JoinTokenRules joinTokens = new JoinTokenRules();
    private final ClusterRules cluster = new ClusterRules(joinTokens);
    private final AccessRules access = new AccessRules();
    private final LeaseRules leases = new LeaseRules();
    private final OperationRules operations = new OperationRules(OperationRules.ENDED_MAX);
    private final RefusalRules refusals = new RefusalRules(RefusalRules.RECORDS_MAX);
    private final SettingRules settings = new SettingRules();
    private final VolumeSnapshotRules volumeSnapshots = new VolumeSnapshotRules();
    private final VolumeRules volumes = new VolumeRules(streams, volumeSnapshots);

    /// The keyspaces of the rules' own indexes.
    static List<Keyspace> indexes() {
        List<Keyspace> all = new ArrayList<>(SnapshotRules.indexes());
        all.addAll(LayerRules.indexes());
        all.addAll(ImageRules.indexes());
        all.addAll(ChunkRules.indexes());
        all.addAll(ObjectRules.indexes());
        all.addAll(JoinTokenRules.indexes());
        all.addAll(LeaseRules.indexes());
        all.addAll(OperationRules.indexes());
        all.addAll(VolumeRules.indexes());
        return all;
    }

    GridReply decide(RuleScope scope, GridCommand command) {
        return switch (command) {
            case SnapshotCommand snapshot -> decide(scope, snapshot);
            case ApplicationCommand application -> decide(scope, application);
            case LayerCommand layer -> decide(scope, layer);
            case ImageCommand image -> decide(scope, image);
            case ChunkCommand chunk -> decide(scope, chunk);
            case RolloutCommand rollout -> decide(scope, rollout);
            case ClusterCommand ofCluster -> decide(scope, ofCluster);
            case AccessCommand ofAccess -> decide(scope, ofAccess);
            case LeaseCommand lease -> decide(scope, lease);
            case OperationCommand operation -> decide(scope, operation);
            case SettingCommand setting -> decide(scope, setting);
            case AuditCommand.ReportRefused c -> refusals.report(scope, c.node(), c.calls());
            case VolumeCommand volume -> decide(scope, volume);
        };
    }

    private GridReply decide(RuleScope scope, SnapshotCommand command) {
        return switch (command) {
            case SnapshotCommand.SetQuota c ->
                snapshots.setQuota(scope, c.tenant(), c.quotaBytes(), c.expected());
            case SnapshotCommand.SetRetention c ->
                snapshots.setRetention(scope, c.application(), c.keepCount(), c.keepMillis(), c.expected());
            case SnapshotCommand.Begin c -> snapshots.begin(scope, c.key(), c.draft(), c.maker());
            case SnapshotCommand.Complete c ->
                snapshots.complete(scope, c.key(), c.maker(), c.files(), c.whole(), c.pins());
            case SnapshotCommand.Condemn c -> snapshots.condemn(scope, c.key(), c.reason(), c.expected());
            case SnapshotCommand.SetProtection c ->
                snapshots.setProtection(scope, c.key(), c.isProtected(), c.expected());
            case SnapshotCommand.Prune c -> snapshots.prune(scope, c.application(), c.limit());
            case SnapshotCommand.Delete c -> snapshots.delete(scope, c.key(), c.expected());
            case SnapshotCommand.Restore c -> snapshots.restore(scope, c.key(), c.rollsBack());
        };
    }

    private GridReply decide(RuleScope scope, ApplicationCommand command) {
        return switch (command) {
            case ApplicationCommand.Define c ->
                applications.define(scope, c.application(), c.spec(), c.expected());
            case ApplicationCommand.SetStopped c ->
                applications.setStopped(scope, c.application(), c.isStopped(), c.expected());
            case ApplicationCommand.Delete c -> applications.delete(scope, c.application(), c.expected());
            case ApplicationCommand.Claim c ->
                placements.claim(scope, c.slot(), new PlacementRules.Host(c.node(), c.host()),
                        c.generation());
            case ApplicationCommand.Report c ->
                placements.report(scope, c.slot(), new PlacementRules.Host(c.node(), c.host()), c.state());
            case ApplicationCommand.Release c ->
                placements.release(scope, c.slot(), new PlacementRules.Host(c.node(), c.host()));
        };
    }

    private GridReply decide(RuleScope scope, LayerCommand command) {
        return switch (command) {
            case LayerCommand.Register c -> layers.register(scope, c.digest(), c.draft(), c.referrer());
            case LayerCommand.AddReference c -> layers.addReference(scope, c.digest(), c.referrer());
            case LayerCommand.RemoveReference c -> layers.removeReference(scope, c.digest(), c.referrer());
            case LayerCommand.MarkReclaimable c -> layers.markReclaimable(scope, c.digest());
            case LayerCommand.Delete c -> layers.delete(scope, c.digest());
            case LayerCommand.RecordBlocks c -> layers.recordBlocks(scope, c.key(), c.ranges());
            case LayerCommand.ForgetBlocks c -> layers.forgetBlocks(scope, c.key());
        };
    }

    private GridReply decide(RuleScope scope, ImageCommand command) {
        return switch (command) {
            case ImageCommand.Put c -> images.put(scope, c.image(), c.draft(), c.expected());
            case ImageCommand.Delete c -> images.delete(scope, c.image(), c.expected());
        };
    }

    private GridReply decide(RuleScope scope, ChunkCommand command) {
        return switch (command) {
            case ChunkCommand.CreateStream c -> streams.create(scope, c.stream(), c.name(), c.profile());
            case ChunkCommand.FenceStream c -> streams.fence(scope, c.stream(), c.token());
            case ChunkCommand.SetStreamProfile c ->
                streams.setProfile(scope, c.stream(), c.token(), c.profile());
            case ChunkCommand.DeleteStream c -> streams.delete(scope, c.stream(), c.token());
            case ChunkCommand.Open c -> chunks.open(scope, c.chunk(), c.token(), c.profile(), c.places());
            case ChunkCommand.Seal c ->
                chunks.seal(
                        scope,
                        c.chunk(),
                        c.token(),
                        new ChunkRules.Sealing(c.lengthBytes(), c.usefulBytes(), c.lostFragments()));
            case ChunkCommand.UpdateUseful c -> chunks.updateUseful(scope, c.stream(), c.token(), c.chunks());
            case ChunkCommand.ReportLost c -> chunks.reportLost(scope, c.chunk(), c.lostFragments());
            case ChunkCommand.ReplaceFragment c ->
                chunks.replaceFragment(
                        scope,
                        c.chunk(),
                        c.fragment(),
                        new ChunkRules.VerifiedMove(c.from(), c.to(), c.verifiedLengthBytes()));
            case ChunkCommand.Release c -> chunks.release(scope, c.chunk(), c.token(), c.replacement());
            case ChunkCommand.Forget c -> chunks.forget(scope, c.chunk());
        };
    }

    private GridReply decide(RuleScope scope, RolloutCommand command) {
        return switch (command) {
            case RolloutCommand.DefineObject c -> objects.define(scope, c.object(), c.version());
            case RolloutCommand.AddVersion c ->
                objects.addVersion(scope, c.object(), c.version(), c.expected());
            case RolloutCommand.DeleteObject c -> objects.delete(scope, c.object(), c.expected());
            case RolloutCommand.AddInstance c -> objects.addInstance(scope, c.instance(), c.link());
            case RolloutCommand.ReplaceLink c ->
                objects.replaceLink(scope, c.instance(), c.link(), c.expected());
            case RolloutCommand.RemoveInstance c -> objects.removeInstance(scope, c.instance(), c.expected());
            case RolloutCommand.Plan c -> rollouts.plan(scope, c.rollout(), c.plan());
            case RolloutCommand.Start c -> rollouts.start(scope, c.rollout(), c.expected());
            case RolloutCommand.MoveLinks c -> rollouts.moveLinks(scope, c.rollout(), c.limit());
            case RolloutCommand.Judge c ->
                rollouts.judge(
                        scope,
                        c.rollout(),
                        new RolloutRules.InstanceVerdict(c.instance(), c.generation(), c.verdict()));
            case RolloutCommand.Advance c -> rollouts.advance(scope, c.rollout(), c.expected());
            case RolloutCommand.Pause c -> rollouts.pause(scope, c.rollout(), c.expected());
            case RolloutCommand.Resume c -> rollouts.resume(scope, c.rollout(), c.expected());
            case RolloutCommand.Fail c -> rollouts.fail(scope, c.rollout(), c.reason(), c.expected());
            case RolloutCommand.SendBack c -> rollouts.sendBack(scope, c.rollout(), c.limit());
            case RolloutCommand.Undo c -> rollouts.undo(scope, c.rollout(), c.reason(), c.expected());
            case RolloutCommand.Delete c -> rollouts.delete(scope, c.rollout(), c.expected());
        };
    }

    private GridReply decide(RuleScope scope, ClusterCommand command) {
        return switch (command) {
            case ClusterCommand.Found c ->
                cluster.found(
                        scope, c.id(), c.name(), new Applicant(c.node(), c.description(), c.certificate()));
            case ClusterCommand.CreateJoinToken c ->
                joinTokens.create(scope, c.token(), c.secretHash(), c.expiresMillis());
            case ClusterCommand.RevokeJoinToken c -> joinTokens.revoke(scope, c.token());
            case ClusterCommand.AdmitNode c ->
                cluster.admit(
                        scope,
                        new Applicant(c.node(), c.description(), c.certificate()),
                        new JoinTokenRules.Shown(c.token(), c.secretHash()));
            case ClusterCommand.DescribeNode c ->
                cluster.describe(scope, c.node(), c.description(), c.expected());
            case ClusterCommand.ResumeNode c ->
                cluster.setState(scope, c.node(), new NodeState.Joined(), c.expected());
            case ClusterCommand.DrainNode c ->
                cluster.setState(scope, c.node(), new NodeState.Draining(), c.expected());
            case ClusterCommand.MaintainNode c ->
                cluster.setState(scope, c.node(), new NodeState.Maintenance(c.reason()), c.expected());
            case ClusterCommand.EvictNode c -> cluster.evict(scope, c.node(), c.reason(), c.expected());
            case ClusterCommand.RenewCertificate c ->
                cluster.renew(scope, c.node(), c.certificate(), c.expected());
            case ClusterCommand.RaiseLevel c -> cluster.raiseLevel(scope, c.level());
        };
    }

    private GridReply decide(RuleScope scope, AccessCommand command) {
        return switch (command) {
            case AccessCommand.CreateUser c -> access.createUser(scope, c.user(), c.role());
            case AccessCommand.SetRole c -> access.setRole(scope, c.user(), c.role(), c.expected());
            case AccessCommand.DeleteUser c -> access.deleteUser(scope, c.user(), c.expected());
            case AccessCommand.CreateToken c ->
                access.createToken(scope, c.token(), c.secretHash(), c.expiresMillis(), c.note());
            case AccessCommand.RevokeToken c -> access.revokeToken(scope, c.token());
        };
    }

    private GridReply decide(RuleScope scope, LeaseCommand command) {
        return switch (command) {
            case LeaseCommand.Acquire c -> leases.acquire(scope, c.lease(), c.holder(), c.ttlMillis());
            case LeaseCommand.Renew c -> leases.renew(scope, c.lease(), c.holder(), c.token(), c.ttlMillis());
            case LeaseCommand.Release c -> leases.release(scope, c.lease(), c.holder(), c.token());
            case LeaseCommand.Seize c -> leases.seize(scope, c.lease(), c.holder(), c.ttlMillis());
        };
    }

    private GridReply decide(RuleScope scope, OperationCommand command) {
        return switch (command) {
            case OperationCommand.Start c ->
                operations.start(scope, c.operation(), c.operationKind(), c.operationTarget(), c.owner());
            case OperationCommand.Report c ->
                operations.report(scope, c.operation(), c.owner(), c.permille(), c.message());
            case OperationCommand.Cancel c -> operations.cancel(scope, c.operation());
            case OperationCommand.Succeed c ->
                operations.end(scope, c.operation(), c.owner(), new OperationState.Succeeded(c.result()));
            case OperationCommand.Fail c ->
                operations.end(
                        scope, c.operation(), c.owner(), new OperationState.Failed(c.code(), c.reason()));
            case OperationCommand.ConfirmCancelled c ->
                operations.end(scope, c.operation(), c.owner(), new OperationState.Cancelled());
            case OperationCommand.TakeOver c ->
                operations.takeOver(scope, c.operation(), c.owner(), c.expected());
        };
    }

    private GridReply decide(RuleScope scope, SettingCommand command) {
        return switch (command) {
            case SettingCommand.Put c -> settings.put(scope, c.name(), c.value(), c.expected());
            case SettingCommand.Remove c -> settings.remove(scope, c.name(), c.expected());
        };
    }

    private GridReply decide(RuleScope scope, VolumeCommand command) {
        return switch (command) {
            case VolumeCommand.Create c -> volumes.create(scope, c.volume(), c.draft());
            case VolumeCommand.CreateClone c ->
                volumes.createClone(scope, c.volume(), c.origin(), c.token(), c.member());
            case VolumeCommand.Resize c -> volumes.resize(scope, c.volume(), c.token(), c.sizeBytes());
            case VolumeCommand.SetProfile c -> volumes.setProfile(scope, c.volume(), c.token(), c.profile());
            case VolumeCommand.SetPolicy c -> volumes.setPolicy(scope, c.volume(), c.policy(), c.expected());
            case VolumeCommand.SetProtection c ->
                volumes.setProtection(scope, c.volume(), c.isProtected(), c.expected());
            case VolumeCommand.AddSnapshot c ->
                volumeSnapshots.add(scope, c.snapshot(), c.token(), c.number());
            case VolumeCommand.DeleteSnapshot c -> volumeSnapshots.delete(scope, c.snapshot(), c.token());
            case VolumeCommand.ProtectSnapshot c ->
                volumeSnapshots.setProtection(scope, c.snapshot(), c.isProtected(), c.expected());
            case VolumeCommand.RollBack c -> volumeSnapshots.rollBack(scope, c.snapshot(), c.token());
            case VolumeCommand.GoOn c ->
                heldSnapshots.goOn(scope, c.volume(), c.token(), c.asOfVersion());
            case VolumeCommand.Attach c -> volumes.attach(scope, c.volume(), c.token(), c.node());
            case VolumeCommand.Detach c -> volumes.detach(scope, c.volume(), c.node());
            case VolumeCommand.Delete c -> volumes.delete(scope, c.volume(), c.token(), c.expected());
            case VolumeCommand.FinishReclaim c -> volumes.finishReclaim(scope, c.stream(), c.token());
        };
    }
}
