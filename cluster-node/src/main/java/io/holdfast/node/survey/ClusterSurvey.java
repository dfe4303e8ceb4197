package io.holdfast.node.survey;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.UnavailableException;
import io.holdfast.gridstate.catalog.Page;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.chunkmap.ChunkCatalogs;
import io.holdfast.gridstate.chunkmap.ChunkIndexes;
import io.holdfast.gridstate.chunkmap.StreamEntry;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.gridstate.lease.LeaseCatalogs;
import io.holdfast.gridstate.lease.LeaseEntry;
import io.holdfast.gridstate.volume.VolumeEntry;
import io.holdfast.gridstate.volume.VolumeIndexes;
import io.holdfast.hostio.id.ChunkId;
import io.holdfast.node.chunk.DiskBoard;
import io.holdfast.node.http.port.StorageView;
import io.holdfast.node.ledger.LedgerAccess;
import io.holdfast.node.membership.NodeRoster;
import io.holdfast.node.peerlink.PeerCall;
import io.holdfast.node.storage.DiskReport;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How the whole cluster is, as this node finds out. Concurrent; blocks while other nodes are asked.
public final class ClusterSurvey implements StorageView {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterSurvey.class);

    /// Chunks at risk that are counted; more are said to be more.
    private static final int AT_RISK_MAX = 20_000;

    /// Chunks that one page of volumes looks at: some hundredths of a second.
    private static final long CHUNKS_LOOKED_AT_MAX = 10_000;

    private final String self;
    private final LedgerAccess ledger;
    private final NodeRoster roster;
    private final DiskBoard disks;
    private final Here here;
    private final Surroundings surroundings;
    private final SpaceSurvey space;

    /// What is around a node.
    ///
    /// @param peers asks another node
    /// @param clock tells whether a lease is held
    public record Surroundings(Peers peers, InstantSource clock) {}

    /// How this one node is.
    public interface Here {
        /// What is counted of the volumes that it serves.
        List<ServedVolume> volumes();

        /// What it finds about its host.
        List<HostFinding> examine();
    }

    /// Asks another node.
    @FunctionalInterface
    public interface Peers {
        CompletableFuture<byte[]> ask(PeerId peer, PeerCall call, byte[] argument, Duration patience);
    }

    public ClusterSurvey(
            String self,
            LedgerAccess ledger,
            NodeRoster roster,
            DiskBoard disks,
            Here here,
            Surroundings surroundings) {
        this.self = self;
        this.ledger = ledger;
        this.roster = roster;
        this.disks = disks;
        this.here = here;
        this.surroundings = surroundings;
        this.space = new SpaceSurvey(ledger, surroundings.clock());
    }

    @Override
    public Survey survey() {
        Set<String> members = roster.picture().members().keySet();
        Map<String, List<DiskReport>> found = disks.look(members);
        Map<String, List<String>> served = servedByNode();
        List<NodeStorage> nodes = members.stream()
                .sorted()
                .map(node -> new NodeStorage(
                        node,
                        found.getOrDefault(node, List.of()).stream().map(ClusterSurvey::disk).toList(),
                        served.getOrDefault(node, List.of())))
                .toList();
        SpaceSurvey.Sum sum = space.look();
        return new Survey(nodes, atRisk(), sum.space(), sum.isComplete());
    }

    private Map<String, List<String>> servedByNode() {
        long now = surroundings.clock().millis();
        Map<String, List<String>> found = new HashMap<>();
        Page.Request first = Page.Request.first(Page.LIMIT_MAX).withPrefix(VolumeEntry.LEASE_PREFIX);
        for (Versioned<String, LeaseEntry> lease :
                ledger.reader().page(LeaseCatalogs.LEASES, first).entries()) {
            if (lease.value().isHeldAt(now)) {
                StreamId family =
                        StreamId.parse(lease.key().substring(VolumeEntry.LEASE_PREFIX.length()));
                found.computeIfAbsent(lease.value().holder(), _ -> new ArrayList<>())
                        .addAll(VolumeIndexes.members(ledger.state(), family).values());
            }
        }
        return found;
    }

    private static Disk disk(DiskReport report) {
        return new Disk(
                report.disk(),
                report.folder(),
                report.state(),
                report.reason(),
                report.fragments(),
                report.usedBytes(),
                report.freeBytes(),
                report.damages());
    }

    private AtRisk atRisk() {
        Map<StreamId, Long> counts = new LinkedHashMap<>();
        List<ChunkId> chunks = ChunkIndexes.atRisk(ledger.state(), Optional.empty(), AT_RISK_MAX);
        chunks.forEach(chunk -> counts.merge(StreamId.of(chunk), 1L, Long::sum));
        List<StreamAtRisk> streams = new ArrayList<>();
        counts.forEach((stream, count) -> streams.add(new StreamAtRisk(
                stream.toString(),
                stream(stream).map(StreamEntry::name).orElse(""),
                count,
                List.copyOf(VolumeIndexes.members(ledger.state(), stream).values()))));
        return new AtRisk(chunks.size(), chunks.size() < AT_RISK_MAX, streams);
    }

    private Optional<StreamEntry> stream(StreamId stream) {
        return ledger.reader().get(ChunkCatalogs.STREAMS, stream).map(Versioned::value);
    }

    @Override
    public Map<String, VolumeFigures> figures(Map<String, VolumeEntry> volumes, Duration patience) {
        Map<StreamId, Optional<String>> servers = new HashMap<>();
        volumes.values().forEach(volume -> servers.computeIfAbsent(volume.family(), this::server));
        Set<String> asked = new HashSet<>();
        servers.values().forEach(server -> server.ifPresent(asked::add));
        Map<String, ServedVolume> counted = ask(asked, patience);
        Map<StreamId, Long> risks = new HashMap<>();
        ChunkIndexes.atRisk(ledger.state(), Optional.empty(), AT_RISK_MAX)
                .forEach(chunk -> risks.merge(StreamId.of(chunk), 1L, Long::sum));
        Map<StreamId, Optional<Space>> spaces = spaces(servers.keySet());
        Map<String, VolumeFigures> found = new HashMap<>();
        volumes.forEach((name, volume) -> found.put(name, new VolumeFigures(
                servers.getOrDefault(volume.family(), Optional.empty()),
                chunks(volume.family()),
                risks.getOrDefault(volume.family(), 0L),
                spaces.getOrDefault(volume.family(), Optional.empty()),
                Optional.ofNullable(counted.get(name)))));
        return found;
    }

    /// The small families first, until enough chunks were looked at.
    private Map<StreamId, Optional<Space>> spaces(Set<StreamId> families) {
        Map<StreamId, Long> sizes = new HashMap<>();
        families.forEach(family -> sizes.put(family, chunks(family)));
        Map<StreamId, Optional<Space>> found = new HashMap<>();
        long looked = 0;
        for (StreamId family : families.stream().sorted(Comparator.comparing(sizes::get)).toList()) {
            looked += sizes.getOrDefault(family, 0L);
            if (looked > CHUNKS_LOOKED_AT_MAX) {
                break;
            }
            found.put(family, Optional.of(FamilySurvey.spaceOf(ledger, family)));
        }
        return found;
    }

    private long chunks(StreamId family) {
        return stream(family).map(StreamEntry::chunkCount).orElse(0L);
    }

    private Optional<String> server(StreamId family) {
        long now = surroundings.clock().millis();
        return ledger.reader().get(LeaseCatalogs.LEASES, VolumeEntry.leaseOf(family))
                .map(Versioned::value)
                .filter(lease -> lease.isHeldAt(now))
                .map(LeaseEntry::holder);
    }

    private Map<String, ServedVolume> ask(Set<String> nodes, Duration patience) {
        Map<String, CompletableFuture<byte[]>> questions = new HashMap<>();
        nodes.stream().filter(node -> !node.equals(self)).forEach(node -> questions.put(
                node,
                surroundings.peers().ask(new PeerId(node), PeerCall.SERVED_VOLUMES, new byte[0], patience)));
        Map<String, ServedVolume> found = new HashMap<>();
        if (nodes.contains(self)) {
            here.volumes().forEach(volume -> found.put(volume.volume(), volume));
        }
        questions.forEach((node, question) -> {
            try {
                SurveyJson.figures(question.join()).forEach(volume -> found.put(volume.volume(), volume));
            } catch (CompletionException | IllegalArgumentException unanswered) {
                LOG.debug("survey: no figures: node={} reason={}", node, unanswered.getMessage());
            }
        });
        return found;
    }

    @Override
    public Family family(StreamId family) {
        return new FamilySurvey(ledger, roster.picture().nodes()).of(family);
    }

    @Override
    public List<HostFinding> examine(String node, Duration patience) {
        if (node.equals(self)) {
            return here.examine();
        }
        try {
            return SurveyJson.findings(surroundings.peers()
                    .ask(new PeerId(node), PeerCall.EXAMINE, new byte[0], patience)
                    .join());
        } catch (CompletionException failure) {
            throw failure.getCause() instanceof ConsensusException known
                    ? known
                    : new UnavailableException("the node does not answer: node=" + node, failure);
        } catch (IllegalArgumentException unreadable) {
            throw new UnavailableException("the node's answer cannot be read: node=" + node, unreadable);
        }
    }
}
