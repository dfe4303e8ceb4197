package io.holdfast.chaos.cluster;

import io.holdfast.chaos.network.LinkFaults;
import io.holdfast.chaos.network.SandboxNetwork;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a cluster consists of before it runs. Immutable.
///
/// @param executable `bin/holdfast`
/// @param folder of everything that the cluster keeps
/// @param settings further lines of every node's configuration
/// @param hasMovableClocks whether nodes run under libfaketime
public record ClusterPlan(
        Path executable,
        Path folder,
        List<NodePlace> places,
        NodePlace.Mover mover,
        Optional<LinkFaults> links,
        List<String> settings,
        boolean hasMovableClocks) {
    public ClusterPlan {
        places = List.copyOf(places);
        settings = List.copyOf(settings);
    }

    /// Nodes side by side on the loopback device.
    public static ClusterPlan onLoopback(Path executable, Path folder, int nodeCount) {
        List<NodePlace> places = new ArrayList<>();
        for (int number = 1; number <= nodeCount; number++) {
            places.add(NodePlace.onLoopback(number));
        }
        return new ClusterPlan(
                executable, folder, places, (_, command) -> command, Optional.empty(), List.of(), false);
    }

    /// One node in each network namespace of a sandbox.
    public static ClusterPlan in(SandboxNetwork network, List<String> nodes, Path executable, Path folder) {
        List<NodePlace> places = nodes.stream().map(name -> NodePlace.in(network, name)).toList();
        return new ClusterPlan(executable, folder, places, network::inside,
                Optional.of(network.faults()), List.of(), false);
    }

    /// The same with further lines in every configuration.
    public ClusterPlan with(List<String> moreSettings) {
        List<String> all = new ArrayList<>(settings);
        all.addAll(moreSettings);
        return new ClusterPlan(executable, folder, places, mover, links, all, hasMovableClocks);
    }

    /// The same with clocks that can be moved.
    public ClusterPlan withMovableClocks() {
        return new ClusterPlan(executable, folder, places, mover, links, settings, true);
    }
}
