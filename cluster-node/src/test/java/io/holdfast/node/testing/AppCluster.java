package io.holdfast.node.testing;

import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.testing.InMemoryReplicatedLog;
import io.holdfast.gridstate.GridStateMachine;
import io.holdfast.gridstate.application.ApplicationSpec;
import io.holdfast.gridstate.application.Limits;
import io.holdfast.gridstate.application.Probe;
import io.holdfast.gridstate.application.Root;
import io.holdfast.gridstate.application.Scaling;
import io.holdfast.gridstate.application.SnapshotPolicy;
import io.holdfast.gridstate.catalog.CatalogReader;
import io.holdfast.gridstate.catalog.Sha256;
import io.holdfast.gridstate.cluster.Addresses;
import io.holdfast.gridstate.cluster.NodeCertificate;
import io.holdfast.gridstate.chunkmap.Profile;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.gridstate.cluster.NodeDescription;
import io.holdfast.gridstate.codec.GridCodec;
import io.holdfast.gridstate.command.ApplicationCommand;
import io.holdfast.gridstate.command.ClusterCommand;
import io.holdfast.gridstate.command.CommandEnvelope;
import io.holdfast.gridstate.command.GridCommand;
import io.holdfast.gridstate.command.VolumeCommand;
import io.holdfast.gridstate.rule.Actor;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.gridstate.volume.VolumeDraft;
import io.holdfast.gridstate.volume.VolumePolicy;
import io.holdfast.hostio.testing.FakeContainerRuntime;
import io.holdfast.node.app.AppLedger;
import io.holdfast.node.app.AppCatalog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// Several nodes that run applications, in one process: one log in memory, containers in memory, a real
/// gateway with TLS in front of each.
public final class AppCluster implements AutoCloseable {
    private static final byte[] STORAGE_KEY = new byte[32];

    private final GridCodec codec = new GridCodec(GridCodec.LEVEL_MAX);
    private final InMemoryReplicatedLog log =
            InMemoryReplicatedLog.open(new GridStateMachine(), InstantSource.system());
    private final SimulatedCounter.Handled handled = new SimulatedCounter.Handled();
    private final Map<String, AppNode> nodes = new LinkedHashMap<>();
    private final MemoryBlobs blobs = new MemoryBlobs();
    private final Path root;
    private final FakeVolumes volumes;

    public AppCluster(Path folder, int nodeCount) throws IOException {
        root = java.nio.file.Files.createDirectories(folder.resolve("root"));
        volumes = new FakeVolumes(folder.resolve("volumes"));
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= nodeCount; i++) {
            names.add("node-" + i);
        }
        found(names);
        for (String name : names) {
            nodes.put(name, AppNode.open(this, name, folder.resolve(name)));
        }
        nodes.values().forEach(AppNode::start);
        Await.until("every node may run instances", () -> nodes.values().stream().allMatch(AppNode::isReady));
    }

    private void found(List<String> names) {
        NodeCertificate certificate = new NodeCertificate("1f", new Sha256("0".repeat(64)), Long.MAX_VALUE);
        NodeDescription description = new NodeDescription(
                "z1",
                new Addresses("127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3", "127.0.0.1:4"),
                true,
                GridCodec.LEVEL_MAX);
        apply(new ClusterCommand.Found("c0ffee", "home", names.getFirst(), description, certificate));
        for (String name : names.subList(1, names.size())) {
            Sha256 secret = new Sha256("1".repeat(64));
            apply(new ClusterCommand.CreateJoinToken("j-" + name, secret, Long.MAX_VALUE));
            apply(new ClusterCommand.AdmitNode(name, description, certificate, "j-" + name, secret));
        }
    }

    public AppNode node(int number) {
        return nodes.get("node-" + number);
    }

    AppNode node(String name) {
        return nodes.get(name);
    }

    List<String> namesBeside(String self) {
        return nodes.keySet().stream().filter(name -> !name.equals(self) && nodes.get(name).isUp()).toList();
    }

    SimulatedCounter.Handled handledByAll() {
        return handled;
    }

    public SimulatedCounter.Handled handled() {
        return handled;
    }

    /// What the nodes keep snapshots in.
    public MemoryBlobs blobs() {
        return blobs;
    }

    /// What is in the volumes.
    public FakeVolumes volumes() {
        return volumes;
    }

    /// Makes a volume.
    public void defineVolume(String name, long family) {
        apply(new VolumeCommand.Create(name, new VolumeDraft(
                1 << 20, 4_096, new Profile(1, 0, Profile.Spread.NODE), VolumePolicy.STRICT,
                new StreamId(family))));
    }

    static byte[] storageKey() {
        return STORAGE_KEY.clone();
    }

    public AppCatalog catalog() {
        return new AppCatalog(new CatalogReader(log.store(), codec), InstantSource.system());
    }

    FakeContainerRuntime newRuntime() {
        return new FakeContainerRuntime(SimulatedCounter.source(handled));
    }

    /// A counter with this scaling.
    public ApplicationSpec counter(Scaling scaling) {
        return new ApplicationSpec(
                new Root.Folder(root.toString()),
                List.of("/bin/counter"),
                List.of(),
                "/",
                SimulatedCounter.PORT,
                ApplicationSpec.Access.PUBLIC,
                List.of(),
                Limits.NONE,
                new Probe.Connects(5_000),
                scaling,
                SnapshotPolicy.STANDARD);
    }

    /// Lets an application have no instances any more.
    public void stop(ApplicationKey key) {
        apply(new ApplicationCommand.SetStopped(key, true, ExpectedVersion.ANY));
    }

    public ApplicationKey define(String name, ApplicationSpec spec) {
        ApplicationKey key = new ApplicationKey("default", name);
        apply(new ApplicationCommand.Define(key, spec, ExpectedVersion.ANY));
        return key;
    }

    /// Applies a command that must be accepted.
    public GridReply.Accepted apply(GridCommand command) {
        if (propose(new Actor.Node("node-1"), command) instanceof GridReply.Accepted accepted) {
            return accepted;
        }
        throw new AssertionError("refused: command=" + command);
    }

    GridReply propose(Actor actor, GridCommand command) {
        Proposal proposal = Proposal.sessionless(
                codec.encodeCommand(new CommandEnvelope(actor, "t", command)));
        return codec.decodeReply(
                log.propose(proposal).orTimeout(10, TimeUnit.SECONDS).join().reply());
    }

    /// The ledger as one node sees it; `isCut` makes it unreachable.
    AppLedger ledgerOf(String node, Function<GridCommand, Boolean> isCut) {
        CatalogReader reader = new CatalogReader(log.store(), codec);
        return new AppLedger() {
            @Override
            public CatalogReader reader() {
                return reader;
            }

            @Override
            public GridReply propose(GridCommand command) {
                if (isCut.apply(command)) {
                    throw new io.holdfast.consensus.UnavailableException("cut off: node=" + node);
                }
                return AppCluster.this.propose(new Actor.Node(node), command);
            }

            @Override
            public boolean catchUp(Duration patience) {
                return true;
            }

            @Override
            public long appliedIndex() {
                return log.appliedIndex().value();
            }

            @Override
            public void awaitBeyond(long index, Duration patience) throws InterruptedException {
                long end = System.nanoTime() + patience.toNanos();
                while (appliedIndex() <= index && System.nanoTime() < end) {
                    java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
                    if (Thread.interrupted()) {
                        throw new InterruptedException("the node is stopping");
                    }
                }
            }
        };
    }

    @Override
    public void close() {
        nodes.values().forEach(AppNode::close);
        log.close();
    }
}
