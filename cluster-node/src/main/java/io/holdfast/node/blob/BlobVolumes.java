package io.holdfast.node.blob;

import io.holdfast.gridstate.catalog.Page;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.chunkmap.Profile;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.gridstate.command.VolumeCommand;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.GridReply.Refused;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.volume.VolumeCatalogs;
import io.holdfast.gridstate.volume.VolumeDraft;
import io.holdfast.gridstate.volume.VolumeEntry;
import io.holdfast.gridstate.volume.VolumePolicy;
import io.holdfast.hostio.blob.BlobStore;
import io.holdfast.node.ledger.LedgerAccess;
import io.holdfast.node.volume.VolumeRefusedException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The volumes of blobs in the catalog: what they are called, how they are written, and this node's own,
/// which is entered when it is first needed. Concurrent.
public final class BlobVolumes {
    private static final Logger LOG = LoggerFactory.getLogger(BlobVolumes.class);
    private static final String NAME = VolumeEntry.SYSTEM_PREFIX + "blobs-";
    private static final int BLOCK_BYTES = 4_096;

    /// A saved state that is less safe for a while is better than none.
    private static final VolumePolicy POLICY = new VolumePolicy(true, 0);

    private final LedgerAccess ledger;
    private final Supplier<OptionalInt> self;
    private final IntSupplier nodes;
    private final RandomGenerator random;

    /// The volumes as one node sees them.
    ///
    /// @param self the node's number, once it has one
    /// @param nodes how many may hold fragments
    public BlobVolumes(
            LedgerAccess ledger, Supplier<OptionalInt> self, IntSupplier nodes, RandomGenerator random) {
        this.ledger = ledger;
        this.self = self;
        this.nodes = nodes;
        this.random = random;
    }

    /// The name of a node's volume of blobs.
    ///
    /// @param node the node's number, which no other ever gets
    static String nameOf(int node) {
        return NAME + node;
    }

    /// The number of the node whose volume it is.
    static int nodeOf(String volume) {
        return Integer.parseInt(volume.substring(NAME.length()));
    }

    /// What suits so many hosts: one of them may be lost, from six on two.
    static Profile profileFor(int nodes) {
        return switch (nodes) {
            case 0, 1 -> new Profile(1, 0, Profile.Spread.NODE);
            case 2 -> new Profile(1, 1, Profile.Spread.NODE);
            case 3 -> new Profile(2, 1, Profile.Spread.NODE);
            case 4, 5 -> new Profile(3, 1, Profile.Spread.NODE);
            default -> new Profile(4, 2, Profile.Spread.NODE);
        };
    }

    /// The profile that is right for the cluster as it is now.
    Profile profileNow() {
        return profileFor(nodes.getAsInt());
    }

    /// The name of this node's own volume.
    ///
    /// @throws VolumeRefusedException as long as the node is no member
    String ownName() {
        return nameOf(self.get().orElseThrow(() -> new VolumeRefusedException(
                RefusalCode.FORBIDDEN_STATE, "this node is no member of the cluster", "")));
    }

    /// This node's own volume, made if there is none yet.
    VolumeEntry own() {
        String name = ownName();
        Optional<VolumeEntry> known = find(name);
        return known.isPresent() ? known.get() : make(name);
    }

    private VolumeEntry make(String name) {
        VolumeDraft draft = new VolumeDraft(
                BlobStore.VOLUME_BYTES, BLOCK_BYTES, profileNow(), POLICY, new StreamId(random.nextLong()));
        GridReply reply = ledger.submit(new VolumeCommand.Create(name, draft));
        if (reply instanceof Refused refused && refused.code() != RefusalCode.EXISTS) {
            throw new VolumeRefusedException(refused);
        }
        GridReply kept = ledger.submit(new VolumeCommand.SetProtection(name, true, ExpectedVersion.ANY));
        LOG.info("blobs: entered a volume: name={} profile={} protected={}", name, draft.profile(),
                kept instanceof GridReply.Accepted);
        return find(name).orElseThrow(() -> new IllegalStateException("a volume that was made: " + name));
    }

    private Optional<VolumeEntry> find(String name) {
        return ledger.reader().get(VolumeCatalogs.VOLUMES, name).map(Versioned::value);
    }

    /// All volumes of blobs by their nodes' numbers.
    Map<Integer, StreamId> all() {
        Map<Integer, StreamId> found = new TreeMap<>();
        Page.Request request = Page.Request.first(Page.LIMIT_MAX).withPrefix(NAME);
        boolean isLast = false;
        while (!isLast) {
            Page<String, VolumeEntry> page = ledger.reader().page(VolumeCatalogs.VOLUMES, request);
            page.entries().forEach(volume -> found.put(nodeOf(volume.key()), volume.value().family()));
            isLast = page.next().isEmpty();
            request = page.next().map(request::after).orElse(request);
        }
        return found;
    }
}
