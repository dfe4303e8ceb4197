package io.holdfast.chaos.checker;

import java.util.List;
import java.util.Map;

/// One object of which one rollout is under way or was the last one, seen between two changes. Immutable.
///
/// @param state label of the rollout's state
/// @param wave that it is at, from 0; of no meaning unless it runs or pauses
/// @param generation that it takes links to
/// @param base that it takes them from
/// @param moved links at its generation, as it counts them
/// @param percents of the instances that each wave takes, all of them in the end
/// @param instances the generation that each instance is at
/// @param links where links lead
/// @param locations what each generation means
public record RolloutSight(String rollout, String state, int wave, int generation, int base, long moved,
        List<Integer> percents, Map<String, Integer> instances, List<Link> links,
        Map<Integer, String> locations) {
    /// Where the link of an instance leads.
    public record Link(String instance, int generation, String location) {}

    public RolloutSight {
        percents = List.copyOf(percents);
        instances = Map.copyOf(instances);
        links = List.copyOf(links);
        locations = Map.copyOf(locations);
    }

    /// Instances at the rollout's generation.
    long taken() {
        return instances.values().stream().filter(at -> at == generation).count();
    }

    /// As many as the wave may take.
    long share() {
        return (instances.size() * (long) percents.get(wave) + 99) / 100;
    }
}
