package io.holdfast.node.app;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.application.ApplicationSpec;
import io.holdfast.gridstate.cluster.ClusterCatalogs;
import io.holdfast.gridstate.cluster.NodeState;
import io.holdfast.gridstate.command.ApplicationCommand;
import io.holdfast.gridstate.placement.PlacementKey;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.snapshot.ApplicationEntry;
import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.gridstate.snapshot.SnapshotKey;
import io.holdfast.hostio.container.Container;
import io.holdfast.hostio.container.ContainerException;
import io.holdfast.hostio.container.ContainerMemory;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The instances of this node. Concurrent; [#step] is called by one thread, again and again.
public final class AppHost implements AutoCloseable {
    /// Instances of one node.
    static final int INSTANCES_MAX = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(AppHost.class);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(12);

    private final HostKit kit;
    private final InstanceKeeper.Tools tools;
    private final HostLease lease;
    private final FrozenPool pool;
    private final Map<PlacementKey, Instance> instances = new ConcurrentHashMap<>();
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("app-", 0).factory());
    private final CountDownLatch running = new CountDownLatch(1);
    private final Reconciler reconciler;
    private final AtomicBoolean isTending = new AtomicBoolean();
    private volatile boolean hasAdopted;
    private volatile boolean isClosing;

    /// What became of a claim.
    sealed interface Claimed {
        /// The slot is this node's, and this runs in it.
        record Here(Instance instance) implements Claimed {}

        /// It is not.
        ///
        /// @param isTemporary whether asking again later, or elsewhere, may help
        record Refused(RefusalCode code, String reason, boolean isTemporary) implements Claimed {}
    }

    private AppHost(HostKit kit, InstanceRecords records) {
        this.kit = kit;
        this.lease = new HostLease(kit.ledger(), kit.node(), kit.nanoClock(), threads);
        SnapshotMaker maker = new SnapshotMaker(kit);
        this.pool = new FrozenPool(kit.runtime(), kit.nanoClock(), kit.poolBytesMax());
        this.tools = new InstanceKeeper.Tools(
                kit, new Awakener(kit, maker, pool), maker, records, lease::token);
        this.reconciler = new Reconciler(kit, this);
    }

    /// Opens the host. What ran on without it stands still until its slots are claimed anew.
    public static AppHost open(HostKit kit) throws IOException {
        AppHost host = new AppHost(kit, InstanceRecords.open(kit.records()));
        kit.runtime().containers().forEach(AppHost::standStill);
        PoolKeeper keeper = new PoolKeeper(kit, host, host.tools.awakener(), host.pool);
        host.threads.execute(keeper::run);
        return host;
    }

    public List<Instance> instances() {
        return List.copyOf(instances.values());
    }

    /// The instances of an application that run a generation of it here.
    List<Instance> instancesOf(ApplicationKey application, long generation) {
        return instances.values().stream()
                .filter(instance -> instance.slot().application().equals(application))
                .filter(instance -> instance.generation() == generation)
                .toList();
    }

    Optional<Instance> find(PlacementKey slot) {
        return Optional.ofNullable(instances.get(slot));
    }

    /// What the copies that stand still here, for starts to come, were restored from.
    public List<SnapshotKey> frozen() {
        return pool.copies().stream().map(FrozenPool.Copy::snapshot).toList();
    }

    /// What the memory of those copies costs, all together; looked at every few seconds.
    public ContainerMemory frozenMemory() {
        return pool.copies().stream().map(FrozenPool.Copy::memory)
                .reduce(ContainerMemory.NONE, ContainerMemory::plus);
    }

    /// What the memory of each copy of an application costs.
    public List<ContainerMemory> frozenMemory(ApplicationKey application) {
        return pool.copies().stream()
                .filter(copy -> copy.application().equals(application))
                .map(FrozenPool.Copy::memory)
                .toList();
    }

    /// The token under which this node holds its slots, while it does for sure.
    Optional<FencingToken> hostToken() {
        return lease.token();
    }

    /// Whether it holds its lease and has taken over what ran before.
    public boolean isReady() {
        return hasAdopted && lease.token().isPresent();
    }

    /// Whether this node is to run instances: it is neither drained nor in maintenance.
    boolean takesPart() {
        return kit.ledger().reader().get(ClusterCatalogs.NODES, kit.node())
                .filter(node -> node.value().state() instanceof NodeState.Joined)
                .isPresent();
    }

    /// Whether this node can run instances now.
    boolean canRun() {
        return !isClosing
                && hasAdopted
                && kit.runtime().capabilities().canRun()
                && instances.size() < INSTANCES_MAX
                && lease.token().isPresent();
    }

    /// Claims a slot and brings its instance to life; answers what runs there already, if that is so. What
    /// is to be restored is made while the ledger decides, and does not go on before it has; unless another
    /// node had the slot last, whose lease the ledger may know to last on.
    Claimed claim(PlacementKey slot, ApplicationEntry entry, ApplicationSpec spec) {
        boolean isLeft = kit.catalog().placement(slot)
                .filter(placement -> !placement.node().equals(kit.node()))
                .isPresent();
        if (isLeft) {
            return claimFirst(slot, spec, entry.generation(), null,
                    claim -> Instance.starting(claim, kit, lease::token));
        }
        Optional<FencingToken> token = lease.token();
        Instance known = instances.get(slot);
        if (known != null || token.isEmpty()) {
            return known == null ? unsure() : new Claimed.Here(known);
        }
        Instance.Claim claim = new Instance.Claim(slot, entry.generation(), token.get());
        Instance made = Instance.starting(claim, kit, lease::token);
        Instance begun = begin(made, spec, null);
        return begun == made ? decided(claim, made) : new Claimed.Here(begun);
    }

    private Claimed decided(Instance.Claim claim, Instance made) {
        boolean isGranted = false;
        try {
            GridReply reply = propose(claim);
            isGranted = reply instanceof GridReply.Accepted;
            return outcome(reply, () -> made);
        } finally {
            made.grant(isGranted);
        }
    }

    private static Claimed unsure() {
        return new Claimed.Refused(RefusalCode.EXPIRED, "this node holds no lease as a host now", true);
    }

    private GridReply propose(Instance.Claim claim) {
        return kit.ledger().propose(new ApplicationCommand.Claim(
                claim.slot(), kit.node(), claim.token(), claim.generation()));
    }

    private static Claimed outcome(GridReply reply, Supplier<Instance> given) {
        return switch (reply) {
            case GridReply.Accepted _ -> new Claimed.Here(given.get());
            case GridReply.Refused refused -> new Claimed.Refused(
                    refused.code(),
                    refused.message(),
                    refused.code() != RefusalCode.NOT_FOUND && refused.code() != RefusalCode.QUOTA_EXCEEDED);
        };
    }

    /// Claims a free slot for a frozen copy, so that the request that wants it need not wait for the ledger.
    void poise(PlacementKey slot, ApplicationEntry entry, ApplicationSpec spec, String snapshot) {
        Claimed _ = claimFirst(slot, spec, entry.generation(), null,
                claim -> Instance.poised(claim, kit, lease::token, snapshot));
    }

    /// Instances that hold a slot for a copy of an application.
    List<Instance> poised(ApplicationKey application) {
        return instances.values().stream()
                .filter(instance -> instance.slot().application().equals(application))
                .filter(instance -> instance.phase() == Phase.POISED && !instance.wantsToEnd())
                .toList();
    }

    /// Begins nothing before the ledger has given the slot.
    private Claimed claimFirst(
            PlacementKey slot, ApplicationSpec spec, long generation, @Nullable Container adopted,
                    Function<Instance.Claim, Instance> making) {
        Instance known = instances.get(slot);
        Optional<FencingToken> token = lease.token();
        if (known != null || token.isEmpty()) {
            return known == null ? unsure() : new Claimed.Here(known);
        }
        Instance.Claim claim = new Instance.Claim(slot, generation, token.get());
        return outcome(propose(claim), () -> {
            Instance made = making.apply(claim);
            made.grant(true);
            return begin(made, spec, adopted);
        });
    }

    private Instance begin(Instance made, ApplicationSpec spec, @Nullable Container adopted) {
        PlacementKey slot = made.slot();
        Instance before = instances.putIfAbsent(slot, made);
        if (before != null) {
            return before;
        }
        InstanceKeeper keeper = new InstanceKeeper(made, spec, tools, adopted);
        threads.execute(() -> {
            try {
                keeper.run();
            } finally {
                // Only now may the slot be claimed again: what the keeper gave back was its own claim.
                instances.remove(slot, made);
            }
        });
        return made;
    }

    /// Renews the lease, fences what runs if that fails, and brings about what the catalog asks for.
    public void step() {
        if (isClosing) {
            return;
        }
        lease.step(!hasAdopted || !instances.isEmpty());
        Optional<FencingToken> token = lease.token();
        if (token.isEmpty()) {
            fence();
        } else if (isTending.compareAndSet(false, true)) {
            threads.execute(() -> tend(token.get()));
        }
    }

    /// What waits for the ledger is done beside the host's thread, which must be in time to fence.
    private void tend(FencingToken token) {
        try {
            if (!hasAdopted) {
                adopt();
                hasAdopted = true;
            }
            unfence(token);
            reconciler.step();
        } catch (ConsensusException | ContainerException failure) {
            LOG.debug("a step is tried again: reason={}", failure.getMessage());
        } finally {
            isTending.set(false);
        }
    }

    private void fence() {
        for (Instance instance : instances.values()) {
            if (!instance.isFenced()) {
                LOG.warn("not sure of the lease, so it stands still: slot={}", instance.slot());
                fence(instance);
            }
        }
    }

    private static void fence(Instance instance) {
        instance.fence(true);
        instance.container().ifPresent(AppHost::standStill);
    }

    /// What was claimed under this very token goes on; what was claimed under an older one is claimed anew.
    private void unfence(FencingToken token) {
        for (Instance instance : instances.values()) {
            if (!instance.claim().equals(token) && !isClaimedAnew(instance, token)) {
                instance.end("the slot was lost with the lease");
            } else if (instance.isFenced()) {
                // What is being saved is let go on by its keeper.
                if (instance.phase() != Phase.ASLEEP && instance.phase() != Phase.PAUSED) {
                    instance.container().ifPresent(AppHost::goOn);
                }
                instance.fence(false);
                if (!instance.mayRun()) {
                    // The lease was lost meanwhile, and the host's thread may have come too early.
                    fence(instance);
                }
            }
        }
    }

    private boolean isClaimedAnew(Instance instance, FencingToken token) {
        GridReply reply = kit.ledger().propose(new ApplicationCommand.Claim(
                instance.slot(), kit.node(), token, instance.generation()));
        boolean isAccepted = reply instanceof GridReply.Accepted;
        if (isAccepted) {
            instance.claimedUnder(token);
        }
        return isAccepted;
    }

    /// Takes over the containers that ran on while this node did not.
    private void adopt() {
        for (Container container : kit.runtime().containers()) {
            try {
                if (!isAdopted(container)) {
                    kit.runtime().remove(container.id());
                    tools.records().delete(container.id());
                }
            } catch (ContainerException | IOException failure) {
                LOG.warn("a container of before could not be removed: container={} reason={}", container.id(),
                        failure.getMessage());
            }
        }
        // Not on this thread, which keeps the lease.
        threads.execute(kit.volumes()::recover);
    }

    private boolean isAdopted(Container container) throws IOException {
        Optional<InstanceRecords.InstanceRecord> written = tools.records().read(container.id());
        if (written.isEmpty() || container.exit().isPresent()) {
            return false;
        }
        PlacementKey slot = written.get().slot();
        Optional<ApplicationEntry> entry = kit.catalog().application(slot.application())
                .filter(known -> known.generation() == written.get().generation());
        if (entry.isEmpty() || entry.get().spec().isEmpty() || instances.containsKey(slot)) {
            return false;
        }
        if (Specifications.hasVolumes(entry.get().spec().get())) {
            // Its volumes gave errors while this node was away.
            return false;
        }
        Claimed claimed = claimFirst(slot, entry.get().spec().get(), entry.get().generation(), container,
                claim -> Instance.starting(claim, kit, lease::token));
        LOG.info("a container of before: container={} slot={} claimed={}", container.id(), slot, claimed);
        return claimed instanceof Claimed.Here;
    }

    private static void standStill(Container container) {
        try {
            container.freeze();
        } catch (ContainerException failure) {
            LOG.warn("a container does not stand still: container={} reason={}", container.id(),
                    failure.getMessage());
        }
    }

    private static void goOn(Container container) {
        try {
            container.thaw();
        } catch (ContainerException failure) {
            LOG.warn("a container does not go on: container={} reason={}", container.id(),
                    failure.getMessage());
        }
    }

    /// Runs [#step] until the host is closed; to be called on a thread of its own.
    public void run(Duration every) throws InterruptedException {
        while (!running.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
            try {
                step();
            } catch (ConsensusException | ContainerException failure) {
                LOG.debug("a step is tried again: reason={}", failure.getMessage());
            }
        }
    }

    /// Ends the host. Every instance is saved, if it can be in time, and ended: a node that was asked to
    /// stop leaves nothing running. (One that is killed does, and takes it over again.)
    @Override
    public void close() {
        isClosing = true;
        running.countDown();
        pool.close();
        for (Instance instance : instances.values()) {
            threads.execute(() -> leave(instance));
        }
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSE_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("instances go on without this node: count={}", instances.size());
                threads.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /// Saves an instance and ends it.
    void leave(Instance instance) {
        boolean hasMemoryToKeep = instance.handled() > 0 && instance.phase() == Phase.READY;
        if (hasMemoryToKeep) {
            try {
                var _ = instance.save(Optional.empty(), Instance.SaveWish.After.END)
                        .get(CLOSE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
                return;
            } catch (ExecutionException | TimeoutException failure) {
                LOG.warn("an instance leaves unsaved: slot={} reason={}", instance.slot(),
                        failure.getMessage());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        instance.end("the node is stopping");
    }
}
