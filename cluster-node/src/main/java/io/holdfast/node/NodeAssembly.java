package io.holdfast.node;

import io.holdfast.consensus.Leadership;
import io.holdfast.consensus.PeerId;
import io.holdfast.gridstate.cluster.Addresses;
import io.holdfast.gridstate.cluster.Endpoint;
import io.holdfast.gridstate.cluster.NodeDescription;
import io.holdfast.gridstate.cluster.NodeEntry;
import io.holdfast.gridstate.codec.GridCodec;
import io.holdfast.gridstate.command.ClusterCommand;
import io.holdfast.gridstate.command.CommandEnvelope;
import io.holdfast.gridstate.command.GridCommand;
import io.holdfast.gridstate.hazelcast.GridUnavailableException;
import io.holdfast.gridstate.rule.Actor;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.hostio.nativeaccess.NativeCalls;
import io.holdfast.node.bootstrap.ClusterSeed;
import io.holdfast.node.bootstrap.Founding;
import io.holdfast.node.bootstrap.KnownPeers;
import io.holdfast.node.config.NodeConfig;
import io.holdfast.node.http.ApiLimits;
import io.holdfast.node.http.ApiPorts;
import io.holdfast.node.http.ApiServer;
import io.holdfast.node.http.auth.RefusalLog;
import io.holdfast.node.http.port.SignOn;
import io.holdfast.node.http.reads.LedgerReads;
import io.holdfast.node.ledger.LedgerAccess;
import io.holdfast.node.lifecycle.EarlyWork;
import io.holdfast.node.lifecycle.HeapTrim;
import io.holdfast.node.lifecycle.NodeLife;
import io.holdfast.node.lifecycle.NodeState;
import io.holdfast.node.lifecycle.OpenParts;
import io.holdfast.node.membership.LevelRaiser;
import io.holdfast.node.membership.NodeRoster;
import io.holdfast.node.membership.VoterReconciler;
import io.holdfast.node.metrics.NodeMetrics;
import io.holdfast.node.mount.HostVolumeMounts;
import io.holdfast.node.volume.VolumePins;
import io.holdfast.node.peerlink.PeerLimits;
import io.holdfast.node.peerlink.PeerServer;
import io.holdfast.node.peerlink.PeerTls;
import io.holdfast.node.survey.ClusterSurvey;
import io.holdfast.node.survey.NodeSurvey;
import io.holdfast.node.survey.StartSurvey;
import io.holdfast.node.survey.TrendSurvey;
import io.holdfast.node.survey.TroubleSurvey;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running node: all its parts, joined. Opened and closed by one thread; what happens in between is the
/// caretaker's.
///
/// Start: identity, links to other nodes, whether these object, ledger, the port for them, the API. From
/// then on the caretaker founds the cluster or waits to be admitted, joins the grid, and declares the node
/// ready. Stop goes in reverse, but for the port for other nodes, see [Parting].
public final class NodeAssembly implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeAssembly.class);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(8);

    private final NodeConfig config;
    private final InstantSource clock = InstantSource.system();
    private final NodeLife life = new NodeLife(clock);
    private final OpenParts parts = new OpenParts(System::nanoTime);
    private final IdentityParts identity;
    private final StartCheck starts;
    private final LedgerParts ledger;
    private final NodeMetrics metrics;
    private final LinkParts links;
    private final AdmissionParts admission;
    private final ImageParts images;
    private final AppParts apps;
    private final VolumeParts volumes;
    private final BlobParts blobs;
    private final Optional<SignOn> signOn;
    private final RefusalLog refusals = new RefusalLog(System::nanoTime);
    private final PeerServer peerServer;
    private final VoterReconciler voters;
    private final LevelRaiser levels;
    private volatile @Nullable GridParts grid;
    private volatile @Nullable CompletableFuture<?> joining;
    private @Nullable CompletableFuture<?> barrier;
    private long rosterIndex = -1;
    private boolean wasReady;

    private NodeAssembly(NodeConfig config) throws IOException {
        this.config = config;
        identity = IdentityParts.load(config, clock);
        identity.trust().tell((holder, address, reason) -> refusals.refused(
                RefusalLog.Reason.CERTIFICATE, address.orElse("-"), holder, "connect: " + reason, ""));
        metrics = parts.open("metrics", CLOSE_WITHIN, () -> new NodeMetrics(config.name()));
        WireParts wire = WireParts.open(parts, config, identity, metrics);
        starts = parts.open("check of the start", CLOSE_WITHIN, () -> StartCheck.begin(
                config.name(), config.dataDirectory(), new SecureRandom(), wire.links()::call));
        ledger = LedgerParts.open(
                parts, config, identity.ledgerTls(),
                starts::confirm);
        askForBarrier();
        refreshRoster();
        links = LinkParts.open(parts, config, wire, ledger);
        admission = AdmissionParts.open(identity, ledger, links, clock);
        parts.open("grid", CLOSE_WITHIN, () -> this::closeGrid);
        joinGrid();
        Parting parting = new Parting(
                life, this::others, links.links()::call, System::nanoTime,
                time -> LockSupport.parkNanos(time.toNanos()));
        volumes = VolumeParts.open(parts, config, identity, ledger, links, parting);
        blobs = BlobParts.open(
                parts, config.name(), identity, new BlobParts.Below(ledger, links), volumes);
        LedgerAccess access =
                new LedgerAccess(config.name(), ledger.log(), ledger.reader(), links.commands());
        images = ImageParts.open(parts, config, access, blobs.blobs(), clock);
        HostVolumeMounts mounts = new HostVolumeMounts(
                config.dataDirectory().resolve("mounts"), config.name(), access,
                new HostVolumeMounts.Serving(volumes.desk(), new VolumePins(access, volumes.families())),
                        access.clock());
        apps = AppParts.open(parts, config, new AppParts.Neighbourhood(
                identity, ledger, links, metrics, blobs.blobs(), images.roots(), mounts, clock));
        // What is not named here is deleted.
        blobs.keepSwept(parts, List.of(apps.snapshotBlobs(), images.images()));
        images.keepTidy(parts, apps.runtime(), () -> ledger.log().leadership().isLeader(), clock);
        NodeStatus status = new NodeStatus(
                life, ledger.log(), new NodeStatus.Others(identity.roster(), links.links()), this::grid,
                volumes.survey()::traffic, clock.instant());
        peerServer = openPeerPort(status, parting);
        signOn = SignOnParts.open(parts, config);
        ApiServer api = parts.open("API", CLOSE_WITHIN, () -> openApi(status));
        ledger.machine().addListener(_ -> api.onApplied());
        meter(status, api);
        voters = new VoterReconciler(
                () -> ledger.log().leadership(),
                ledger.log().membership(),
                identity.roster(),
                new Arrivals(links.links())::has);
        levels = new LevelRaiser(
                () -> ledger.log().leadership().isLeader(), identity.roster(), this::propose);
        identity.roster().onChange(this::onRosterChanged);
        Caretaker caretaker = parts.open("caretaker", CLOSE_WITHIN, this::caretaker);
        life.enter(new NodeState.CatchingUp(), "waiting for the ledger and the grid");
        caretaker.start();
        apps.start();
        stopWithTheLedger();
    }

    /// Opens every part; the node becomes ready by itself.
    public static NodeAssembly open(NodeConfig config) throws IOException {
        return new NodeAssembly(config);
    }

    private void meter(NodeStatus status, ApiServer api) {
        Meters.ofNode(metrics, ledger, links, status::here);
        Meters.ofApi(metrics, api);
        Meters.ofGrid(metrics, this::grid);
        Meters.ofVolumes(metrics, volumes);
        Meters.ofBlobs(metrics, blobs, apps);
        Meters.ofApps(metrics, apps.host());
        Meters.ofImages(metrics, images);
    }

    private ApiServer openApi(NodeStatus status) {
        LedgerReads reads = new LedgerReads(ledger.log(), ledger.codec(), this::isStale);
        ApiPorts ports = new ApiPorts(
                new LedgerGateway(links.commands()),
                new NodeReads(() -> grid().map(GridParts::reads), reads),
                reads,
                status,
                new ApiJoins(admission.desk()),
                metrics::scrape,
                apps.gateway(),
                apps.desk(),
                new StartSurvey(
                        config.name(), new StartSurvey.Here(apps.starts()::of, apps::frozen),
                        identity.roster(), links.links()::call),
                images.imports(),
                new ApiVolumes(config.name(), volumes.desk()),
                survey(),
                new TroubleSurvey(reads, reads),
                new TrendSurvey(
                        config.name(), volumes.survey()::lately, identity.roster(), links.links()::call),
                signOn,
                refusals);
        ApiServer.Binding binding = new ApiServer.Binding(
                config.network().listenHost(), config.network().apiPort(), identity.keys(), identity.trust());
        return ApiServer.listen(links.vertx(), binding, apiLimits(), ports, clock);
    }

    private ClusterSurvey survey() {
        return new ClusterSurvey(
                config.name(),
                new LedgerAccess(config.name(), ledger.log(), ledger.reader(), links.commands()),
                identity.roster(),
                volumes.board(),
                volumes.survey(),
                new ClusterSurvey.Surroundings(links.links()::call, ledger.log().clock()));
    }

    private ApiLimits apiLimits() {
        NodeConfig.Http http = config.http();
        return ApiLimits.standard()
                .with(
                        Math.toIntExact(http.bodyBytesMax()),
                        http.connectionsMax(),
                        http.watchesMax(),
                        http.requestTimeout());
    }

    private boolean isStale() {
        return ledger.log().leadership().leader().isEmpty();
    }

    private Optional<GridParts> grid() {
        return Optional.ofNullable(grid);
    }

    private Caretaker caretaker() {
        return new Caretaker(System::nanoTime, () -> life.state() instanceof NodeState.CatchingUp)
                .every(Duration.ofMillis(100), "read the list of nodes", this::refreshRoster)
                .every(Duration.ofMillis(200), "found the cluster", this::found)
                .every(Duration.ofMillis(100), "join the grid", this::joinGrid)
                .every(Duration.ofMillis(10), "judge readiness", this::judgeReadiness)
                .every(Duration.ofSeconds(1), "choose voters", voters::step)
                .every(Duration.ofSeconds(1), "cut refused peers of the disks", volumes.server()::dropRefused)
                .every(Duration.ofSeconds(2), "raise the level of formats", levels::step)
                .every(Duration.ofSeconds(2), "hold the authority's key", this::holdAuthority)
                .every(Duration.ofMillis(500), "describe this node", this::describe)
                .every(Duration.ofMillis(500), "tell others of this start", this::tellStart)
                .every(Duration.ofSeconds(2), "hold the storage key", this::holdStorageKey)
                .every(RefusalReports.EVERY, "report refused calls",
                        new RefusalReports(config.name(), refusals, links.commands())::step)
                .every(Duration.ofSeconds(30), "sweep snapshots",
                        () -> apps.sweeper().sweep(ledger.log().leadership().isLeader()))
                .every(NodeSurvey.noteEvery(), "note what is done", () -> volumes.survey().note(
                        clock.millis(), ledger.log().appliedIndex().value()))
                .every(Duration.ofSeconds(30), "give heap back", new HeapTrim(System::nanoTime)::step)
                .every(Duration.ofMinutes(10), "renew the certificate",
                        () -> admission.rotation().rotateIfDue());
    }

    private void refreshRoster() {
        long applied = ledger.log().appliedIndex().value();
        if (applied != rosterIndex) {
            rosterIndex = applied;
            identity.roster().refresh(ledger.reader());
        }
    }

    /// Called whenever the list of nodes changed: whoever is not on it any more is cut, and the others are
    /// remembered.
    private void onRosterChanged() {
        NodeRoster.Picture picture = identity.roster().picture();
        grid().ifPresent(parts -> parts.onRosterChanged(identity.roster()));
        peerServer.dropRefused();
        picture.nodes().forEach((name, node) -> {
            if (node.isEvicted()) {
                links.links().forget(new PeerId(name));
            }
        });
        if (identity.roster().isSelfEvicted()) {
            life.tryEnter(new NodeState.Evicted(), "the ledger says that this node is no longer a member");
        }
        try {
            remember(picture);
        } catch (IOException failure) {
            LOG.warn("the list of nodes could not be stored: reason={}", failure.getMessage());
        }
    }

    private void remember(NodeRoster.Picture picture) throws IOException {
        if (picture.cluster().isEmpty() || !picture.members().containsKey(config.name())) {
            return; // The picture is older than this node's joining, or it has left.
        }
        List<KnownPeers.KnownNode> nodes = picture.members().entrySet().stream()
                .map(node -> known(node.getKey(), node.getValue().description().addresses()))
                .toList();
        new KnownPeers(picture.cluster().get().id(), nodes).write(config.dataDirectory());
    }

    private KnownPeers.KnownNode known(String name, Addresses addresses) {
        return new KnownPeers.KnownNode(
                name, addresses.api(), addresses.peer(), addresses.raft(), addresses.grid(),
                AdmissionParts.isVoter(ledger.log(), name));
    }

    private void found() throws IOException {
        Optional<ClusterSeed> seed = ClusterSeed.read(config.dataDirectory());
        if (seed.isPresent() && ledger.log().leadership().isLeader()) {
            new Founding(config.dataDirectory(), envelope -> AdmissionParts.await(links.commands(), envelope))
                    .found(seed.get(), config.name(), description(List.of()), identity.certificate());
            LOG.info("the cluster is founded: cluster={} name={}", seed.get().clusterId(),
                    seed.get().clusterName());
        }
    }

    private NodeDescription description() {
        NodeConfig.Network network = config.network();
        return description(List.of(
                new Endpoint(Endpoint.DATA, network.dataAddress()),
                new Endpoint(Endpoint.NBD, network.nbdAddress())));
    }

    /// A cluster that is being founded knows of no endpoints yet: its level comes with the founding.
    private NodeDescription description(List<Endpoint> endpoints) {
        NodeConfig.Network network = config.network();
        Addresses addresses = new Addresses(
                network.apiAddress(), network.peerAddress(), network.raftAddress(), network.gridAddress());
        return new NodeDescription(config.zone(), addresses, false, GridCodec.LEVEL_MAX, endpoints);
    }

    /// Tells the ledger where this node is now, if that differs from what it says.
    private void describe() {
        NodeEntry entry = identity.roster().picture().members().get(config.name());
        if (entry != null && !entry.description().equals(description())) {
            propose(new ClusterCommand.DescribeNode(config.name(), description(), ExpectedVersion.ANY));
        }
    }

    /// Others may need it until what they serve is put away, too.
    private PeerServer openPeerPort(NodeStatus status, Parting parting) {
        return parts.open("peer port", CLOSE_WITHIN, () -> {
            PeerServer server = PeerServer.listen(
                    links.vertx(),
                    config.network().listenHost(),
                    config.network().peerPort(),
                    new PeerTls(identity.keys(), identity.trust()),
                    PeerLimits.standard(),
                    new PeerAnswers(
                            ledger.log(),
                            starts,
                            admission.desk(),
                            () -> NodeReports.encode(status.here()),
                            apps,
                            volumes,
                            blobs));
            parting.lastly(server::close);
            return new ClosedLater(server);
        }).server();
    }

    /// A port that somebody else closes.
    private record ClosedLater(PeerServer server) implements AutoCloseable {
        @Override
        public void close() {}
    }

    private Set<String> others() {
        return identity.roster().picture().members().keySet().stream()
                .filter(name -> !name.equals(config.name()))
                .collect(Collectors.toSet());
    }

    /// A node that can neither store nor apply what is decided is of no use, and in the way.
    private void stopWithTheLedger() {
        var _ = ledger.log().failure().thenAccept(cause -> fail("the ledger on this node failed: "
                + Failures.chainOf(cause) + "; see to its disk and start the node again"));
    }

    /// A node that is told only now that its directory is too old has to stop.
    private void tellStart() {
        Set<String> others = new HashSet<>(identity.roster().picture().members().keySet());
        others.remove(config.name());
        starts.step(others).ifPresent(this::fail);
    }

    private void fail(String reason) {
        LOG.error("the node stops: {}", reason);
        life.tryEnter(new NodeState.Failed(reason), reason);
    }

    /// Called once if the node must not go on, on a thread that must not be blocked.
    void onFailed(Consumer<String> listener) {
        life.onTransition(transition -> {
            if (transition.state() instanceof NodeState.Failed(String reason)) {
                listener.accept(reason);
            }
        });
        if (life.state() instanceof NodeState.Failed(String reason)) {
            listener.accept(reason);
        }
    }

    /// Proposes on this node's own account, and waits.
    private GridReply propose(GridCommand command) {
        return AdmissionParts.await(
                links.commands(), new CommandEnvelope(new Actor.Node(config.name()), "caretaker", command));
    }

    /// Joins beside everything else, because it takes longest; one that failed is tried again.
    private void joinGrid() {
        CompletableFuture<?> before = joining;
        boolean isMember = identity.roster().picture().members().containsKey(config.name());
        if (isMember && (before == null || before.isCompletedExceptionally())) {
            joining = CompletableFuture.runAsync(
                    this::openGrid, task -> Thread.ofPlatform().daemon().name("grid-join").start(task));
        }
    }

    private void openGrid() {
        try {
            grid = GridParts.open(config, identity, ledger, clock, System::nanoTime);
            LOG.info("joined the grid: members={}", grid().map(GridParts::memberCount).orElse(0));
        } catch (GridUnavailableException failure) {
            LOG.warn("the grid cannot be joined, which is tried again: reason={}", Failures.chainOf(failure));
            throw failure;
        } catch (RuntimeException unexpected) {
            LOG.error("the grid cannot be joined, which is tried again", unexpected);
            throw unexpected;
        }
    }

    private void closeGrid() {
        CompletableFuture<?> pending = joining;
        if (pending != null) {
            var _ = pending.exceptionally(_ -> null).join();
        }
        grid().ifPresent(GridParts::close);
    }

    private void judgeReadiness() {
        grid().ifPresent(GridParts::observe);
        if (!(life.state() instanceof NodeState.CatchingUp || life.state() instanceof NodeState.Ready)) {
            return;
        }
        Optional<String> missing = missing();
        if (missing.isEmpty()) {
            if (!wasReady) {
                EarlyWork.begin(List.of(NativeCalls::link));
            }
            wasReady = true;
            life.enter(new NodeState.Ready(), "caught up with the ledger and in the grid");
        } else if (life.state() instanceof NodeState.Ready) {
            barrier = null;
            life.enter(new NodeState.CatchingUp(), missing.get());
        }
    }

    private Optional<String> missing() {
        Leadership leadership = ledger.log().leadership();
        if (leadership.leader().isEmpty()) {
            return Optional.of("no leader is known");
        }
        if (!hasCaughtUp()) {
            return Optional.of("the ledger has not caught up");
        }
        // A plan that changes later does not make those unready that serve.
        if (!wasReady && VoterReconciler.isVoteAwaited(
                config.name(), identity.roster().picture(), ledger.log().membership().peers())) {
            return Optional.of("it is to vote, and does not yet");
        }
        boolean isInGrid = grid().map(GridParts::isOpen).orElse(false);
        return isInGrid ? Optional.empty() : Optional.of("not in the grid");
    }

    /// Whether a barrier asked for since the node was last unready has been passed.
    private boolean hasCaughtUp() {
        CompletableFuture<?> asked = barrier;
        if (asked == null || asked.isCompletedExceptionally()) {
            askForBarrier();
            return false;
        }
        return asked.isDone();
    }

    /// Asked for as soon as the ledger is open, because the first one takes a new connection to the leader.
    private void askForBarrier() {
        barrier = ledger.log().readBarrier().orTimeout(5, TimeUnit.SECONDS);
    }

    private void holdAuthority() throws IOException {
        boolean votes = AdmissionParts.isVoter(ledger.log(), config.name());
        if (votes || !ledger.log().membership().peers().isEmpty()) {
            admission.certificates().hold(votes);
        }
    }

    /// Every node that takes part has it, so that it outlives any of them.
    private void holdStorageKey() {
        if (life.state() instanceof NodeState.Ready) {
            var _ = apps.keys().key();
        }
    }

    @Override
    public void close() {
        if (!life.tryEnter(new NodeState.Stopping(), "asked to stop")) {
            return;
        }
        parts.close();
        life.enter(new NodeState.Stopped(), "every part is closed");
    }
}
