package io.holdfast.node.app;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.gridstate.application.ApplicationSpec;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.placement.PlacementEntry;
import io.holdfast.gridstate.placement.PlacementKey;
import io.holdfast.gridstate.placement.PlacementState;
import io.holdfast.gridstate.snapshot.ApplicationEntry;
import io.holdfast.gridstate.snapshot.ApplicationKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// Says where a request is handled, and has an instance started where there is none. Concurrent; blocks
/// until the request can be handled or will not be.
public final class AppRouter {
    /// How long to wait before looking again, if nothing changes meanwhile.
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private static final Duration CATCH_UP_WITHIN = Duration.ofSeconds(2);

    /// Failures in a row for which requests wait.
    private static final int FAILURES_BORNE = 3;

    private final HostKit kit;
    private final AppHost host;
    private final Supplier<List<String>> otherNodes;
    private final AtomicLong turns = new AtomicLong();

    /// Where a request goes.
    public sealed interface Route {
        /// Into an instance of this node; the visit is the caller's to close.
        record Here(Visit visit) implements Route {}

        /// To another node.
        record There(String node) implements Route {}

        /// Nowhere; it was not handled.
        ///
        /// @param isTemporary whether repeating it may help
        record Refused(String code, String reason, boolean isTemporary) implements Route {}
    }

    /// A request on its way.
    ///
    /// @param mayGoElsewhere whether another node may be asked; not if one has asked this one
    /// @param avoided nodes that did not handle it, and until when they are not asked again
    /// @param deadlineNanos until when it waits
    public record Wanted(
            ApplicationKey application,
            boolean mayGoElsewhere,
            Map<String, Long> avoided,
            long deadlineNanos) {
        public Wanted {
            avoided = Map.copyOf(avoided);
        }

        /// The same without a node for a while.
        public Wanted avoiding(String node, long untilNanos) {
            Map<String, Long> more = new HashMap<>(avoided);
            more.put(node, untilNanos);
            return new Wanted(application, mayGoElsewhere, more, deadlineNanos);
        }
    }

    /// @param otherNodes those that answer now
    public AppRouter(HostKit kit, AppHost host, Supplier<List<String>> otherNodes) {
        this.kit = kit;
        this.host = host;
        this.otherNodes = otherNodes;
    }

    /// An instance of this node that is ready now; does not wait.
    public Optional<Visit> enterHere(ApplicationKey application) {
        Optional<ApplicationEntry> entry = kit.catalog().application(application)
                .filter(known -> !known.isStopped());
        return entry.flatMap(ApplicationEntry::spec)
                .flatMap(spec -> enterReady(application, entry.get(), spec));
    }

    /// Finds a way, or has one made.
    public Route route(Wanted wanted) throws InterruptedException {
        boolean hasCaughtUp = false;
        while (kit.nanoClock().getAsLong() - wanted.deadlineNanos() < 0) {
            long index = kit.ledger().appliedIndex();
            Optional<Route> found = look(wanted);
            if (found.isPresent() && (hasCaughtUp || !isFinal(found.get()))) {
                return found.get();
            }
            if (found.isPresent()) {
                // This node may not know yet what another has been told: no lasting refusal on old knowledge.
                hasCaughtUp = kit.ledger().catchUp(CATCH_UP_WITHIN);
                if (hasCaughtUp) {
                    continue;
                }
            }
            kit.ledger().awaitBeyond(index, LOOK_AGAIN);
        }
        return new Route.Refused(
                "not-ready-in-time",
                "no instance was ready in time, or no node can run one" + knownHere(wanted.application()),
                true);
    }

    /// What whoever waited in vain may want to know first.
    private String knownHere(ApplicationKey application) {
        if (!kit.runtime().capabilities().canRun()) {
            return "; this node cannot: " + String.join(", ", kit.runtime().capabilities().missing());
        }
        return host.instances().stream()
                .filter(instance -> instance.slot().application().equals(application))
                .map(Instance::picture)
                .map(picture -> "; here it is " + picture.phase() + ": " + picture.reason())
                .findFirst()
                .orElse("");
    }

    private static boolean isFinal(Route route) {
        return route instanceof Route.Refused refused && !refused.isTemporary();
    }

    private Optional<Route> look(Wanted wanted) throws InterruptedException {
        Optional<ApplicationEntry> entry = kit.catalog().application(wanted.application());
        Optional<ApplicationSpec> spec = entry.flatMap(ApplicationEntry::spec);
        if (entry.isEmpty() || spec.isEmpty()) {
            return refused("not-found", "no such application: " + wanted.application(), false);
        }
        if (entry.get().isStopped()) {
            return refused("stopped", "the application is stopped: " + wanted.application(), false);
        }
        if (spec.get().port() == 0) {
            return refused("serves-nothing", "the application has no port: " + wanted.application(), false);
        }
        Optional<Visit> visit = enterReady(wanted.application(), entry.get(), spec.get());
        if (visit.isPresent()) {
            return Optional.of(new Route.Here(visit.get()));
        }
        try {
            return seek(wanted, entry.get(), spec.get());
        } catch (ConsensusException unavailable) {
            return refused(
                    "unavailable", "the cluster cannot decide now: " + unavailable.getMessage(), true);
        }
    }

    private Optional<Route> seek(Wanted wanted, ApplicationEntry entry, ApplicationSpec spec)
            throws InterruptedException {
        List<Versioned<PlacementKey, PlacementEntry>> elsewhere = elsewhere(wanted, entry);
        Optional<Route> ready = pick(elsewhere, PlacementState.Ready.class);
        if (ready.isPresent()) {
            return ready;
        }
        Optional<PlacementKey> free = freeSlot(wanted, spec);
        int concurrency = spec.scaling().concurrency();
        // Where another instance can be had, none is waited for that others fill once it is ready.
        Optional<Instance> starting = host.instancesOf(wanted.application(), entry.generation()).stream()
                .filter(instance -> instance.phase() != Phase.ENDED && !instance.wantsToEnd())
                .filter(instance -> free.isEmpty() || instance.hasRoomFor(concurrency))
                .min(Comparator.comparing((Instance instance) -> instance.phase() == Phase.FAILING)
                        .thenComparingInt(instance -> instance.picture().inside()));
        boolean mustWaitHere = starting.isPresent()
                && (starting.get().phase() != Phase.READY || free.isEmpty());
        if (mustWaitHere) {
            return waitFor(starting.get(), wanted, spec, free.isEmpty());
        }
        Optional<Route> soon = pick(elsewhere, PlacementState.class);
        if (soon.isPresent()) {
            return soon;
        }
        return free.isPresent() ? startOne(free.get(), wanted, entry, spec) : Optional.empty();
    }

    private Optional<Visit> enterReady(
            ApplicationKey application, ApplicationEntry entry, ApplicationSpec spec) {
        int concurrency = spec.scaling().concurrency();
        List<Instance> ready = new ArrayList<>(host.instancesOf(application, entry.generation()));
        ready.removeIf(instance -> instance.phase() != Phase.READY);
        if (ready.size() > 1) {
            ready.sort(Comparator.comparingInt(instance -> instance.picture().inside()));
        }
        for (Instance instance : ready) {
            Optional<Visit> visit = instance.tryEnter(concurrency);
            if (visit.isPresent()) {
                return visit;
            }
        }
        return Optional.empty();
    }

    private List<Versioned<PlacementKey, PlacementEntry>> elsewhere(Wanted wanted, ApplicationEntry entry) {
        if (!wanted.mayGoElsewhere()) {
            return List.of();
        }
        return kit.catalog().placements(wanted.application()).stream()
                .filter(placement -> !placement.value().node().equals(kit.node()))
                .filter(placement -> mayAsk(wanted, placement.value().node()))
                .filter(placement -> placement.value().generation() == entry.generation())
                .filter(placement -> kit.catalog().seemsHeld(placement.value()))
                .toList();
    }

    private boolean mayAsk(Wanted wanted, String node) {
        Long until = wanted.avoided().get(node);
        return until == null || kit.nanoClock().getAsLong() - until >= 0;
    }

    /// One of those in a state, each in turn.
    private Optional<Route> pick(
            List<Versioned<PlacementKey, PlacementEntry>> placements, Class<? extends PlacementState> state) {
        List<Versioned<PlacementKey, PlacementEntry>> fit = placements.stream()
                .filter(placement -> state.isInstance(placement.value().state()))
                .toList();
        if (fit.isEmpty()) {
            return Optional.empty();
        }
        int turn = (int) Math.floorMod(turns.getAndIncrement(), (long) fit.size());
        return Optional.of(new Route.There(fit.get(turn).value().node()));
    }

    /// @param isOnlyWay whether to wait however many wait already
    private Optional<Route> waitFor(
            Instance instance, Wanted wanted, ApplicationSpec spec, boolean isOnlyWay)
            throws InterruptedException {
        if (instance.phase() == Phase.FAILING) {
            return whenFailing(instance);
        }
        Optional<Visit> visit =
                instance.awaitEntry(spec.scaling().concurrency(), isOnlyWay, wanted.deadlineNanos());
        if (visit.isPresent()) {
            return Optional.of(new Route.Here(visit.get()));
        }
        if (instance.isFenced() && !wanted.mayGoElsewhere()) {
            // The node that asked may find the slot free before this one knows that it lost it.
            return refused("not-here", "this node is not sure of its lease now", true);
        }
        return instance.phase() == Phase.FAILING ? whenFailing(instance) : Optional.empty();
    }

    /// A request waits for the next try, unless several have failed.
    private static Optional<Route> whenFailing(Instance instance) {
        Instance.Picture picture = instance.picture();
        return picture.failures() < FAILURES_BORNE
                ? Optional.empty()
                : refused("failing", "the application does not stay up: " + picture.reason(), true);
    }

    /// The first slot that nobody seems to hold.
    private Optional<PlacementKey> freeSlot(Wanted wanted, ApplicationSpec spec) {
        Set<Integer> taken = new HashSet<>();
        for (Versioned<PlacementKey,
                PlacementEntry> placement : kit.catalog().placements(wanted.application())) {
            if (kit.catalog().seemsHeld(placement.value())) {
                taken.add(placement.key().slot());
            }
        }
        for (int slot = 0; slot < spec.scaling().countMax(); slot++) {
            if (!taken.contains(slot)) {
                return Optional.of(new PlacementKey(wanted.application(), slot));
            }
        }
        return Optional.empty();
    }

    private Optional<Route> startOne(
            PlacementKey slot, Wanted wanted, ApplicationEntry entry, ApplicationSpec spec)
            throws InterruptedException {
        if (!host.canRun()) {
            return otherHost(wanted);
        }
        return switch (host.claim(slot, entry, spec)) {
            case AppHost.Claimed.Here here -> waitFor(here.instance(), wanted, spec, false);
            // Somebody else was faster, or this node leaves: the next look shows it.
            case AppHost.Claimed.Refused refused when refused.isTemporary() && host.canRun() ->
                    Optional.empty();
            case AppHost.Claimed.Refused refused -> refused.isTemporary()
                    ? otherHost(wanted)
                    : refused("refused", refused.reason(), true);
        };
    }

    private Optional<Route> otherHost(Wanted wanted) {
        List<String> others = new ArrayList<>(wanted.mayGoElsewhere() ? otherNodes.get() : List.of());
        others.removeIf(node -> !mayAsk(wanted, node));
        if (!wanted.mayGoElsewhere()) {
            return refused("not-here", "this node cannot run the application now", true);
        }
        if (others.isEmpty()) {
            // A node may be about to get its lease, or to answer again.
            return Optional.empty();
        }
        int turn = (int) Math.floorMod(turns.getAndIncrement(), (long) others.size());
        return Optional.of(new Route.There(others.get(turn)));
    }

    private static Optional<Route> refused(String code, String reason, boolean isTemporary) {
        return Optional.of(new Route.Refused(code, reason, isTemporary));
    }
}
