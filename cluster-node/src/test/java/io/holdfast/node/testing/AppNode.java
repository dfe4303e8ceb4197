package io.holdfast.node.testing;

import io.holdfast.gridstate.command.GridCommand;
import io.holdfast.hostio.container.ContainerRuntime;
import io.holdfast.hostio.testing.FakeContainerRuntime;
import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.node.app.AppCatalog;
import io.holdfast.node.app.AppHost;
import io.holdfast.node.app.AppLedger;
import io.holdfast.node.app.AppRouter;
import io.holdfast.node.app.FolderRoots;
import io.holdfast.node.app.HostKit;
import io.holdfast.node.app.InstanceDesks;
import io.holdfast.node.app.StartFailedException;
import io.holdfast.node.gateway.GatewayMeters;
import io.holdfast.node.gateway.HttpAppGateway;
import io.holdfast.node.gateway.StartHistory;
import io.holdfast.node.http.ApiLimits;
import io.holdfast.node.http.ApiServer;
import io.holdfast.node.http.port.StartView;
import io.holdfast.node.identity.Admission;
import io.holdfast.node.identity.ClusterTls;
import io.holdfast.node.identity.ClusterTrust;
import io.holdfast.node.identity.RotatingKeys;
import io.holdfast.node.membership.HostAndPort;
import io.holdfast.node.peerlink.PeerCall;
import io.holdfast.node.peerlink.PeerRefusedException;
import io.holdfast.node.snapshot.HeldSnapshots;
import io.holdfast.node.peerlink.NodeCalls;
import io.holdfast.node.snapshot.TenantKeys;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/// One node of an [AppCluster].
public final class AppNode implements AutoCloseable, GatewayMeters {
    private static final TestCluster IDENTITIES = ApiHarness.CLUSTER;

    private final AppCluster cluster;
    private final String name;
    private final Vertx vertx = Vertx.vertx();
    private final FakeContainerRuntime runtime;
    private final HeldSnapshots snapshots;
    private final FakeVolumeMounts volumes;
    private final AppHost host;
    private final InstanceDesks desk;
    private final HttpAppGateway gateway;
    private final ApiServer server;
    private final HttpClient client;
    private final StartHistory starts;
    private final Map<String, LongAdder> answered = new ConcurrentHashMap<>();
    private volatile boolean isUp = true;
    private volatile Predicate<GridCommand> isKeptFromLedger = _ -> false;

    private AppNode(AppCluster cluster, String name, Path folder) throws IOException {
        this.cluster = cluster;
        this.name = name;
        this.runtime = cluster.newRuntime();
        NodeCalls calls = this::call;
        this.snapshots = HeldSnapshots.open(
                new HeldSnapshots.Folders(
                        folder.resolve("sealed"), 1 << 20, folder.resolve("open"), 1 << 20),
                new TenantKeys(AppCluster::storageKey),
                cluster.blobs(),
                InstantSource.system());
        AppLedger ledger = cluster.ledgerOf(name, command -> !isUp || isKeptFromLedger.test(command));
        this.volumes = new FakeVolumeMounts(cluster.volumes(), ledger);
        HostKit kit = new HostKit(
                name,
                ledger,
                new AppCatalog(ledger.reader(), InstantSource.system()),
                runtime,
                snapshots,
                new FolderRoots(root -> {
                    throw new StartFailedException("no images here: root=" + root.label());
                }),
                volumes,
                folder.resolve("instances"),
                1 << 30,
                InstantSource.system(),
                System::nanoTime);
        this.host = AppHost.open(kit);
        this.desk = new InstanceDesks(kit, host, calls);
        ClusterTrust trust = new ClusterTrust(List.of(IDENTITIES.authority().certificate()), Admission.ALL);
        RotatingKeys keys = new RotatingKeys(IDENTITIES.node(name));
        this.starts = new StartHistory(name, InstantSource.system());
        this.gateway = new HttpAppGateway(
                vertx,
                new AppRouter(kit, host, () -> cluster.namesBeside(name)),
                kit.catalog(),
                new HttpAppGateway.Neighbours(name, keys, trust, this::apiOf),
                this);
        FakeNode api = FakeNode.founded();
        api.serveApplications(gateway, desk);
        api.serveStarts((application, _) -> new StartView.Starts(
                starts.of(application), List.of(), List.of()));
        this.server = ApiServer.listen(
                vertx,
                new ApiServer.Binding("127.0.0.1", 0, keys, trust),
                ApiLimits.standard(),
                api.ports(),
                InstantSource.system());
        ClusterTls tls = ClusterTls.anonymous(trust);
        this.client = HttpClient.newBuilder()
                .sslContext(tls.context())
                .sslParameters(tls.parameters())
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }

    static AppNode open(AppCluster cluster, String name, Path folder) throws IOException {
        return new AppNode(cluster, name, folder);
    }

    void start() {
        Thread.ofPlatform().daemon().name("host-" + name).start(() -> {
            try {
                host.run(Duration.ofMillis(50));
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
        });
    }

    public AppHost host() {
        return host;
    }

    public InstanceDesks desk() {
        return desk;
    }

    public ContainerRuntime runtime() {
        return runtime;
    }

    public FakeContainerRuntime fakeRuntime() {
        return runtime;
    }

    public HeldSnapshots snapshots() {
        return snapshots;
    }

    boolean isReady() {
        return host.isReady();
    }

    boolean isUp() {
        return isUp;
    }

    /// Cuts the node off: its API is closed, it reaches the ledger no more, nobody reaches it. What runs
    /// there runs on until it notices.
    public void cutOff() {
        isUp = false;
        server.close();
    }

    /// Lets the node reach the ledger no more with such commands; it is reached itself.
    public void keepFromLedger(Predicate<GridCommand> commands) {
        isKeptFromLedger = commands;
    }

    /// Sends a GET through this node's gateway.
    public HttpResponse<String> get(String path, String id) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("https://127.0.0.1:" + server.port() + path))
                .header("Test-Id", id)
                .timeout(Duration.ofMinutes(1))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /// Sends any request through this node's gateway.
    public HttpResponse<String> send(String path, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return client.send(
                request.uri(URI.create("https://127.0.0.1:" + server.port() + path))
                        .timeout(Duration.ofMinutes(1))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /// How many answers began, by how the instance came to be ready.
    public long answered(String start) {
        LongAdder count = answered.get(start);
        return count == null ? 0 : count.sum();
    }

    @Override
    public void started(ApplicationKey application, String start, String snapshot, long nanos) {
        starts.note(application, start, snapshot, nanos / 1_000);
    }

    /// What this node knows of an application's starts.
    public List<StartView.Start> starts(ApplicationKey application) {
        return starts.of(application);
    }

    @Override
    public void answered(String start, long nanos) {
        answered.computeIfAbsent(start, _ -> new LongAdder()).increment();
    }

    @Override
    public void refused(String code) {
        answered.computeIfAbsent("refused " + code, _ -> new LongAdder()).increment();
    }

    private Optional<HostAndPort> apiOf(String other) {
        return Optional.of(new HostAndPort("127.0.0.1", cluster.node(other).server.port()));
    }

    private byte[] call(String other, PeerCall call, byte[] argument, Duration patience) {
        AppNode node = cluster.node(other);
        if (!isUp || !node.isUp) {
            throw new io.holdfast.consensus.UnavailableException("not reachable: node=" + other);
        }
        return switch (call) {
            case APPLICATION -> node.desk.answer(argument);
            default -> throw new PeerRefusedException("not answered here: call=" + call);
        };
    }

    @Override
    public void close() {
        server.close();
        gateway.close();
        host.close();
        snapshots.close();
        runtime.containers().forEach(container -> runtime.remove(container.id()));
        client.shutdownNow();
        var _ = vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(5, TimeUnit.SECONDS)
                .join();
    }

    /// The volumes that instances of this node have.
    public FakeVolumeMounts volumes() {
        return volumes;
    }
}
