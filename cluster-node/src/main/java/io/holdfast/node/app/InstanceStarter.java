package io.holdfast.node.app;

import io.holdfast.gridstate.application.ApplicationSpec;
import io.holdfast.gridstate.placement.PlacementKey;
import io.holdfast.gridstate.snapshot.ApplicationEntry;
import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.node.http.port.InstanceDesk.Answer;
import io.holdfast.node.http.port.InstanceDesk.Order;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Starts an instance on this node because somebody wants it here, as a request would: one that sleeps here
/// or has a frozen copy goes on. Concurrent; blocks for a round trip to the ledger.
final class InstanceStarter {
    private final HostKit kit;
    private final AppHost host;

    InstanceStarter(HostKit kit, AppHost host) {
        this.kit = kit;
        this.host = host;
    }

    Answer start(Order.Start order) {
        ApplicationKey application = ApplicationKey.parse(order.application());
        Optional<ApplicationEntry> entry = kit.catalog().application(application);
        Optional<ApplicationSpec> spec = entry.flatMap(ApplicationEntry::spec);
        if (entry.isEmpty() || spec.isEmpty()) {
            return new Answer.Refused(404, "not-found", "no such application: " + application);
        }
        if (entry.get().isStopped()) {
            return new Answer.Refused(409, "stopped", "the application is stopped: " + application);
        }
        if (!host.canRun() || !host.takesPart()) {
            return new Answer.Refused(
                    409, "not-here", "the node cannot run applications now: node=" + kit.node());
        }
        Optional<Instance> standing = host.instancesOf(application, entry.get().generation()).stream()
                .filter(Instance::summon)
                .findFirst();
        if (standing.isPresent()) {
            return started(standing.get());
        }
        Optional<PlacementKey> free = freeSlot(application, spec.get());
        if (free.isEmpty()) {
            return new Answer.Refused(409, "no-room",
                    "it has as many instances as it may have: count=" + spec.get().scaling().countMax());
        }
        return switch (host.claim(free.get(), entry.get(), spec.get())) {
            case AppHost.Claimed.Here here -> started(here.instance());
            case AppHost.Claimed.Refused refused ->
                    new Answer.Refused(
                            409,
                            refused.code().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                            refused.reason());
        };
    }

    private Answer started(Instance instance) {
        return new Answer.Started(kit.node(), instance.slot().toString());
    }

    private Optional<PlacementKey> freeSlot(ApplicationKey application, ApplicationSpec spec) {
        Set<Integer> taken = kit.catalog().placements(application).stream()
                .filter(placement -> kit.catalog().seemsHeld(placement.value()))
                .map(placement -> placement.key().slot())
                .collect(Collectors.toSet());
        return IntStream.range(0, spec.scaling().countMax())
                .filter(slot -> !taken.contains(slot))
                .mapToObj(slot -> new PlacementKey(application, slot))
                .findFirst();
    }
}
