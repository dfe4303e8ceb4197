package io.holdfast.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.consensus.PeerId;
import io.holdfast.gridstate.cluster.Endpoint;
import io.holdfast.gridstate.cluster.NodeEntry;
import io.holdfast.hostio.log.LogRuntime;
import io.holdfast.hostio.nbd.NbdLimits;
import io.holdfast.hostio.nbd.NbdServer;
import io.holdfast.hostio.nbd.NbdTls;
import io.holdfast.node.chunk.ChunkPlaces;
import io.holdfast.node.chunk.DiskBoard;
import io.holdfast.node.chunk.LedgerChunkDirectory;
import io.holdfast.node.config.NodeConfig;
import io.holdfast.node.doctor.Doctor;
import io.holdfast.node.fragment.FragmentLimits;
import io.holdfast.node.fragment.FragmentLinks;
import io.holdfast.node.fragment.FragmentPeer;
import io.holdfast.node.fragment.FragmentServer;
import io.holdfast.node.identity.ClusterTls;
import io.holdfast.node.ledger.LedgerAccess;
import io.holdfast.node.lifecycle.OpenParts;
import io.holdfast.node.membership.HostAndPort;
import io.holdfast.node.membership.NodeRoster;
import io.holdfast.node.peerlink.PeerCall;
import io.holdfast.node.peerlink.PeerLinks;
import io.holdfast.node.storage.DiskReport;
import io.holdfast.node.storage.DiskReports;
import io.holdfast.node.storage.DiskScrubbers;
import io.holdfast.node.storage.LocalDisks;
import io.holdfast.node.storage.ScrubPace;
import io.holdfast.node.volume.AttachmentKeeper;
import io.holdfast.node.volume.FamilyHost;
import io.holdfast.node.volume.FamilyOpener;
import io.holdfast.node.volume.FamilyUpkeep;
import io.holdfast.node.volume.HostAttachments;
import io.holdfast.node.volume.LeaseClock;
import io.holdfast.node.volume.LossReporter;
import io.holdfast.node.volume.Reclaimer;
import io.holdfast.node.survey.NodeSurvey;
import io.holdfast.node.volume.ServedFigures;
import io.holdfast.node.volume.VolumeActions;
import io.holdfast.node.volume.VolumeClients;
import io.holdfast.node.volume.VolumeDesk;
import io.holdfast.node.volume.VolumeExports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// This node's disks, its way to the disks of others, and the volumes that it serves.
///
/// @param disks this node's own
/// @param server the port at which others reach them
/// @param links all disks of the cluster
/// @param runtime what all striped logs of this node share
/// @param families what this node serves
/// @param desk does what callers ask of volumes
/// @param nbd the port at which clients reach volumes
/// @param scrubbers read over and over what the disks hold
/// @param board how all disks of the cluster are
/// @param survey tells how this node is
record VolumeParts(
        LocalDisks disks,
        FragmentServer server,
        FragmentLinks links,
        LogRuntime runtime,
        FamilyHost families,
        VolumeDesk desk,
        NbdServer nbd,
        DiskScrubbers scrubbers,
        DiskBoard board,
        NodeSurvey survey) {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeParts.class);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(15);
    /// The kernel's bound (unix(7)), without the byte that ends it.
    private static final int SOCKET_PATH_BYTES_MAX = 107;

    private static final Duration SCRUB_STEP = Duration.ofSeconds(1);
    private static final Duration REPORT_PATIENCE = Duration.ofSeconds(1);

    /// A disk that is missing when a node starts may just be mounted late.
    private static final Duration MISSING_DISK_GRACE = Duration.ofMinutes(10);

    /// @param parting closed when what is served is put away, and before the disks
    static VolumeParts open(
            OpenParts parts, NodeConfig config, IdentityParts identity, LedgerParts ledger, LinkParts links,
                    Parting parting) {
        NodeRoster roster = identity.roster();
        LedgerAccess access =
                new LedgerAccess(config.name(), ledger.log(), ledger.reader(), links.commands());
        LocalDisks disks = parts.open("disks", CLOSE_WITHIN, () -> LocalDisks.open(
                config.dataDirectory(),
                config.name(),
                config.storage().diskFolders(),
                config.storage().segmentBytes()));
        FragmentServer.Tls tls = new FragmentServer.Tls(identity.keys(), identity.trust());
        FragmentServer server = parts.open("data port", CLOSE_WITHIN, () -> FragmentServer.listen(
                new InetSocketAddress(config.network().listenHost(), config.network().dataPort()),
                tls,
                FragmentLimits.DEFAULT,
                disks::holder));
        FragmentLinks holders = parts.open("fragment links", CLOSE_WITHIN, () -> new FragmentLinks(
                tls,
                FragmentLimits.DEFAULT,
                new FragmentLinks.LocalDisks(() -> numberOf(roster, config.name()), disks::holder),
                number -> peer(roster, number)));
        DiskBoard board = new DiskBoard(node -> reports(node, config.name(), disks, links.links()),
                System::nanoTime, LockSupport::parkNanos);
        LedgerChunkDirectory directory =
                new LedgerChunkDirectory(access, new ChunkPlaces(roster, board, new SecureRandom()));
        LogRuntime runtime = parts.open("log runtime", CLOSE_WITHIN, () ->
                new LogRuntime(directory, holders, System::nanoTime));
        FamilyOpener opener = new FamilyOpener(access, runtime, (fragment, row, reason) ->
                LOG.warn("a strip is damaged: fragment={} row={} reason={}", fragment, row,
                        reason.getMessage()));
        parts.open("parting", CLOSE_WITHIN, () -> parting);
        FamilyHost families = parts.open("volumes", CLOSE_WITHIN, () ->
                new FamilyHost(config.name(), access, opener, LeaseClock.ofThisHost()));
        NbdServer nbd = parts.open("NBD port", CLOSE_WITHIN, () -> nbd(config, identity, access, families));
        HostAttachments attachments = new HostAttachments(
                config.dataDirectory().resolve("devices"), config.storage().nbdSocket());
        VolumeClients clients = new VolumeClients(
                () -> nbd, config.network().nbdAddress(), config.storage().nbdSocket());
        VolumeDesk desk = new VolumeDesk(
                config.name(),
                access,
                families,
                new VolumeActions(config.name(), access, families, opener, clients, attachments),
                links.links()::call,
                new VolumeDesk.Time(access.clock(), time -> LockSupport.parkNanos(time.toNanos())));
        BooleanSupplier leads = () -> ledger.log().leadership().isLeader();
        Reclaimer reclaimer = new Reclaimer(
                config.name(),
                leads,
                access,
                directory,
                holders,
                number -> member(roster, number).isPresent());
        keep(parts, "volume-space", Duration.ofSeconds(5), reclaimer::step);
        keepFamilies(
                parts, families, new AttachmentKeeper(config.name(), access, families, attachments),
                new FamilyUpkeep(families, opener, access, leads, access.clock()));
        DiskScrubbers scrubbers = care(parts, config, disks, roster, access, leads);
        return new VolumeParts(disks, server, holders, runtime, families, desk, nbd, scrubbers, board,
                survey(config, new ServedFigures(families, opener, clients)));
    }

    private static NodeSurvey survey(NodeConfig config, ServedFigures volumes) {
        return new NodeSurvey(Doctor.ofThisHost(config.dataDirectory()), volumes, System::nanoTime);
    }

    private static void keepFamilies(
            OpenParts parts, FamilyHost families, AttachmentKeeper devices, FamilyUpkeep upkeep) {
        parts.open("devices", CLOSE_WITHIN, () -> devices);
        keep(parts, "volume-devices", Duration.ofSeconds(5), devices::step);
        keep(parts, "volume-leases", Duration.ofSeconds(2), families::step);
        keep(parts, "volume-upkeep", Duration.ofSeconds(5), upkeep::step);
    }

    /// Sees to it that what is lost or damaged becomes known.
    private static DiskScrubbers care(
            OpenParts parts,
            NodeConfig config,
            LocalDisks disks,
            NodeRoster roster,
            LedgerAccess access,
            BooleanSupplier leads) {
        LossReporter losses = new LossReporter(access);
        long graceEnd = System.nanoTime() + MISSING_DISK_GRACE.toNanos();
        keep(parts, "volume-losses", Duration.ofSeconds(10), () -> {
            if (System.nanoTime() - graceEnd > 0) {
                reportOwn(losses, disks, roster, config.name());
            }
            if (leads.getAsBoolean()) {
                reportEvicted(losses, roster);
            }
        });
        DiskScrubbers scrubbers = new DiskScrubbers(
                disks,
                new ScrubPace(config.storage().scrubPeriod()),
                (_, fragment, _, _) -> losses.report(fragment));
        keep(parts, "scrub", SCRUB_STEP, () -> scrubbers.step(SCRUB_STEP));
        return scrubbers;
    }

    static void keep(OpenParts parts, String name, Duration interval, Caretaker.Step step) {
        Caretaker keeper = new Caretaker(name, System::nanoTime, () -> false);
        keeper.every(interval, name, step);
        parts.open(name, CLOSE_WITHIN, () -> keeper).start();
    }

    private static NbdServer nbd(
            NodeConfig config, IdentityParts identity, LedgerAccess access, FamilyHost families)
            throws IOException {
        NbdServer nbd = new VolumeExports(access, families, (address, why) ->
                identity.trust().turnedAway("nbd", address.map(InetAddress::getHostAddress), why))
                .serve(NbdLimits.DEFAULT);
        try {
            listenHere(nbd, config.storage().nbdSocket());
            nbd.listen(
                    new InetSocketAddress(config.network().listenHost(), config.network().nbdPort()),
                    Optional.of(NbdTls.mutual(
                            ClusterTls.of(identity.keys(), identity.trust()).context())));
            return nbd;
        } catch (IOException failure) {
            nbd.close();
            throw failure;
        }
    }

    /// A node answers for its own disks.
    private static void reportOwn(LossReporter losses, LocalDisks disks, NodeRoster roster, String self) {
        List<Integer> open = disks.open();
        numberOf(roster, self).ifPresent(number -> losses.step(number, disk -> !open.contains(disk)));
    }

    /// The leader answers for nodes that are gone for good.
    private static void reportEvicted(LossReporter losses, NodeRoster roster) {
        roster.picture().nodes().values().stream()
                .filter(NodeEntry::isEvicted)
                .forEach(node -> losses.step(node.number(), _ -> true));
    }

    private static void listenHere(NbdServer nbd, Path socket) throws IOException {
        if (socket.toString().getBytes(UTF_8).length > SOCKET_PATH_BYTES_MAX) {
            LOG.warn("no unix socket for volumes: the kernel takes {} bytes of path: nbd.socket={}",
                    SOCKET_PATH_BYTES_MAX, socket);
        } else {
            nbd.listen(socket, Optional.empty());
        }
    }

    private static CompletableFuture<List<DiskReport>> reports(
            String node, String self, LocalDisks disks, PeerLinks links) {
        return node.equals(self)
                ? CompletableFuture.completedFuture(disks.reports())
                : links.call(new PeerId(node), PeerCall.DISKS, new byte[0], REPORT_PATIENCE)
                        .thenApply(DiskReports::decode);
    }

    static OptionalInt numberOf(NodeRoster roster, String name) {
        NodeEntry entry = roster.picture().members().get(name);
        return entry == null ? OptionalInt.empty() : OptionalInt.of(entry.number());
    }

    private static Optional<Map.Entry<String, NodeEntry>> member(NodeRoster roster, int number) {
        return roster.picture().members().entrySet().stream()
                .filter(node -> node.getValue().number() == number)
                .findFirst();
    }

    private static Optional<FragmentPeer> peer(NodeRoster roster, int number) {
        return member(roster, number).flatMap(node -> node.getValue().description().endpoint(Endpoint.DATA)
                .map(HostAndPort::parse)
                .map(address -> new FragmentPeer(
                        node.getKey(), new InetSocketAddress(address.host(), address.port()))));
    }

    byte[] disksReport() {
        return DiskReports.encode(disks.reports());
    }
}
