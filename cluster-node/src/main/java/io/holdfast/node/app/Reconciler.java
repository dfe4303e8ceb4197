package io.holdfast.node.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.gridstate.application.ApplicationSpec;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.cluster.ClusterCatalogs;
import io.holdfast.gridstate.cluster.NodeEntry;
import io.holdfast.gridstate.cluster.NodeState;
import io.holdfast.gridstate.command.ApplicationCommand;
import io.holdfast.gridstate.placement.PlacementEntry;
import io.holdfast.gridstate.placement.PlacementKey;
import io.holdfast.gridstate.rule.GridReply;
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
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings what runs here in line with the catalog: ends what is no longer wanted, replaces what runs an
/// older specification, keeps up the least number of instances, gives back slots in which nothing runs.
/// Confined to one thread at a time.
///
/// Nobody assigns: each node ranks all nodes for a vacant slot by a hash, and waits the longer the further
/// back it finds itself; the ledger lets one of them have it.
final class Reconciler {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    private static final Duration SURVEY_EVERY = Duration.ofSeconds(2);

    /// Rests so many times as long as it took: it reads every application, and there may be ten thousand.
    private static final long SURVEY_REST = 100;

    private static final Duration WAIT_PER_RANK = Duration.ofSeconds(3);

    private final HostKit kit;
    private final AppHost host;
    private final Map<PlacementKey, Long> vacantSinceNanos = new HashMap<>();
    private final Set<PlacementKey> toReplace = new HashSet<>();
    private Set<PlacementKey> emptyBefore = Set.of();
    private long surveyDueNanos;

    Reconciler(HostKit kit, AppHost host) {
        this.kit = kit;
        this.host = host;
        this.surveyDueNanos = kit.nanoClock().getAsLong();
    }

    void step() {
        boolean isLeaving = !host.takesPart();
        for (Instance instance : host.instances()) {
            if (isLeaving) {
                leave(instance);
            } else {
                inspect(instance);
            }
        }
        if (!isLeaving) {
            replace();
        }
        long now = kit.nanoClock().getAsLong();
        if (now - surveyDueNanos >= 0) {
            survey(now, isLeaving);
            long tookNanos = kit.nanoClock().getAsLong() - now;
            surveyDueNanos = now + Math.max(SURVEY_EVERY.toNanos(), SURVEY_REST * tookNanos);
        }
    }

    private void leave(Instance instance) {
        if (!instance.wantsToEnd() && instance.saveWish().isEmpty() && instance.phase() == Phase.READY) {
            Thread.ofVirtual().name("leave-" + instance.slot()).start(() -> host.leave(instance));
        } else if (hasNothingRunning(instance.phase())) {
            instance.end("the node is being drained");
        }
    }

    private static boolean hasNothingRunning(Phase phase) {
        return phase == Phase.ASLEEP || phase == Phase.POISED || phase == Phase.FAILING;
    }

    private void inspect(Instance instance) {
        Optional<ApplicationEntry> entry = kit.catalog().application(instance.slot().application());
        Optional<ApplicationSpec> spec = entry.flatMap(ApplicationEntry::spec);
        if (entry.isEmpty() || spec.isEmpty()) {
            instance.end("the application was deleted");
        } else if (entry.get().isStopped()) {
            instance.end("the application is stopped");
        } else if (instance.slot().slot() >= spec.get().scaling().countMax()) {
            instance.end("the application has fewer instances now");
        } else if (instance.generation() != entry.get().generation() && !instance.wantsToEnd()) {
            if (instance.phase() != Phase.ASLEEP && instance.phase() != Phase.POISED) {
                toReplace.add(instance.slot());
            }
            instance.end("the application has another specification");
        }
    }

    /// What ran goes on as what it is to be now, without waiting for a request.
    private void replace() {
        for (PlacementKey slot : List.copyOf(toReplace)) {
            Optional<ApplicationEntry> entry = kit.catalog().application(slot.application());
            boolean isWanted = entry.filter(known -> !known.isStopped()).flatMap(ApplicationEntry::spec)
                    .isPresent();
            if (!isWanted) {
                toReplace.remove(slot);
            } else if (host.find(slot).isEmpty()) {
                toReplace.remove(slot);
                claim(slot, entry.get());
            }
        }
    }

    private void claim(PlacementKey slot, ApplicationEntry entry) {
        entry.spec().ifPresent(spec -> {
            AppHost.Claimed claimed = host.claim(slot, entry, spec);
            LOG.debug("claimed: slot={} outcome={}", slot, claimed);
        });
    }

    private void survey(long now, boolean isLeaving) {
        List<Versioned<PlacementKey, PlacementEntry>> placements = kit.catalog().placements();
        giveBack(placements);
        Map<PlacementKey, PlacementEntry> held = new HashMap<>();
        for (Versioned<PlacementKey, PlacementEntry> placement : placements) {
            if (kit.catalog().seemsHeld(placement.value())) {
                held.put(placement.key(), placement.value());
            }
        }
        Set<PlacementKey> vacant = new HashSet<>();
        kit.catalog().applications(application -> application.value().spec().ifPresent(spec -> {
            if (!application.value().isStopped()) {
                for (int slot = 0; slot < spec.scaling().countMin(); slot++) {
                    PlacementKey key = new PlacementKey(application.key(), slot);
                    if (!held.containsKey(key)) {
                        vacant.add(key);
                    }
                }
            }
        }));
        vacantSinceNanos.keySet().retainAll(vacant);
        for (PlacementKey slot : vacant) {
            long since = vacantSinceNanos.computeIfAbsent(slot, _ -> now);
            if (!isLeaving && host.canRun() && now - since >= WAIT_PER_RANK.toNanos() * rankFor(slot)) {
                kit.catalog().application(slot.application()).ifPresent(entry -> claim(slot, entry));
            }
        }
    }

    /// How many nodes come before this one for a slot.
    private int rankFor(PlacementKey slot) {
        List<String> nodes = new ArrayList<>();
        kit.ledger().reader()
                .page(ClusterCatalogs.NODES, io.holdfast.gridstate.catalog.Page.Request.first(1_000))
                .entries()
                .forEach(node -> {
                    if (isJoined(node.value())) {
                        nodes.add(node.key());
                    }
                });
        nodes.sort(Comparator.comparingLong(node -> weight(slot, node)));
        return Math.max(0, nodes.indexOf(kit.node()));
    }

    private static boolean isJoined(NodeEntry node) {
        return node.state() instanceof NodeState.Joined;
    }

    private static long weight(PlacementKey slot, String node) {
        CRC32C hash = new CRC32C();
        hash.update((slot + "@" + node).getBytes(UTF_8));
        return hash.getValue();
    }

    /// Gives back what is this node's and empty, at the second look, and what a lost node held of an
    /// application that is not to run.
    private void giveBack(List<Versioned<PlacementKey, PlacementEntry>> placements) {
        Set<PlacementKey> empty = new HashSet<>();
        for (Versioned<PlacementKey, PlacementEntry> placement : placements) {
            boolean isOurs = placement.value().node().equals(kit.node());
            if (isOurs && host.find(placement.key()).isEmpty()) {
                empty.add(placement.key());
                if (emptyBefore.contains(placement.key())) {
                    release(placement.key(), placement.value());
                }
            } else if (!isOurs
                    && !isToRun(placement.key().application())
                    && !kit.catalog().seemsHeld(placement.value())) {
                release(placement.key(), placement.value());
            }
        }
        emptyBefore = empty;
    }

    private boolean isToRun(ApplicationKey application) {
        return kit.catalog().application(application)
                .filter(entry -> entry.spec().isPresent() && !entry.isStopped())
                .isPresent();
    }

    private void release(PlacementKey slot, PlacementEntry entry) {
        GridReply reply = kit.ledger()
                .propose(new ApplicationCommand.Release(slot, entry.node(), entry.host()));
        LOG.info("gave back an empty slot: slot={} node={} reply={}", slot, entry.node(), reply);
    }
}
