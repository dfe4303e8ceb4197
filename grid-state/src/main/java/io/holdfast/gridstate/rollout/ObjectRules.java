package io.holdfast.gridstate.rollout;

import static io.holdfast.gridstate.rollout.RolloutCatalogs.GENERATIONS;
import static io.holdfast.gridstate.rollout.RolloutCatalogs.INSTANCES;
import static io.holdfast.gridstate.rollout.RolloutCatalogs.LINKS;
import static io.holdfast.gridstate.rollout.RolloutCatalogs.OBJECTS;
import static io.holdfast.gridstate.rollout.RolloutCatalogs.ROLLOUTS;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.GridReply.Accepted;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.rule.Refusals;
import io.holdfast.gridstate.rule.RuleScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The rules of objects and their instances. Immutable; confined to the apply thread by what it is given.
public final class ObjectRules {
    private final InstanceIndex index = new InstanceIndex();

    public static List<Keyspace> indexes() {
        return List.of(InstanceIndex.BY_GENERATION);
    }

    public GridReply define(RuleScope scope, String object, ObjectVersion version) {
        if (scope.find(OBJECTS, object).isPresent()) {
            return Refusals.exists("object", object);
        }
        scope.put(GENERATIONS, new GenerationKey(object, 1), generationOf(scope, version));
        scope.put(OBJECTS, object, new ObjectEntry(List.of(version), 1, 1, 0, 0, Optional.empty()));
        return new Accepted(scope.version());
    }

    public GridReply addVersion(
            RuleScope scope, String object, ObjectVersion version, ExpectedVersion expected) {
        Optional<Versioned<String, ObjectEntry>> found = scope.findVersioned(OBJECTS, object);
        if (found.isEmpty()) {
            return Refusals.notFound("object", object);
        }
        if (!expected.isMetBy(found)) {
            return Refusals.mismatch("object", object, found);
        }
        ObjectEntry entry = found.get().value();
        Optional<ObjectVersion> known = entry.version(version.name());
        if (known.isPresent()) {
            return known.get().equals(version)
                    ? new Accepted(found.get().version())
                    : Refusals.exists("version", object + "/" + version.name());
        }
        List<ObjectVersion> versions = new ArrayList<>(entry.versions());
        if (versions.size() == ObjectEntry.VERSIONS_MAX) {
            dropOldestUnused(scope, object, entry, versions);
        }
        versions.add(version);
        scope.put(OBJECTS, object, entry.withVersions(versions));
        return new Accepted(scope.version());
    }

    public GridReply delete(RuleScope scope, String object, ExpectedVersion expected) {
        Optional<Versioned<String, ObjectEntry>> found = scope.findVersioned(OBJECTS, object);
        if (found.isEmpty()) {
            return Refusals.notFound("object", object);
        }
        if (!expected.isMetBy(found)) {
            return Refusals.mismatch("object", object, found);
        }
        ObjectEntry entry = found.get().value();
        if (entry.instanceCount() > 0 || entry.rolloutCount() > 0) {
            return GridReply.refuse(
                    RefusalCode.IN_USE,
                    "the object is in use: " + object + " instances=" + entry.instanceCount() + " rollouts="
                            + entry.rolloutCount(),
                    "remove its instances and rollouts first");
        }
        List<GenerationKey> generations = new ArrayList<>();
        scope.scan(GENERATIONS, (object + "/").getBytes(UTF_8), (key, _) -> {
            generations.add(GENERATIONS.keyForm().decode(key));
            return true;
        });
        generations.forEach(generation -> scope.remove(GENERATIONS, generation));
        scope.remove(OBJECTS, object);
        return new Accepted(scope.version());
    }

    public GridReply addInstance(RuleScope scope, InstanceKey instance, LinkId link) {
        Optional<ObjectEntry> found = scope.find(OBJECTS, instance.object());
        if (found.isEmpty()) {
            return Refusals.notFound("object", instance.object());
        }
        if (scope.find(INSTANCES, instance).isPresent()) {
            return Refusals.exists("instance", instance);
        }
        if (scope.find(LINKS, link).isPresent()) {
            return Refusals.exists("link", "(not shown)");
        }
        ObjectEntry object = found.get();
        if (object.instanceCount() == ObjectEntry.INSTANCES_MAX) {
            return Refusals.full("instances of one object", ObjectEntry.INSTANCES_MAX);
        }
        int generation = object.generation();
        scope.put(OBJECTS, instance.object(), object.withInstanceCount(object.instanceCount() + 1));
        scope.put(
                INSTANCES, instance, new InstanceEntry(link, generation, generation, new Verdict.Pending()));
        index.add(scope, instance, generation);
        scope.put(
                LINKS,
                link,
                new LinkEntry(
                        instance,
                        generation,
                        locationOf(scope, new GenerationKey(instance.object(), generation)),
                        scope.timeMillis()));
        return new Accepted(scope.version());
    }

    public GridReply replaceLink(
            RuleScope scope, InstanceKey instance, LinkId link, ExpectedVersion expected) {
        Optional<Versioned<InstanceKey, InstanceEntry>> found = scope.findVersioned(INSTANCES, instance);
        if (found.isEmpty()) {
            return Refusals.notFound("instance", instance);
        }
        if (!expected.isMetBy(found)) {
            return Refusals.mismatch("instance", instance, found);
        }
        InstanceEntry entry = found.get().value();
        if (entry.link().equals(link)) {
            return new Accepted(found.get().version());
        }
        if (scope.find(LINKS, link).isPresent()) {
            return Refusals.exists("link", "(not shown)");
        }
        LinkEntry before = scope.find(LINKS, entry.link())
                .orElseThrow(() -> new IllegalStateException("an instance without its link: " + instance));
        scope.remove(LINKS, entry.link());
        scope.put(LINKS, link, before);
        scope.put(INSTANCES, instance, entry.withLink(link));
        return new Accepted(scope.version());
    }

    public GridReply removeInstance(RuleScope scope, InstanceKey instance, ExpectedVersion expected) {
        Optional<Versioned<InstanceKey, InstanceEntry>> found = scope.findVersioned(INSTANCES, instance);
        Optional<ObjectEntry> object = scope.find(OBJECTS, instance.object());
        if (found.isEmpty() || object.isEmpty()) {
            return Refusals.notFound("instance", instance);
        }
        if (!expected.isMetBy(found)) {
            return Refusals.mismatch("instance", instance, found);
        }
        InstanceEntry entry = found.get().value();
        object.get()
                .activeRollout()
                .ifPresent(name -> scope.find(ROLLOUTS, name)
                        .filter(rollout -> rollout.generation() == entry.generation())
                        .ifPresent(rollout -> scope.put(
                                ROLLOUTS,
                                name,
                                rollout.withProgress(rollout.progress().without(entry.verdict())))));
        index.remove(scope, instance, entry.generation());
        scope.remove(LINKS, entry.link());
        scope.remove(INSTANCES, instance);
        ObjectEntry left = object.get().withInstanceCount(object.get().instanceCount() - 1);
        scope.put(OBJECTS, instance.object(), left);
        return new Accepted(scope.version());
    }

    static GenerationEntry generationOf(RuleScope scope, ObjectVersion version) {
        return new GenerationEntry(version.name(), version.location(), scope.timeMillis());
    }

    static String locationOf(RuleScope scope, GenerationKey generation) {
        return scope.find(GENERATIONS, generation)
                .map(GenerationEntry::location)
                .orElseThrow(() -> new IllegalStateException("no such generation: " + generation));
    }

    /// At most two versions are in use, so that there is always one to drop.
    private static void dropOldestUnused(
            RuleScope scope, String object, ObjectEntry entry, List<ObjectVersion> versions) {
        Optional<String> current = scope.find(GENERATIONS, new GenerationKey(object, entry.generation()))
                .map(GenerationEntry::version);
        Optional<String> coming = entry.activeRollout()
                .flatMap(name -> scope.find(ROLLOUTS, name))
                .map(rollout -> rollout.plan().version());
        for (int i = 0; i < versions.size(); i++) {
            Optional<String> name = Optional.of(versions.get(i).name());
            if (!name.equals(current) && !name.equals(coming)) {
                versions.remove(i);
                return;
            }
        }
    }
}
