package io.holdfast.chaos.checker;

import java.util.HashMap;
import java.util.Map;

/// Holds what was seen of rollouts against what they promise: no link outside its generation, no instance
/// beyond the wave, all forward or all back in the end. Confined to its thread.
public final class RolloutChecker {
    private final Findings findings = new Findings("rollout");

    /// Looks at one sight.
    public void check(RolloutSight sight) {
        findings.checked(1);
        checkLinks(sight);
        sight.instances().forEach((instance, at) -> {
            if (at != sight.generation() && at != sight.base()) {
                breach("outside-generation", sight, instance + " at " + at);
            }
        });
        switch (sight.state()) {
            case "running", "paused" -> checkWave(sight);
            case "completed" -> checkAllAt(sight, sight.generation(), "not-forward");
            case "planned", "rolled-back" -> checkAllAt(sight, sight.base(), "not-back");
            default -> {
                // Links go back one after the other.
            }
        }
    }

    private void checkLinks(RolloutSight sight) {
        Map<String, RolloutSight.Link> byInstance = new HashMap<>();
        for (RolloutSight.Link link : sight.links()) {
            if (byInstance.put(link.instance(), link) != null) {
                breach("two-links", sight, link.instance());
            }
            Integer at = sight.instances().get(link.instance());
            if (at == null || at != link.generation()) {
                breach("link-outside-generation", sight, link + " instance at " + at);
            }
            String location = sight.locations().get(link.generation());
            if (!link.location().equals(location)) {
                breach("wrong-location", sight, link + " generation means " + location);
            }
        }
        sight.instances().keySet().stream().filter(instance -> !byInstance.containsKey(instance))
                .forEach(instance -> breach("no-link", sight, instance));
    }

    private void checkWave(RolloutSight sight) {
        if (sight.taken() > sight.share()) {
            breach("beyond-the-wave", sight, sight.taken() + " of " + sight.share());
        }
        if (sight.taken() != sight.moved()) {
            breach("miscounted", sight, sight.taken() + " but counted " + sight.moved());
        }
    }

    private void checkAllAt(RolloutSight sight, int generation, String rule) {
        sight.instances().forEach((instance, at) -> {
            if (at != generation) {
                breach(rule, sight, instance + " at " + at + " not at " + generation);
            }
        });
    }

    private void breach(String rule, RolloutSight sight, String evidence) {
        findings.add(rule, sight.rollout(), sight.state() + ": " + evidence);
    }

    /// What was found so far.
    public Verdict verdict() {
        return findings.verdict();
    }
}
