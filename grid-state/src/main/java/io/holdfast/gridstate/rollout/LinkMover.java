package io.holdfast.gridstate.rollout;

import static io.holdfast.gridstate.rollout.RolloutCatalogs.INSTANCES;
import static io.holdfast.gridstate.rollout.RolloutCatalogs.LINKS;

import io.holdfast.gridstate.rule.RuleScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Moves links between the two generations of a rollout. Immutable; confined to the apply thread by what it
/// is given.
final class LinkMover {
    private final InstanceIndex index = new InstanceIndex();

    /// What one step does.
    ///
    /// @param instances to move, all of them at the base generation
    /// @param namedDone how many names of the wave are dealt with afterwards
    /// @param hasMore whether the wave takes further ones
    record Step(List<InstanceKey> instances, int namedDone, boolean hasMore) {}

    /// What the next step of a wave moves, without moving it.
    Step next(RuleScope scope, RolloutEntry rollout, Wave wave, int instanceCount, int limit) {
        return switch (wave) {
            case Wave.UpTo(int percent) -> nextShare(scope, rollout, percent, instanceCount, limit);
            case Wave.Named(List<String> names) -> nextNamed(scope, rollout, names, limit);
        };
    }

    /// Moves instances of the object to a generation.
    void move(RuleScope scope, List<InstanceKey> instances, int generation) {
        if (instances.isEmpty()) {
            return;
        }
        String object = instances.getFirst().object();
        String location = ObjectRules.locationOf(scope, new GenerationKey(object, generation));
        for (InstanceKey instance : instances) {
            InstanceEntry entry = scope.find(INSTANCES, instance)
                    .orElseThrow(() -> new IllegalStateException("indexed, but not there: " + instance));
            index.remove(scope, instance, entry.generation());
            index.add(scope, instance, generation);
            scope.put(INSTANCES, instance, entry.movedTo(generation));
            scope.put(
                    LINKS, entry.link(), new LinkEntry(instance, generation, location, scope.timeMillis()));
        }
    }

    List<InstanceKey> at(RuleScope scope, String object, int generation, int limit) {
        return index.at(scope, object, generation, limit);
    }

    private Step nextShare(
            RuleScope scope, RolloutEntry rollout, int percent, int instanceCount, int limit) {
        long share = (instanceCount * (long) percent + 99) / 100;
        int missing = (int) Math.max(0, share - rollout.progress().moved());
        List<InstanceKey> instances = missing == 0
                ? List.of()
                : index.at(scope, rollout.plan().object(), rollout.base(), Math.min(limit, missing));
        return new Step(instances, 0, missing > instances.size());
    }

    private static Step nextNamed(RuleScope scope, RolloutEntry rollout, List<String> names, int limit) {
        List<InstanceKey> instances = new ArrayList<>();
        int done = rollout.progress().namedDone();
        int end = Math.min(names.size(), done + limit);
        for (; done < end; done++) {
            InstanceKey instance = new InstanceKey(rollout.plan().object(), names.get(done));
            Optional<InstanceEntry> entry = scope.find(INSTANCES, instance);
            if (entry.isPresent() && entry.get().generation() == rollout.base()) {
                instances.add(instance);
            }
        }
        return new Step(instances, done, done < names.size());
    }
}
