package io.holdfast.node;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.management.OperatingSystemMXBean;
import io.holdfast.consensus.ConsensusException;
import io.holdfast.consensus.PeerId;
import io.holdfast.gridstate.catalog.Octets;
import io.holdfast.gridstate.cluster.NodeEntry;
import io.holdfast.gridstate.cluster.NodeState;
import io.holdfast.gridstate.command.SettingCommand;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.setting.SettingCatalogs;
import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.hostio.container.ContainerException;
import io.holdfast.hostio.container.ContainerMemory;
import io.holdfast.hostio.container.ContainerRuntime;
import io.holdfast.hostio.container.linux.LinuxContainerRuntime;
import io.holdfast.hostio.container.linux.RuntimeOptions;
import io.holdfast.node.app.AbsentRuntime;
import io.holdfast.node.app.AppCatalog;
import io.holdfast.node.app.AppHost;
import io.holdfast.node.app.AppLedger;
import io.holdfast.node.app.AppRouter;
import io.holdfast.node.app.FolderRoots;
import io.holdfast.node.app.HostKit;
import io.holdfast.node.app.InstanceDesks;
import io.holdfast.node.app.Roots;
import io.holdfast.node.app.SnapshotBlobs;
import io.holdfast.node.app.SnapshotSweeper;
import io.holdfast.node.app.VolumeMounts;
import io.holdfast.node.blob.BlobReferences;
import io.holdfast.node.blob.ClusterBlobs;
import io.holdfast.node.config.NodeConfig;
import io.holdfast.node.gateway.HttpAppGateway;
import io.holdfast.node.gateway.StartHistory;
import io.holdfast.node.http.port.StartView;
import io.holdfast.node.lifecycle.OpenParts;
import io.holdfast.node.membership.HostAndPort;
import io.holdfast.node.metrics.NodeMetrics;
import io.holdfast.node.peerlink.PeerCall;
import io.holdfast.node.peerlink.PeerLinkStatus;
import io.holdfast.node.peerlink.PeerLinks;
import io.holdfast.node.peerlink.PeerRefusedException;
import io.holdfast.node.snapshot.HeldSnapshots;
import io.holdfast.node.snapshot.MemoryFolder;
import io.holdfast.node.peerlink.NodeCalls;
import io.holdfast.node.snapshot.StorageKeys;
import io.holdfast.node.snapshot.TenantKeys;
import io.holdfast.node.survey.StartSurvey;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Applications on this node: their instances, their snapshots, and the way of requests to them.
///
/// @param runtime the containers of this host
/// @param host the instances of this node
/// @param gateway takes requests for applications
/// @param desk does things to instances, here and elsewhere
/// @param snapshots saved states, as this node makes and opens them
/// @param keys the cluster's storage key
/// @param sweeper reclaims what the catalog no longer knows
/// @param snapshotBlobs what snapshots refer to
/// @param starts how long requests waited that started an application here
record AppParts(
        ContainerRuntime runtime,
        AppHost host,
        HttpAppGateway gateway,
        InstanceDesks desk,
        HeldSnapshots snapshots,
        StorageKeys keys,
        SnapshotSweeper sweeper,
        BlobReferences snapshotBlobs,
        StartHistory starts) {
    private static final Logger LOG = LoggerFactory.getLogger(AppParts.class);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(20);
    private static final Duration STEP_EVERY = Duration.ofMillis(250);
    private static final Duration KEY_PATIENCE = Duration.ofSeconds(2);
    private static final Path MEMORY = Path.of("/dev/shm");

    /// Snapshots in the clear that nobody uses: enough for a dozen of 100 MB.
    private static final long OPEN_BYTES_MAX = 2L << 30;

    /// Sealed snapshots kept on this host beside the chunk store: enough for two dozen of 100 MB.
    private static final long SEALED_BYTES_MAX = 4L << 30;

    /// Frozen copies may take a quarter of the machine's memory.
    private static final int POOL_SHARE = 4;

    static AppParts open(OpenParts parts, NodeConfig config, Neighbourhood around) {
        String self = config.name();
        AppLedger ledger = new NodeAppLedger(
                around.ledger(), around.ledger().machine(), around.links().commands(), self);
        NodeCalls calls = calls(around.links().links());
        StorageKeys keys = keys(config, around, ledger, calls);
        HeldSnapshots snapshots = parts.open("snapshots", CLOSE_WITHIN, () -> HeldSnapshots.open(
                folders(config), new TenantKeys(keys::key), around.blobs(), around.clock()));
        ContainerRuntime runtime = runtime(config.dataDirectory().resolve("containers"));
        parts.open("containers", CLOSE_WITHIN, () -> () -> leave(runtime));
        HostKit kit = new HostKit(
                self,
                ledger,
                new AppCatalog(ledger.reader(), around.ledger().log().clock()),
                runtime,
                snapshots,
                new FolderRoots(around.images()),
                around.volumes(),
                config.dataDirectory().resolve("instances"),
                memoryBytes() / POOL_SHARE,
                around.clock(),
                System::nanoTime);
        AppHost host = parts.open("applications", CLOSE_WITHIN, () -> AppHost.open(kit));
        AppRouter router = new AppRouter(kit, host, () -> otherNodes(around, self));
        StartHistory starts = new StartHistory(self, around.clock());
        HttpAppGateway gateway = parts.open("gateway", CLOSE_WITHIN, () -> new HttpAppGateway(
                around.links().vertx(),
                router,
                kit.catalog(),
                new HttpAppGateway.Neighbours(
                        self, around.identity().keys(), around.identity().trust(),
                                name -> apiOf(around, name)),
                new AppMeters(around.metrics().registry(), starts)));
        return new AppParts(
                runtime, host, gateway, new InstanceDesks(kit, host, calls), snapshots, keys,
                        new SnapshotSweeper(kit), new SnapshotBlobs(kit.catalog()), starts);
    }

    /// What applications need of the rest of the node.
    record Neighbourhood(
            IdentityParts identity,
            LedgerParts ledger,
            LinkParts links,
            NodeMetrics metrics,
            ClusterBlobs blobs,
            Roots images,
            VolumeMounts volumes,
            InstantSource clock) {}

    /// Starts what runs beside everything else, once the node answers others.
    void start() {
        Thread.ofPlatform().daemon().name("app-host").start(() -> {
            try {
                host.run(STEP_EVERY);
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /// What stands frozen here for an application's starts to come.
    List<StartView.Frozen> frozen(ApplicationKey application) {
        List<ContainerMemory> copies = host.frozenMemory(application);
        ContainerMemory sum = copies.stream().reduce(ContainerMemory.NONE, ContainerMemory::plus);
        return copies.isEmpty()
                ? List.of()
                : List.of(new StartView.Frozen(
                        starts.node(), copies.size(), sum.residentBytes(), sum.proportionalBytes(),
                        sum.mergedBytes()));
    }

    /// Answers what another node asks; the caller has looked at the call.
    byte[] answer(PeerCall call, byte[] argument) {
        return switch (call) {
            case STORAGE_KEY -> keys.held()
                    .orElseThrow(() -> new PeerRefusedException("this node has no storage key"));
            case APPLICATION -> desk.answer(argument);
            case STARTS -> StartSurvey.answer(starts::of, argument);
            case FROZEN -> StartSurvey.answer(this::frozen, argument);
            default -> throw new PeerRefusedException("not answered here: call=" + call);
        };
    }

    private static HeldSnapshots.Folders folders(NodeConfig config) throws IOException {
        Path data = config.dataDirectory();
        Path sealed = data.resolve("snapshots");
        if (!Files.isWritable(MEMORY)) {
            return new HeldSnapshots.Folders(
                    sealed, SEALED_BYTES_MAX, data.resolve("snapshots-open"), OPEN_BYTES_MAX);
        }
        MemoryFolder.sweep(MEMORY);
        Path open = MemoryFolder.claim(MEMORY, data, config.name()).resolve("open");
        return new HeldSnapshots.Folders(sealed, SEALED_BYTES_MAX, open, OPEN_BYTES_MAX);
    }

    private static long memoryBytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }

    private static ContainerRuntime runtime(Path folder) {
        try {
            return LinuxContainerRuntime.open(RuntimeOptions.in(folder));
        } catch (ContainerException unsupported) {
            LOG.warn("this host runs no containers: reason={}", unsupported.getMessage());
            return new AbsentRuntime(String.valueOf(unsupported.getMessage()));
        }
    }

    /// Where nothing runs any more, nothing of this node stays on the host: no mount, no bridge, no cgroup.
    private static void leave(ContainerRuntime runtime) {
        if (runtime instanceof LinuxContainerRuntime linux && linux.containers().isEmpty()) {
            linux.erase();
        }
        runtime.close();
    }

    private static StorageKeys keys(
            NodeConfig config, Neighbourhood around, AppLedger ledger, NodeCalls calls) {
        return new StorageKeys(
                config.dataDirectory().resolve("identity").resolve("storage.key"),
                () -> ledger.reader()
                        .get(SettingCatalogs.SETTINGS, StorageKeys.SETTING)
                        .map(found -> new String(found.value().value().toArray(), US_ASCII)),
                digest -> ledger.propose(new SettingCommand.Put(
                                StorageKeys.SETTING, Octets.copyOf(digest.getBytes(US_ASCII)),
                                        ExpectedVersion.ABSENT))
                        instanceof GridReply.Accepted,
                () -> keysOfOthers(around, config.name(), calls));
    }

    private static List<byte[]> keysOfOthers(Neighbourhood around, String self, NodeCalls calls) {
        List<byte[]> offered = new ArrayList<>();
        for (String node : otherNodes(around, self)) {
            try {
                offered.add(calls.call(node, PeerCall.STORAGE_KEY, new byte[0], KEY_PATIENCE));
            } catch (ConsensusException | PeerRefusedException silent) {
                LOG.debug("no storage key from: node={} reason={}", node, silent.getMessage());
            }
        }
        return offered;
    }

    static NodeCalls calls(PeerLinks links) {
        return (node, call, argument, patience) -> {
            try {
                return links.call(new PeerId(node), call, argument, patience).join();
            } catch (CompletionException failure) {
                throw Failures.asUnchecked(failure);
            }
        };
    }

    /// The nodes that take part, those that answer first.
    private static List<String> otherNodes(Neighbourhood around, String self) {
        Set<String> silent = around.links().links().status().stream()
                .filter(link -> link.state() == PeerLinkStatus.State.BACKING_OFF)
                .map(link -> link.peer().value())
                .collect(Collectors.toSet());
        List<String> others = new ArrayList<>();
        for (Map.Entry<String, NodeEntry> node :
                around.identity().roster().picture().members().entrySet()) {
            boolean takesPart = node.getValue().state() instanceof NodeState.Joined;
            if (takesPart && !node.getKey().equals(self) && !silent.contains(node.getKey())) {
                others.add(node.getKey());
            }
        }
        return others;
    }

    private static Optional<HostAndPort> apiOf(Neighbourhood around, String name) {
        return Optional.ofNullable(around.identity().roster().picture().members().get(name))
                .map(node -> HostAndPort.parse(node.description().addresses().api()));
    }
}
