package io.holdfast.gridstate.cluster;

import io.holdfast.gridstate.catalog.Versioned;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which nodes of a cluster shall vote: an odd number, rather those that want to, spread over the zones,
/// and as few changes as these allow. A pure function: every node comes to the same answer.
public final class VoterPlan {
    /// With so many voters one can be lost.
    private static final int REDUNDANT_MIN = 3;

    private VoterPlan() {}

    /// A node that may vote.
    ///
    /// @param name its name
    /// @param zone where it stands
    /// @param wantsVote whether it shall vote rather than others
    public record Candidate(String name, String zone, boolean wantsVote) {}

    /// How many of so many nodes vote: 1, 1, 3, 3, 5 and no more, since each further one slows every write.
    public static int voterCount(int nodeCount) {
        if (nodeCount >= 5) {
            return 5;
        }
        return nodeCount >= 3 ? 3 : Math.min(nodeCount, 1);
    }

    /// The names of the nodes that shall vote, in the order of their names.
    public static List<String> choose(Collection<Candidate> candidates, Set<String> votersNow) {
        List<Candidate> open = new ArrayList<>(candidates);
        List<String> chosen = new ArrayList<>();
        Map<String, Integer> chosenInZone = new HashMap<>();
        int count = voterCount(candidates.size());
        while (chosen.size() < count) {
            Candidate best = best(open, chosenInZone, votersNow);
            open.remove(best);
            chosen.add(best.name());
            chosenInZone.merge(best.zone(), 1, Integer::sum);
        }
        chosen.sort(Comparator.naturalOrder());
        return chosen;
    }

    /// The nodes that may vote: those that take part in everything. Where these are fewer than three, three
    /// with the help of those being drained, and of those in maintenance that vote already: one voter alone
    /// would have the only copy of what was acknowledged.
    public static List<Candidate> candidates(
            Collection<Versioned<String, NodeEntry>> nodes, Set<String> votersNow) {
        List<Candidate> found = new ArrayList<>();
        List<Candidate> spare = new ArrayList<>();
        for (Versioned<String, NodeEntry> node : nodes) {
            switch (node.value().state()) {
                case NodeState.Joined _ -> found.add(candidate(node));
                case NodeState.Draining _ -> spare.add(candidate(node));
                case NodeState.Maintenance _ -> {
                    if (votersNow.contains(node.key())) {
                        spare.add(candidate(node));
                    }
                }
                case NodeState.Evicted _ -> {}
            }
        }
        spare.sort(Comparator.comparing((Candidate node) -> !votersNow.contains(node.name()))
                .thenComparing(Candidate::name));
        int missing = REDUNDANT_MIN - found.size();
        if (found.isEmpty() || missing <= spare.size()) {
            found.addAll(spare.subList(0, Math.clamp(missing, 0, spare.size())));
        }
        return found;
    }

    private static Candidate candidate(Versioned<String, NodeEntry> node) {
        NodeDescription description = node.value().description();
        return new Candidate(node.key(), description.zone(), description.wantsVote());
    }

    private static Candidate best(
            List<Candidate> open, Map<String, Integer> chosenInZone, Set<String> votersNow) {
        Comparator<Candidate> order = Comparator.comparing((Candidate node) -> !node.wantsVote())
                .thenComparing(node -> chosenInZone.getOrDefault(node.zone(), 0))
                .thenComparing(node -> !votersNow.contains(node.name()))
                .thenComparing(Candidate::name);
        return open.stream().min(order).orElseThrow();
    }
}
