package io.holdfast.node.chunk;

import io.holdfast.gridstate.chunkmap.FragmentPlace;
import io.holdfast.gridstate.chunkmap.Profile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Chooses places for fragments. Immutable but for the lots it draws; concurrent if these are.
public final class FragmentPlacer {
    private final RandomGenerator random;

    public FragmentPlacer(RandomGenerator random) {
        this.random = random;
    }

    /// A disk that takes fragments.
    ///
    /// @param place its node and number
    /// @param zone the zone of its node
    /// @param freeBytes what it has room for
    public record Candidate(FragmentPlace place, String zone, long freeBytes) {}

    /// Places for so many fragments, or as many as there are: each in a failure place of its own, in as many
    /// zones as possible, a disk with more room more often.
    ///
    /// @param taken places of the chunk that stay what they are
    public List<FragmentPlace> choose(
            int count, Profile.Spread spread, List<Candidate> candidates, List<FragmentPlace> taken) {
        Set<Object> used = new HashSet<>();
        taken.forEach(place -> used.add(failurePlace(place, spread)));
        Map<String, Integer> zones = new HashMap<>();
        for (Candidate candidate : candidates) {
            if (taken.stream().anyMatch(place -> place.node() == candidate.place().node())) {
                zones.merge(candidate.zone(), 1, Integer::sum);
            }
        }
        List<Ticket> tickets = new ArrayList<>(candidates.stream().map(this::draw).toList());
        List<FragmentPlace> chosen = new ArrayList<>();
        while (chosen.size() < count) {
            Optional<Ticket> best = tickets.stream()
                    .filter(ticket -> !used.contains(failurePlace(ticket.candidate.place(), spread)))
                    .min(Comparator.comparingInt(
                            (Ticket ticket) -> zones.getOrDefault(ticket.candidate.zone(), 0))
                            .thenComparingDouble(Ticket::lot));
            if (best.isEmpty()) {
                return chosen;
            }
            Candidate candidate = best.get().candidate;
            chosen.add(candidate.place());
            used.add(failurePlace(candidate.place(), spread));
            zones.merge(candidate.zone(), 1, Integer::sum);
        }
        return chosen;
    }

    /// A candidate with its lot: the smaller, the sooner it is taken.
    private record Ticket(Candidate candidate, double lot) {}

    /// Weighted sampling without replacement: an exponential variable with the weight as its rate
    /// (Efraimidis and Spirakis, 2006).
    private Ticket draw(Candidate candidate) {
        double weight = Math.max(1, candidate.freeBytes());
        return new Ticket(candidate, -Math.log(1 - random.nextDouble()) / weight);
    }

    private static Object failurePlace(FragmentPlace place, Profile.Spread spread) {
        return switch (spread) {
            case NODE -> place.node();
            case DISK -> place;
        };
    }
}
