package io.holdfast.gridstate.codec;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.access.UserEntry;
import io.holdfast.gridstate.access.UserTokenEntry;
import io.holdfast.gridstate.access.UserTokenKey;
import io.holdfast.gridstate.application.ApplicationSpec;
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
import io.holdfast.gridstate.catalog.Sha256;
import io.holdfast.gridstate.chunkmap.ChunkEntry;
import io.holdfast.gridstate.chunkmap.ChunkRange;
import io.holdfast.gridstate.chunkmap.ChunkState;
import io.holdfast.gridstate.chunkmap.FragmentPlace;
import io.holdfast.gridstate.chunkmap.Profile;
import io.holdfast.gridstate.chunkmap.StoredBlob;
import io.holdfast.gridstate.chunkmap.StreamEntry;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.gridstate.chunkmap.UsefulBytes;
import io.holdfast.gridstate.cluster.Addresses;
import io.holdfast.gridstate.cluster.ClusterEntry;
import io.holdfast.gridstate.cluster.Endpoint;
import io.holdfast.gridstate.cluster.JoinTokenEntry;
import io.holdfast.gridstate.cluster.NodeCertificate;
import io.holdfast.gridstate.cluster.NodeDescription;
import io.holdfast.gridstate.cluster.NodeEntry;
import io.holdfast.gridstate.cluster.NodeState;
import io.holdfast.gridstate.command.AccessCommand;
import io.holdfast.gridstate.command.ApplicationCommand;
import io.holdfast.gridstate.command.AuditCommand;
import io.holdfast.gridstate.command.ChunkCommand;
import io.holdfast.gridstate.command.ClusterCommand;
import io.holdfast.gridstate.command.CommandEnvelope;
import io.holdfast.gridstate.command.ImageCommand;
import io.holdfast.gridstate.command.LayerCommand;
import io.holdfast.gridstate.command.LeaseCommand;
import io.holdfast.gridstate.command.OperationCommand;
import io.holdfast.gridstate.command.RolloutCommand;
import io.holdfast.gridstate.command.SettingCommand;
import io.holdfast.gridstate.command.SnapshotCommand;
import io.holdfast.gridstate.command.VolumeCommand;
import io.holdfast.gridstate.image.ImageDraft;
import io.holdfast.gridstate.image.ImageEntry;
import io.holdfast.gridstate.image.ImagePart;
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
import io.holdfast.gridstate.rollout.LinkId;
import io.holdfast.gridstate.rollout.ObjectEntry;
import io.holdfast.gridstate.rollout.ObjectVersion;
import io.holdfast.gridstate.rollout.RolloutEntry;
import io.holdfast.gridstate.rollout.RolloutPlan;
import io.holdfast.gridstate.rollout.RolloutState;
import io.holdfast.gridstate.rollout.Verdict;
import io.holdfast.gridstate.rollout.Wave;
import io.holdfast.gridstate.rule.Actor;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.setting.SettingEntry;
import io.holdfast.gridstate.snapshot.ApplicationEntry;
import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.gridstate.snapshot.HostClass;
import io.holdfast.gridstate.snapshot.MakerEntry;
import io.holdfast.gridstate.snapshot.SnapshotDraft;
import io.holdfast.gridstate.snapshot.SnapshotEntry;
import io.holdfast.gridstate.snapshot.SnapshotKey;
import io.holdfast.gridstate.snapshot.SnapshotState;
import io.holdfast.gridstate.snapshot.StoredFile;
import io.holdfast.gridstate.snapshot.StoredImage;
import io.holdfast.gridstate.snapshot.TenantEntry;
import io.holdfast.gridstate.volume.AsOf;
import io.holdfast.gridstate.volume.Attachment;
import io.holdfast.gridstate.volume.ReclaimEntry;
import io.holdfast.gridstate.volume.VolumeDraft;
import io.holdfast.gridstate.volume.VolumeEntry;
import io.holdfast.gridstate.volume.VolumePin;
import io.holdfast.gridstate.volume.VolumePolicy;
import io.holdfast.gridstate.volume.VolumeSnapshotEntry;
import io.holdfast.gridstate.volume.VolumeSnapshotKey;
import io.holdfast.hostio.id.ChunkId;
import io.holdfast.hostio.id.FragmentIndex;
import io.holdfast.hostio.id.LayerDigest;

/// The table of every type of the cluster state. Ids below 128 take one byte: they are kept for what is
/// written most. New types are appended to their group, or get a group of their own.
final class GridTypes {
    static final TypeTable TABLE = table();

    private GridTypes() {}

    private static TypeTable table() {
        TypeTable.Builder builder = new TypeTable.Builder();
        frequent(builder);
        values(builder);
        snapshots(builder);
        layers(builder);
        rollouts(builder);
        cluster(builder);
        others(builder);
        volumes(builder);
        applications(builder);
        images(builder);
        refusals(builder);
        return builder.build();
    }

    private static void frequent(TypeTable.Builder builder) {
        builder.from(16).types(CommandEnvelope.class, Actor.User.class, Actor.Node.class);
        builder.from(20)
                .types(GridReply.Accepted.class, GridReply.Refused.class)
                .types(GridReply.Result.Nothing.class, GridReply.Result.Granted.class)
                .types(GridReply.Result.Assigned.class, GridReply.Result.Progressed.class);
        builder.from(32)
                .types(StreamEntry.class, ChunkEntry.class)
                .types(ChunkState.Open.class, ChunkState.Sealed.class)
                .types(ChunkState.AtRisk.class, ChunkState.Released.class)
                .types(ChunkCommand.CreateStream.class, ChunkCommand.FenceStream.class)
                .types(ChunkCommand.SetStreamProfile.class, ChunkCommand.DeleteStream.class)
                .types(ChunkCommand.Open.class, ChunkCommand.Seal.class, ChunkCommand.UpdateUseful.class)
                .types(ChunkCommand.ReportLost.class, ChunkCommand.ReplaceFragment.class)
                .types(ChunkCommand.Release.class, ChunkCommand.Forget.class);
        builder.from(64).types(SettingEntry.class, SettingCommand.Put.class, SettingCommand.Remove.class);
        builder.from(72)
                .types(LeaseEntry.class, LeaseCommand.Acquire.class, LeaseCommand.Renew.class)
                .types(LeaseCommand.Release.class, LeaseCommand.Seize.class);
        builder.from(80)
                .types(AuditEntry.class, OperationEntry.class)
                .types(OperationState.Running.class, OperationState.Cancelling.class)
                .types(OperationState.Succeeded.class, OperationState.Failed.class)
                .types(OperationState.Cancelled.class)
                .types(OperationCommand.Start.class, OperationCommand.Report.class)
                .types(OperationCommand.Cancel.class, OperationCommand.Succeed.class)
                .types(OperationCommand.Fail.class, OperationCommand.ConfirmCancelled.class)
                .types(OperationCommand.TakeOver.class);
    }

    /// Types that only ever stand where no id is written; ids for them keep the door open.
    private static void values(TypeTable.Builder builder) {
        builder.from(128)
                .types(FencingToken.class, ExpectedVersion.class, Sha256.class)
                .types(ChunkId.class, FragmentIndex.class, LayerDigest.class)
                .types(ChunkRange.class, FragmentPlace.class, Profile.class)
                .types(StreamId.class, UsefulBytes.class);
    }

    private static void snapshots(TypeTable.Builder builder) {
        builder.from(192)
                .type(SnapshotEntry.class, 8, 11, 11, 11, 11, 12)
                .types(SnapshotState.Making.class, SnapshotState.Ready.class)
                .types(SnapshotState.Condemned.class, TenantEntry.class)
                .type(ApplicationEntry.class, 4, 9)
                .types(MakerEntry.class, ApplicationKey.class, SnapshotKey.class)
                .types(HostClass.class, StoredFile.class)
                .type(SnapshotDraft.class, 4, 6);
        builder.from(216)
                .types(SnapshotCommand.SetQuota.class, SnapshotCommand.SetRetention.class)
                .types(SnapshotCommand.Begin.class)
                .type(SnapshotCommand.Complete.class, 3, 4, 4, 4, 4, 5)
                .types(SnapshotCommand.Condemn.class, SnapshotCommand.SetProtection.class)
                .types(SnapshotCommand.Prune.class, SnapshotCommand.Delete.class);
    }

    private static void layers(TypeTable.Builder builder) {
        builder.from(240)
                .type(LayerEntry.class, 5, 5, 5, 6)
                .types(LayerState.Referenced.class, LayerState.Unreferenced.class)
                .types(LayerState.Reclaimable.class, HolderEntry.class, HolderKey.class)
                .types(BlockRange.class)
                .type(LayerDraft.class, 3, 3, 3, 4);
        builder.from(256)
                .types(LayerCommand.Register.class, LayerCommand.AddReference.class)
                .types(LayerCommand.RemoveReference.class, LayerCommand.MarkReclaimable.class)
                .types(LayerCommand.Delete.class, LayerCommand.RecordBlocks.class)
                .types(LayerCommand.ForgetBlocks.class);
    }

    private static void rollouts(TypeTable.Builder builder) {
        builder.from(288)
                .types(ObjectEntry.class, ObjectVersion.class, GenerationEntry.class, InstanceEntry.class)
                .types(LinkEntry.class, RolloutEntry.class, RolloutEntry.Progress.class, RolloutPlan.class)
                .types(InstanceKey.class, LinkId.class)
                .types(Wave.UpTo.class, Wave.Named.class)
                .types(Verdict.Pending.class, Verdict.Healthy.class, Verdict.Unhealthy.class)
                .types(RolloutState.Planned.class, RolloutState.Running.class, RolloutState.Paused.class)
                .types(RolloutState.Failed.class, RolloutState.RolledBack.class)
                .types(RolloutState.Completed.class);
        builder.from(320)
                .types(RolloutCommand.DefineObject.class, RolloutCommand.AddVersion.class)
                .types(RolloutCommand.DeleteObject.class, RolloutCommand.AddInstance.class)
                .types(RolloutCommand.ReplaceLink.class, RolloutCommand.RemoveInstance.class)
                .types(RolloutCommand.Plan.class, RolloutCommand.Start.class)
                .types(RolloutCommand.MoveLinks.class, RolloutCommand.Judge.class)
                .types(RolloutCommand.Advance.class, RolloutCommand.Pause.class)
                .types(RolloutCommand.Resume.class, RolloutCommand.Fail.class)
                .types(RolloutCommand.SendBack.class, RolloutCommand.Undo.class)
                .types(RolloutCommand.Delete.class);
    }

    private static void cluster(TypeTable.Builder builder) {
        builder.from(352)
                .types(ClusterEntry.class, NodeEntry.class)
                .type(NodeDescription.class, 4, 5)
                .types(NodeCertificate.class)
                .types(Addresses.class, JoinTokenEntry.class)
                .types(NodeState.Joined.class, NodeState.Draining.class, NodeState.Maintenance.class)
                .types(NodeState.Evicted.class);
        builder.from(368)
                .types(ClusterCommand.Found.class, ClusterCommand.CreateJoinToken.class)
                .types(ClusterCommand.RevokeJoinToken.class, ClusterCommand.AdmitNode.class)
                .types(ClusterCommand.DescribeNode.class, ClusterCommand.ResumeNode.class)
                .types(ClusterCommand.DrainNode.class, ClusterCommand.MaintainNode.class)
                .types(ClusterCommand.EvictNode.class, ClusterCommand.RenewCertificate.class)
                .types(ClusterCommand.RaiseLevel.class);
    }

    private static void applications(TypeTable.Builder builder) {
        builder.from(512)
                .type(ApplicationSpec.class, 0, 11, 11, 13)
                .typesSince(2, Root.Folder.class, Root.Image.class, Variable.class)
                .typesSince(2, Mount.class, Limits.class, Probe.Started.class, Probe.Connects.class)
                .typesSince(2, Probe.Answers.class, Scaling.class)
                .type(SnapshotPolicy.class, 0, 2, 3, 3, 3, 3, 4)
                .type(StoredImage.class, 0, 3, 4, 4, 7)
                .typesSince(3, StoredBlob.class);
        builder.from(528).type(SnapshotCommand.Restore.class, 0, 1, 1, 1, 1, 2);
        builder.from(536)
                .typesSince(2, ApplicationCommand.Define.class, ApplicationCommand.SetStopped.class)
                .typesSince(2, ApplicationCommand.Delete.class, ApplicationCommand.Claim.class)
                .typesSince(2, ApplicationCommand.Report.class, ApplicationCommand.Release.class);
        builder.from(552)
                .typesSince(2, PlacementKey.class, PlacementEntry.class, PlacementState.Starting.class)
                .typesSince(2, PlacementState.Ready.class, PlacementState.Freezing.class)
                .typesSince(2, PlacementState.Asleep.class, PlacementState.Failing.class);
    }

    private static void images(TypeTable.Builder builder) {
        builder.from(576)
                .typesSince(4, ImageEntry.class, ImageDraft.class, ImagePart.class)
                .typesSince(4, ImageCommand.Put.class, ImageCommand.Delete.class);
        builder.from(592).typesSince(4, Hook.Signal.class, Hook.Call.class);
        builder.from(600).typesSince(8, Root.Group.class, GroupMember.class);
    }

    private static void refusals(TypeTable.Builder builder) {
        builder.from(608)
                .typesSince(9, RefusalEntry.class, RefusedCall.class, AuditCommand.ReportRefused.class);
    }

    private static void others(TypeTable.Builder builder) {
        builder.from(400)
                .types(UserEntry.class, UserTokenEntry.class, UserTokenKey.class)
                .types(AccessCommand.CreateUser.class, AccessCommand.SetRole.class)
                .types(AccessCommand.DeleteUser.class, AccessCommand.CreateToken.class)
                .types(AccessCommand.RevokeToken.class);
    }

    private static void volumes(TypeTable.Builder builder) {
        builder.from(432)
                .type(VolumeEntry.class, 0, 11, 11, 11, 11, 12)
                .type(VolumeSnapshotEntry.class, 0, 4, 4, 4, 4, 5)
                .typesSince(2, ReclaimEntry.class)
                .typesSince(2, VolumeDraft.class, VolumePolicy.class, Attachment.class)
                .typesSince(2, VolumeSnapshotKey.class);
        builder.from(440).typesSince(2, Endpoint.class).typesSince(6, AsOf.class, VolumePin.class);
        builder.from(448)
                .typesSince(2, VolumeCommand.Create.class, VolumeCommand.Resize.class)
                .typesSince(2, VolumeCommand.SetProfile.class, VolumeCommand.SetPolicy.class)
                .typesSince(2, VolumeCommand.SetProtection.class, VolumeCommand.AddSnapshot.class)
                .typesSince(2, VolumeCommand.DeleteSnapshot.class, VolumeCommand.ProtectSnapshot.class)
                .typesSince(2, VolumeCommand.RollBack.class, VolumeCommand.Attach.class)
                .typesSince(2, VolumeCommand.Detach.class, VolumeCommand.Delete.class)
                .typesSince(2, VolumeCommand.FinishReclaim.class, VolumeCommand.CreateClone.class)
                .typesSince(6, VolumeCommand.GoOn.class);
    }
}
