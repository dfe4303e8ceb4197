package io.holdfast.gridstate.rollout;

import io.holdfast.gridstate.catalog.Check;
import java.util.List;
import java.util.Optional;

/// Something that is rolled out.
///
/// @param versions that it has, in the order they were added
/// @param generation where instances are, but for those that an active rollout has moved
/// @param lastGeneration the newest number given out
/// @param instanceCount how many instances it has
/// @param rolloutCount rollouts of it that are on record
/// @param activeRollout the rollout that is not over yet
public record ObjectEntry(
        List<ObjectVersion> versions,
        int generation,
        int lastGeneration,
        int instanceCount,
        int rolloutCount,
        Optional<String> activeRollout) {
    /// Versions kept per object.
    public static final int VERSIONS_MAX = 256;

    /// Instances per object.
    public static final int INSTANCES_MAX = 1_000_000;

    public ObjectEntry {
        versions = Check.atMost("an object's versions", versions, VERSIONS_MAX);
        Check.range("a last generation", lastGeneration, 1, Integer.MAX_VALUE);
        Check.range("a generation", generation, 1, lastGeneration);
        Check.range("an instance count", instanceCount, 0, INSTANCES_MAX);
        Check.notNegative("a rollout count", rolloutCount);
        activeRollout.ifPresent(name -> Check.name("a rollout's name", name));
    }

    public Optional<ObjectVersion> version(String name) {
        return versions.stream().filter(version -> version.name().equals(name)).findFirst();
    }

    ObjectEntry withVersions(List<ObjectVersion> newVersions) {
        return new ObjectEntry(
                newVersions, generation, lastGeneration, instanceCount, rolloutCount, activeRollout);
    }

    ObjectEntry withGeneration(int newGeneration) {
        return new ObjectEntry(
                versions, newGeneration, lastGeneration, instanceCount, rolloutCount, activeRollout);
    }

    ObjectEntry withLastGeneration(int number) {
        return new ObjectEntry(versions, generation, number, instanceCount, rolloutCount, activeRollout);
    }

    ObjectEntry withInstanceCount(int count) {
        return new ObjectEntry(versions, generation, lastGeneration, count, rolloutCount, activeRollout);
    }

    ObjectEntry withRolloutCount(int count) {
        return new ObjectEntry(versions, generation, lastGeneration, instanceCount, count, activeRollout);
    }

    ObjectEntry withActiveRollout(Optional<String> rollout) {
        return new ObjectEntry(versions, generation, lastGeneration, instanceCount, rolloutCount, rollout);
    }
}
