package io.holdfast.gridstate.snapshot;

import static io.holdfast.gridstate.snapshot.SnapshotCatalogs.APPLICATIONS;

import io.holdfast.gridstate.application.ApplicationSpec;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.image.ImageRules;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.GridReply.Accepted;
import io.holdfast.gridstate.rule.GridReply.Refused;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.rule.Refusals;
import io.holdfast.gridstate.rule.RuleScope;
import java.util.Optional;

/// The rules of what applications are. Immutable; confined to the apply thread by what it is given.
public final class ApplicationRules {
    /// Applications on record.
    public static final long APPLICATIONS_MAX = 100_000;

    private static final String COUNTER = "applications";

    /// Says what an application is to be. The same specification again changes nothing but that it is no
    /// longer stopped.
    public GridReply define(
            RuleScope scope, ApplicationKey key, ApplicationSpec spec, ExpectedVersion expected) {
        Optional<Versioned<ApplicationKey, ApplicationEntry>> found = scope.findVersioned(APPLICATIONS, key);
        if (!expected.isMetBy(found)) {
            return Refusals.mismatch("application", key, found);
        }
        ApplicationEntry entry = found.map(Versioned::value).orElseGet(ApplicationEntry::unknown);
        Optional<Refused> full = countIn(scope, entry);
        if (full.isPresent()) {
            return full.get();
        }
        Optional<Refused> imageless =
                ImageRules.changeUser(scope, key.toString(), entry.spec(), Optional.of(spec));
        if (imageless.isPresent()) {
            return imageless.get();
        }
        boolean isSame = entry.spec().filter(spec::runsLike).isPresent();
        long generation = isSame ? entry.generation() : scope.version();
        scope.put(APPLICATIONS, key, entry.withSpec(Optional.of(spec), generation).withStopped(false));
        return new Accepted(scope.version());
    }

    /// Counts an application that is about to get its first specification.
    static Optional<Refused> countIn(RuleScope scope, ApplicationEntry entry) {
        if (entry.spec().isPresent()) {
            return Optional.empty();
        }
        long count = scope.counter(COUNTER);
        if (count == APPLICATIONS_MAX) {
            return Optional.of(Refusals.full("applications", APPLICATIONS_MAX));
        }
        scope.setCounter(COUNTER, count + 1);
        return Optional.empty();
    }

    public GridReply setStopped(
            RuleScope scope, ApplicationKey key, boolean isStopped, ExpectedVersion expected) {
        Optional<Versioned<ApplicationKey, ApplicationEntry>> found = scope.findVersioned(APPLICATIONS, key);
        if (found.isEmpty() || found.get().value().spec().isEmpty()) {
            return Refusals.notFound("application", key);
        }
        if (!expected.isMetBy(found)) {
            return Refusals.mismatch("application", key, found);
        }
        if (found.get().value().isStopped() == isStopped) {
            return new Accepted(found.get().version());
        }
        scope.put(APPLICATIONS, key, found.get().value().withStopped(isStopped));
        return new Accepted(scope.version());
    }

    /// Forgets what an application was to be. Its record stays while it has snapshots.
    public GridReply delete(RuleScope scope, ApplicationKey key, ExpectedVersion expected) {
        Optional<Versioned<ApplicationKey, ApplicationEntry>> found = scope.findVersioned(APPLICATIONS, key);
        if (found.isEmpty() || found.get().value().spec().isEmpty()) {
            return Refusals.notFound("application", key);
        }
        if (!expected.isMetBy(found)) {
            return Refusals.mismatch("application", key, found);
        }
        ApplicationEntry entry = found.get().value();
        if (entry.placedCount() > 0) {
            return GridReply.refuse(
                    RefusalCode.IN_USE,
                    "the application has instances: " + key + " placed=" + entry.placedCount(),
                    "stop it first: holdfast app stop " + key.name());
        }
        Optional<Refused> _ = ImageRules.changeUser(scope, key.toString(), entry.spec(), Optional.empty());
        scope.setCounter(COUNTER, scope.counter(COUNTER) - 1);
        if (entry.snapshotCount() == 0) {
            scope.remove(APPLICATIONS, key);
        } else {
            scope.put(APPLICATIONS, key, entry.withSpec(Optional.empty(), 0).withStopped(false));
        }
        return new Accepted(scope.version());
    }
}
