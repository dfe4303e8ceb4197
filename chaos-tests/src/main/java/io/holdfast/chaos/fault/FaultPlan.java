package io.holdfast.chaos.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Faults in order, with how long each lasts and how long all is well after it. Immutable.
public record FaultPlan(List<Step> steps) {
    /// One fault of the plan.
    ///
    /// @param lasting from applied to healed
    /// @param rest from healed to the next one
    public record Step(Fault fault, Duration lasting, Duration rest) {}

    /// Makes one fault, as the random numbers say.
    @FunctionalInterface
    public interface Kind {
        Fault make(Choice choice);
    }

    public FaultPlan {
        steps = List.copyOf(steps);
    }

    /// A plan of `count` faults drawn from the kinds.
    ///
    /// @param kinds drawn evenly; each appears at least once if `count` allows it
    /// @param lastingMax every fault lasts between half of this and this
    public static FaultPlan random(
            RandomGenerator random, List<String> nodes, List<Kind> kinds, int count, Duration lastingMax) {
        List<Step> steps = new ArrayList<>();
        List<Kind> left = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (left.isEmpty()) {
                left.addAll(kinds);
            }
            Fault fault = left.remove(random.nextInt(left.size())).make(Choice.of(random, nodes));
            steps.add(new Step(fault, between(random, lastingMax), between(random, lastingMax)));
        }
        return new FaultPlan(steps);
    }

    private static Duration between(RandomGenerator random, Duration max) {
        long half = max.toMillis() / 2;
        return Duration.ofMillis(half + random.nextLong(half + 1));
    }

    /// The same fault again and again, short, as of a loose cable.
    public static FaultPlan flapping(Fault fault, int count, Duration broken, Duration whole) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            steps.add(new Step(fault, broken, whole));
        }
        return new FaultPlan(steps);
    }

    /// This plan and then the other.
    public FaultPlan then(FaultPlan other) {
        List<Step> all = new ArrayList<>(steps);
        all.addAll(other.steps);
        return new FaultPlan(all);
    }
}
