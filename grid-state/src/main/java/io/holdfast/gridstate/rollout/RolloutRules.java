package io.holdfast.gridstate.rollout;

import static io.holdfast.gridstate.rollout.RolloutCatalogs.GENERATIONS;
import static io.holdfast.gridstate.rollout.RolloutCatalogs.INSTANCES;
import static io.holdfast.gridstate.rollout.RolloutCatalogs.OBJECTS;
import static io.holdfast.gridstate.rollout.RolloutCatalogs.ROLLOUTS;
import static io.holdfast.gridstate.rollout.RolloutState.TRANSITIONS;

import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.rollout.RolloutEntry.Progress;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.GridReply.Accepted;
import io.holdfast.gridstate.rule.GridReply.Refused;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.rule.Refusals;
import io.holdfast.gridstate.rule.RuleScope;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The rules of rollouts. Immutable; confined to the apply thread by what it is given.
public final class RolloutRules {
    /// Rollouts on record.
    public static final int ROLLOUTS_MAX = 10_000;

    /// Generations kept per object, besides the one that instances are at.
    public static final int GENERATIONS_KEPT = 256;

    private static final String COUNTER = "rollouts";

    private final LinkMover mover = new LinkMover();

    public GridReply plan(RuleScope scope, String name, RolloutPlan plan) {
        if (scope.find(ROLLOUTS, name).isPresent()) {
            return Refusals.exists("rollout", name);
        }
        Optional<ObjectEntry> found = scope.find(OBJECTS, plan.object());
        if (found.isEmpty()) {
            return Refusals.notFound("object", plan.object());
        }
        ObjectEntry object = found.get();
        Optional<ObjectVersion> version = object.version(plan.version());
        if (version.isEmpty()) {
            return Refusals.notFound("version", plan.object() + "/" + plan.version());
        }
        if (object.activeRollout().isPresent()) {
            return GridReply.refuse(
                    RefusalCode.HELD,
                    "another rollout of the object is not over: rollout=" + object.activeRollout().get(),
                    "wait for it, or fail it");
        }
        long count = scope.counter(COUNTER);
        if (count >= ROLLOUTS_MAX) {
            return Refusals.full("rollouts", ROLLOUTS_MAX);
        }
        scope.setCounter(COUNTER, count + 1);
        int generation = Math.addExact(object.lastGeneration(), 1);
        dropGeneration(scope, plan.object(), object, generation - GENERATIONS_KEPT);
        scope.put(
                GENERATIONS,
                new GenerationKey(plan.object(), generation),
                ObjectRules.generationOf(scope, version.get()));
        scope.put(
                OBJECTS,
                plan.object(),
                object.withLastGeneration(generation)
                        .withRolloutCount(object.rolloutCount() + 1)
                        .withActiveRollout(Optional.of(name)));
        RolloutState state = new RolloutState.Planned();
        scope.put(
                ROLLOUTS,
                name,
                new RolloutEntry(
                        plan, generation, object.generation(), state, Progress.NONE, scope.timeMillis()));
        return new Accepted(scope.version(), new GridReply.Result.Assigned(generation));
    }

    public GridReply start(RuleScope scope, String name, ExpectedVersion expected) {
        return change(scope, name, expected, rollout -> switch (rollout.state()) {
            case RolloutState.Planned _ -> Optional.of(new RolloutState.Running(0));
            case RolloutState.Running _,
                    RolloutState.Paused _,
                    RolloutState.Failed _,
                    RolloutState.RolledBack _,
                    RolloutState.Completed _ -> Optional.empty();
        });
    }

    public GridReply pause(RuleScope scope, String name, ExpectedVersion expected) {
        return change(scope, name, expected, rollout -> switch (rollout.state()) {
            case RolloutState.Running(int wave) -> Optional.of(new RolloutState.Paused(wave));
            case RolloutState.Planned _,
                    RolloutState.Paused _,
                    RolloutState.Failed _,
                    RolloutState.RolledBack _,
                    RolloutState.Completed _ -> Optional.empty();
        });
    }

    public GridReply resume(RuleScope scope, String name, ExpectedVersion expected) {
        return change(scope, name, expected, rollout -> switch (rollout.state()) {
            case RolloutState.Paused(int wave) -> Optional.of(new RolloutState.Running(wave));
            case RolloutState.Planned _,
                    RolloutState.Running _,
                    RolloutState.Failed _,
                    RolloutState.RolledBack _,
                    RolloutState.Completed _ -> Optional.empty();
        });
    }

    public GridReply fail(RuleScope scope, String name, String reason, ExpectedVersion expected) {
        return change(scope, name, expected, rollout -> switch (rollout.state()) {
            case RolloutState.Running _, RolloutState.Paused _ ->
                Optional.of(new RolloutState.Failed(reason));
            case RolloutState.Planned _,
                    RolloutState.Failed _,
                    RolloutState.RolledBack _,
                    RolloutState.Completed _ -> Optional.empty();
        });
    }

    public GridReply moveLinks(RuleScope scope, String name, int limit) {
        Optional<RolloutEntry> found = scope.find(ROLLOUTS, name);
        if (found.isEmpty()) {
            return Refusals.notFound("rollout", name);
        }
        RolloutEntry rollout = found.get();
        if (!(rollout.state() instanceof RolloutState.Running(int wave))) {
            return wrongState(name, rollout, "");
        }
        Wave taken = rollout.plan().waves().get(wave);
        int instanceCount = object(scope, rollout).instanceCount();
        LinkMover.Step step = mover.next(scope, rollout, taken, instanceCount, limit);
        mover.move(scope, step.instances(), rollout.generation());
        Progress before = rollout.progress();
        Progress after = new Progress(
                before.moved() + step.instances().size(),
                before.healthy(),
                before.unhealthy(),
                step.namedDone());
        if (!after.equals(before)) {
            scope.put(ROLLOUTS, name, rollout.withProgress(after));
        }
        return progressed(scope, step.instances().size(), step.hasMore());
    }

    public GridReply judge(RuleScope scope, String name, InstanceVerdict judged) {
        Optional<Versioned<String, RolloutEntry>> found = scope.findVersioned(ROLLOUTS, name);
        if (found.isEmpty()) {
            return Refusals.notFound("rollout", name);
        }
        RolloutEntry rollout = found.get().value();
        if (!isUnderWay(rollout)) {
            return wrongState(name, rollout, "");
        }
        if (judged.verdict() instanceof Verdict.Pending) {
            return Refusals.invalid("a verdict is healthy or unhealthy");
        }
        InstanceKey instance = new InstanceKey(rollout.plan().object(), judged.instance());
        Optional<InstanceEntry> entry = scope.find(INSTANCES, instance);
        if (entry.isEmpty()) {
            return Refusals.notFound("instance", instance);
        }
        if (entry.get().generation() != judged.generation() || judged.generation() != rollout.generation()) {
            return GridReply.refuse(
                    RefusalCode.VERSION_MISMATCH,
                    "the instance is not at the judged generation: " + instance + " generation="
                            + entry.get().generation() + " judged=" + judged.generation());
        }
        if (entry.get().verdict().equals(judged.verdict())) {
            return new Accepted(found.get().version());
        }
        Progress progress =
                rollout.progress().without(entry.get().verdict()).with(judged.verdict());
        RolloutEntry next = rollout.withProgress(progress);
        if (progress.unhealthy() > rollout.plan().unhealthyMax()) {
            String reason =
                    "too many unhealthy instances: count=" + progress.unhealthy() + " last=" + instance;
            next = next.withState(TRANSITIONS.step(rollout.state(), new RolloutState.Failed(reason)));
        }
        scope.put(INSTANCES, instance, entry.get().withVerdict(judged.verdict()));
        scope.put(ROLLOUTS, name, next);
        return new Accepted(scope.version());
    }

    public GridReply advance(RuleScope scope, String name, ExpectedVersion expected) {
        Optional<Versioned<String, RolloutEntry>> found = scope.findVersioned(ROLLOUTS, name);
        Optional<Refused> refused = whyNotChange(name, found, expected);
        if (refused.isPresent() || found.isEmpty()) {
            return refused.orElseGet(() -> Refusals.notFound("rollout", name));
        }
        RolloutEntry rollout = found.get().value();
        if (!(rollout.state() instanceof RolloutState.Running(int wave))) {
            return wrongState(name, rollout, "");
        }
        List<Wave> waves = rollout.plan().waves();
        ObjectEntry object = object(scope, rollout);
        LinkMover.Step step = mover.next(scope, rollout, waves.get(wave), object.instanceCount(), 1);
        boolean hasMore = step.hasMore() || !step.instances().isEmpty();
        if (hasMore || rollout.progress().pending() > 0) {
            return GridReply.refuse(
                    RefusalCode.FORBIDDEN_STATE,
                    "the wave has not passed: " + name + " wave=" + wave + " moved="
                            + rollout.progress().moved() + " pending=" + rollout.progress().pending(),
                    "move all of its links, and let their instances be judged");
        }
        if (wave + 1 < waves.size()) {
            RolloutState next = TRANSITIONS.step(rollout.state(), new RolloutState.Running(wave + 1));
            scope.put(
                    ROLLOUTS,
                    name,
                    rollout.withState(next).withProgress(rollout.progress().withoutNamed()));
            return new Accepted(scope.version());
        }
        RolloutState next = TRANSITIONS.step(rollout.state(), new RolloutState.Completed());
        scope.put(ROLLOUTS, name, rollout.withState(next));
        scope.put(
                OBJECTS,
                rollout.plan().object(),
                object.withGeneration(rollout.generation()).withActiveRollout(Optional.empty()));
        if (rollout.base() <= rollout.generation() - GENERATIONS_KEPT) {
            scope.remove(GENERATIONS, new GenerationKey(rollout.plan().object(), rollout.base()));
        }
        return new Accepted(scope.version());
    }

    public GridReply sendBack(RuleScope scope, String name, int limit) {
        Optional<RolloutEntry> found = scope.find(ROLLOUTS, name);
        if (found.isEmpty()) {
            return Refusals.notFound("rollout", name);
        }
        RolloutEntry rollout = found.get();
        if (!(rollout.state() instanceof RolloutState.Failed(String reason))) {
            return wrongState(name, rollout, "");
        }
        String object = rollout.plan().object();
        List<InstanceKey> some = mover.at(scope, object, rollout.generation(), limit);
        mover.move(scope, some, rollout.base());
        boolean hasMore = !mover.at(scope, object, rollout.generation(), 1).isEmpty();
        int left = rollout.progress().moved() - some.size();
        RolloutEntry next = rollout.withProgress(new Progress(Math.max(left, 0), 0, 0, 0));
        if (!hasMore) {
            next = next.withState(TRANSITIONS.step(rollout.state(), new RolloutState.RolledBack(reason)));
            scope.put(OBJECTS, object, object(scope, rollout).withActiveRollout(Optional.empty()));
        }
        scope.put(ROLLOUTS, name, next);
        return progressed(scope, some.size(), hasMore);
    }

    public GridReply undo(RuleScope scope, String name, String reason, ExpectedVersion expected) {
        Optional<Versioned<String, RolloutEntry>> found = scope.findVersioned(ROLLOUTS, name);
        Optional<Refused> refused = whyNotChange(name, found, expected);
        if (refused.isPresent() || found.isEmpty()) {
            return refused.orElseGet(() -> Refusals.notFound("rollout", name));
        }
        RolloutEntry rollout = found.get().value();
        ObjectEntry object = object(scope, rollout);
        String objectName = rollout.plan().object();
        return switch (rollout.state()) {
            case RolloutState.Planned state -> {
                RolloutState next = TRANSITIONS.step(state, new RolloutState.RolledBack(reason));
                scope.put(ROLLOUTS, name, rollout.withState(next));
                scope.put(OBJECTS, objectName, object.withActiveRollout(Optional.empty()));
                yield new Accepted(scope.version());
            }
            case RolloutState.Completed state -> {
                GenerationKey base = new GenerationKey(objectName, rollout.base());
                boolean isNewest = object.generation() == rollout.generation();
                if (!isNewest
                        || object.activeRollout().isPresent()
                        || scope.find(GENERATIONS, base).isEmpty()) {
                    yield wrongState(name, rollout, "only the newest rollout of an object can be undone");
                }
                RolloutState next = TRANSITIONS.step(state, new RolloutState.Failed(reason));
                scope.put(
                        ROLLOUTS,
                        name,
                        rollout.withState(next)
                                .withProgress(new Progress(object.instanceCount(), 0, 0, 0)));
                scope.put(
                        OBJECTS,
                        objectName,
                        object.withGeneration(rollout.base()).withActiveRollout(Optional.of(name)));
                yield new Accepted(scope.version());
            }
            case RolloutState.Running _,
                    RolloutState.Paused _,
                    RolloutState.Failed _,
                    RolloutState.RolledBack _ -> wrongState(name, rollout, "fail it instead");
        };
    }

    public GridReply delete(RuleScope scope, String name, ExpectedVersion expected) {
        Optional<Versioned<String, RolloutEntry>> found = scope.findVersioned(ROLLOUTS, name);
        Optional<Refused> refused = whyNotChange(name, found, expected);
        if (refused.isPresent() || found.isEmpty()) {
            return refused.orElseGet(() -> Refusals.notFound("rollout", name));
        }
        RolloutEntry rollout = found.get().value();
        if (!rollout.state().isOver()) {
            return wrongState(name, rollout, "fail or complete it first");
        }
        ObjectEntry object = object(scope, rollout);
        scope.put(OBJECTS, rollout.plan().object(), object.withRolloutCount(object.rolloutCount() - 1));
        scope.setCounter(COUNTER, scope.counter(COUNTER) - 1);
        scope.remove(ROLLOUTS, name);
        return new Accepted(scope.version());
    }

    /// A verdict on an instance.
    ///
    /// @param instance the instance's name
    /// @param generation that was judged
    /// @param verdict on it
    public record InstanceVerdict(String instance, int generation, Verdict verdict) {}

    private static GridReply change(
            RuleScope scope,
            String name,
            ExpectedVersion expected,
            Function<RolloutEntry, Optional<RolloutState>> nextState) {
        Optional<Versioned<String, RolloutEntry>> found = scope.findVersioned(ROLLOUTS, name);
        Optional<Refused> refused = whyNotChange(name, found, expected);
        if (refused.isPresent() || found.isEmpty()) {
            return refused.orElseGet(() -> Refusals.notFound("rollout", name));
        }
        RolloutEntry rollout = found.get().value();
        Optional<RolloutState> next = nextState.apply(rollout);
        if (next.isEmpty()) {
            return wrongState(name, rollout, "");
        }
        scope.put(ROLLOUTS, name, rollout.withState(TRANSITIONS.step(rollout.state(), next.get())));
        return new Accepted(scope.version());
    }

    private static Optional<Refused> whyNotChange(
            String name, Optional<Versioned<String, RolloutEntry>> found, ExpectedVersion expected) {
        if (found.isEmpty()) {
            return Optional.of(Refusals.notFound("rollout", name));
        }
        return expected.isMetBy(found)
                ? Optional.empty()
                : Optional.of(Refusals.mismatch("rollout", name, found));
    }

    private static boolean isUnderWay(RolloutEntry rollout) {
        return rollout.state() instanceof RolloutState.Running
                || rollout.state() instanceof RolloutState.Paused;
    }

    /// An object stays as long as rollouts of it are on record.
    private static ObjectEntry object(RuleScope scope, RolloutEntry rollout) {
        return scope.find(OBJECTS, rollout.plan().object())
                .orElseThrow(() -> new IllegalStateException(
                        "a rollout without its object: " + rollout.plan().object()));
    }

    /// Drops an old generation, unless instances are at it.
    private static void dropGeneration(RuleScope scope, String name, ObjectEntry object, int number) {
        if (number >= 1 && number != object.generation()) {
            scope.remove(GENERATIONS, new GenerationKey(name, number));
        }
    }

    private static Refused wrongState(String name, RolloutEntry rollout, String hint) {
        return Refusals.wrongState("rollout", name, rollout.state().label(), hint);
    }

    private static GridReply progressed(RuleScope scope, int count, boolean hasMore) {
        return new Accepted(scope.version(), new GridReply.Result.Progressed(count, hasMore));
    }
}
