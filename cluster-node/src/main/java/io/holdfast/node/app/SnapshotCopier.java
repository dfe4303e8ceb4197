package io.holdfast.node.app;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.command.LeaseCommand;
import io.holdfast.gridstate.command.SnapshotCommand;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.gridstate.snapshot.MakerKey;
import io.holdfast.gridstate.snapshot.SnapshotDraft;
import io.holdfast.gridstate.snapshot.SnapshotEntry;
import io.holdfast.gridstate.snapshot.SnapshotKey;
import io.holdfast.gridstate.snapshot.SnapshotOrigin;
import io.holdfast.gridstate.snapshot.SnapshotState;
import io.holdfast.gridstate.snapshot.StoredImage;
import io.holdfast.gridstate.volume.VolumePin;
import io.holdfast.gridstate.volume.VolumeSnapshotKey;
import io.holdfast.hostio.container.CheckpointImage;
import io.holdfast.node.http.port.InstanceDesk.Answer;
import io.holdfast.node.snapshot.SnapshotStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Copies snapshots: a copy belongs to another application, has a directory of its own, shares the pages of
/// what it was copied from within a tenant, and lives and dies apart from it. Concurrent; blocks.
final class SnapshotCopier {
    private static final Duration LEASE = Duration.ofSeconds(60);
    private static final int VOLUME_NAME_CHARS_MAX = 63;

    private final HostKit kit;

    SnapshotCopier(HostKit kit) {
        this.kit = kit;
    }

    Answer copy(SnapshotKey from, ApplicationKey to) {
        Optional<SnapshotEntry> entry = kit.catalog().snapshot(from);
        if (entry.isEmpty()) {
            return new Answer.Refused(404, "not-found", "no such snapshot: " + from);
        }
        Optional<StoredImage> stored = entry.get().stored();
        if (!(entry.get().state() instanceof SnapshotState.Ready) || stored.isEmpty()) {
            return new Answer.Refused(409, "forbidden-state", "only a ready snapshot can be copied: " + from);
        }
        String lease = SnapshotMaker.leaseOf(new MakerKey(to, entry.get().hostClass()));
        String holder = kit.node() + "/copy";
        GridReply reply = kit.ledger().propose(new LeaseCommand.Acquire(lease, holder, LEASE.toMillis()));
        if (!(reply instanceof GridReply.Accepted(_, GridReply.Result.Granted(FencingToken token, _)))) {
            return refused(reply);
        }
        try {
            return copyUnder(token, new SnapshotKey(to, from.name()), from, entry.get());
        } catch (IOException failure) {
            return new Answer.Refused(503, "unavailable", String.valueOf(failure.getMessage()));
        } catch (StartFailedException failure) {
            return new Answer.Refused(409, "forbidden-state", String.valueOf(failure.getMessage()));
        } finally {
            GridReply _ = kit.ledger().propose(new LeaseCommand.Release(lease, holder, token));
        }
    }

    private Answer copyUnder(FencingToken token, SnapshotKey to, SnapshotKey from, SnapshotEntry entry)
            throws IOException, StartFailedException {
        StoredImage stored = entry.stored().orElseThrow();
        Map<String, String> volumes = new LinkedHashMap<>();
        entry.volumes().forEach(cut -> volumes.put(cut.volume(), nameOfCopy(to.application(), cut.volume())));
        SnapshotDraft draft = new SnapshotDraft(
                entry.image(), entry.hostClass(), Optional.empty(), stored.sizeBytes(), SnapshotOrigin.ASKED,
                        entry.spec().map(spec -> Specifications.withVolumes(spec, volumes)));
        GridReply begun = kit.ledger().propose(new SnapshotCommand.Begin(to, draft, token));
        if (begun instanceof GridReply.Refused) {
            return refused(begun);
        }
        try (SnapshotStore.OpenSnapshot open = kit.snapshots().open(from, stored)) {
            CheckpointImage image = kit.runtime().inspect(open.folder());
            SnapshotStore.Known like = new SnapshotStore.Known(from, stored);
            StoredImage copied = kit.snapshots().putCopy(to, image, Optional.of(like));
            List<VolumePin> pins = new ArrayList<>();
            for (VolumeSnapshotKey cut : entry.volumes()) {
                pins.add(kit.volumes().copy(cut, volumes.getOrDefault(cut.volume(), cut.volume())));
            }
            GridReply done = kit.ledger()
                    .propose(new SnapshotCommand.Complete(to, token, List.of(), Optional.of(copied), pins));
            if (done instanceof GridReply.Refused) {
                kit.snapshots().discard(to, copied);
                return refused(done);
            }
            return new Answer.Saved(to.toString(), copied.sizeBytes());
        }
    }

    /// A copy of an application has copies of its volumes.
    private static String nameOfCopy(ApplicationKey application, String volume) {
        String name = application.name() + "-" + volume;
        return name.substring(0, Math.min(name.length(), VOLUME_NAME_CHARS_MAX));
    }

    private static Answer refused(GridReply reply) {
        return reply instanceof GridReply.Refused refused
                ? new Answer.Refused(409, refused.code().problemCode(), refused.message())
                : new Answer.Refused(409, "held", "no lease was granted");
    }
}
