package io.holdfast.gridstate.snapshot;

import static io.holdfast.gridstate.snapshot.SnapshotCatalogs.APPLICATIONS;
import static io.holdfast.gridstate.snapshot.SnapshotCatalogs.MAKERS;
import static io.holdfast.gridstate.snapshot.SnapshotCatalogs.SNAPSHOTS;
import static io.holdfast.gridstate.snapshot.SnapshotCatalogs.TENANTS;
import static io.holdfast.gridstate.snapshot.SnapshotState.TRANSITIONS;

import io.holdfast.consensus.FencingToken;
import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.gridstate.application.ApplicationSpec;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.chunkmap.StoredBlob;
import io.holdfast.gridstate.image.ImageRules;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.GridReply.Accepted;
import io.holdfast.gridstate.rule.GridReply.Refused;
import io.holdfast.gridstate.rule.Refusals;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.rule.RuleScope;
import io.holdfast.gridstate.volume.HeldSnapshotRules;
import io.holdfast.gridstate.volume.VolumePin;
import io.holdfast.gridstate.volume.VolumeSnapshotKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The rules of the snapshot catalog. Immutable; confined to the apply thread by what it is given.
public final class SnapshotRules {
    /// What a tenant may store that nobody set a quota for.
    public static final long DEFAULT_QUOTA_BYTES = 1L << 40;

    /// Ready snapshots kept of an application that nobody set a retention for.
    public static final int DEFAULT_KEEP_COUNT = 10;

    private final SnapshotIndexes indexes = new SnapshotIndexes();
    private final SnapshotPacks packs = new SnapshotPacks();
    private final HeldSnapshotRules volumes;

    public SnapshotRules(HeldSnapshotRules volumes) {
        this.volumes = volumes;
    }

    public static List<Keyspace> indexes() {
        List<Keyspace> all = new ArrayList<>(SnapshotIndexes.ALL);
        all.add(SnapshotPacks.USES);
        return List.copyOf(all);
    }

    public GridReply setQuota(RuleScope scope, String tenant, long quotaBytes, ExpectedVersion expected) {
        Optional<Versioned<String, TenantEntry>> found = scope.findVersioned(TENANTS, tenant);
        if (!expected.isMetBy(found)) {
            return Refusals.mismatch("tenant", tenant, found);
        }
        TenantEntry entry = tenant(scope, tenant);
        scope.put(TENANTS, tenant, new TenantEntry(quotaBytes, entry.usedBytes(), entry.snapshotCount()));
        return new Accepted(scope.version());
    }

    public GridReply setRetention(
            RuleScope scope,
            ApplicationKey application,
            int keepCount,
            long keepMillis,
            ExpectedVersion expected) {
        Optional<Versioned<ApplicationKey, ApplicationEntry>> found =
                scope.findVersioned(APPLICATIONS, application);
        if (!expected.isMetBy(found)) {
            return Refusals.mismatch("application", application, found);
        }
        scope.put(
                APPLICATIONS,
                application,
                application(scope, application).withRetention(keepCount, keepMillis));
        return new Accepted(scope.version());
    }

    public GridReply begin(RuleScope scope, SnapshotKey key, SnapshotDraft draft, FencingToken token) {
        MakerKey makerKey = new MakerKey(key.application(), draft.hostClass());
        Optional<MakerEntry> maker = scope.find(MAKERS, makerKey);
        Optional<Refused> refused = whyNotBegin(scope, key, draft)
                .or(() -> maker.flatMap(current -> whyNotMaker(key, current, token)));
        if (refused.isPresent()) {
            return refused.get();
        }
        maker.flatMap(MakerEntry::making)
                .ifPresent(name -> condemnAbandoned(scope, new SnapshotKey(key.application(), name)));
        charge(scope, key.application().tenant(), draft.reservedBytes(), 1);
        ApplicationEntry application = application(scope, key.application());
        scope.put(
                APPLICATIONS,
                key.application(),
                application.withCounts(application.readyCount(), application.snapshotCount() + 1));
        draft.parent().ifPresent(parent -> indexes.addChild(scope, key, parent));
        scope.put(MAKERS, makerKey, new MakerEntry(token, Optional.of(key.name())));
        scope.put(
                SNAPSHOTS,
                key,
                new SnapshotEntry(
                        draft.image(),
                        draft.hostClass(),
                        draft.parent(),
                        List.of(),
                        draft.reservedBytes(),
                        false,
                        scope.timeMillis(),
                        new SnapshotState.Making(token),
                        Optional.empty(),
                        draft.origin(),
                        draft.spec(),
                        List.of()));
        return new Accepted(scope.version());
    }

    /// Ends the making.
    ///
    /// @param files what it consists of in chunks
    /// @param whole what it consists of elsewhere
    /// @param pins the versions of volumes of the same moment
    public GridReply complete(
            RuleScope scope,
            SnapshotKey key,
            FencingToken token,
            List<StoredFile> files,
            Optional<StoredImage> whole,
            List<VolumePin> pins) {
        Optional<SnapshotEntry> found = scope.find(SNAPSHOTS, key);
        if (found.isEmpty()) {
            return Refusals.notFound("snapshot", key);
        }
        SnapshotEntry entry = found.get();
        if (!(entry.state() instanceof SnapshotState.Making(FencingToken maker))) {
            return Refusals.wrongState("snapshot", key, entry.state().label(), "");
        }
        if (!maker.equals(token)) {
            return Refusals.fenced("snapshot", key, token, maker);
        }
        if (hasPathTwice(files)) {
            return Refusals.invalid("two files of the snapshot have the same path: " + key);
        }
        String tenant = key.application().tenant();
        Optional<StoredBlob> missing = whole.flatMap(image -> packs.missing(scope, tenant, image));
        if (missing.isPresent()) {
            return Refusals.notFound("pack", missing.get());
        }
        long sizeBytes = whole.map(StoredImage::sizeBytes).orElse(0L);
        for (StoredFile file : files) {
            sizeBytes += file.sizeBytes();
        }
        long more = sizeBytes - entry.chargedBytes();
        Optional<Refused> refused = whyNotCharge(scope, tenant, more)
                .or(() -> volumes.whyNotHeld(scope, pins));
        if (refused.isPresent()) {
            return refused.get();
        }
        charge(scope, tenant, more, 0);
        whole.ifPresent(image -> packs.use(scope, tenant, image));
        endMaking(scope, key, entry, token);
        SnapshotState ready = TRANSITIONS.step(entry.state(), new SnapshotState.Ready(scope.timeMillis()));
        List<VolumeSnapshotKey> held = volumes.hold(scope, pins, key.toString());
        scope.put(
                SNAPSHOTS, key,
                entry.withContent(files, whole, sizeBytes).withState(ready).withVolumes(held));
        becomePrunable(scope, key, scope.timeMillis());
        endBase(scope, key.application());
        return new Accepted(scope.version());
    }

    public GridReply condemn(RuleScope scope, SnapshotKey key, String reason, ExpectedVersion expected) {
        Optional<Versioned<SnapshotKey, SnapshotEntry>> found = scope.findVersioned(SNAPSHOTS, key);
        if (found.isEmpty()) {
            return Refusals.notFound("snapshot", key);
        }
        if (!expected.isMetBy(found)) {
            return Refusals.mismatch("snapshot", key, found);
        }
        SnapshotEntry entry = found.get().value();
        if (entry.isProtected()) {
            return protectedRefusal(key);
        }
        switch (entry.state()) {
            case SnapshotState.Condemned _ -> {
                return new Accepted(found.get().version());
            }
            case SnapshotState.Making(FencingToken maker) -> endMaking(scope, key, entry, maker);
            case SnapshotState.Ready(long since) -> becomeUnprunable(scope, key, since);
        }
        SnapshotState next = new SnapshotState.Condemned(reason, scope.timeMillis());
        SnapshotEntry released = releasePacks(scope, key, entry);
        scope.put(SNAPSHOTS, key, released.withState(TRANSITIONS.step(entry.state(), next)));
        return new Accepted(scope.version());
    }

    public GridReply setProtection(
            RuleScope scope, SnapshotKey key, boolean isProtected, ExpectedVersion expected) {
        Optional<Versioned<SnapshotKey, SnapshotEntry>> found = scope.findVersioned(SNAPSHOTS, key);
        if (found.isEmpty()) {
            return Refusals.notFound("snapshot", key);
        }
        if (!expected.isMetBy(found)) {
            return Refusals.mismatch("snapshot", key, found);
        }
        SnapshotEntry entry = found.get().value();
        if (!(entry.state() instanceof SnapshotState.Ready(long since))) {
            return Refusals.wrongState(
                    "snapshot", key, entry.state().label(), "only a ready snapshot can be protected");
        }
        if (entry.isProtected() == isProtected) {
            return new Accepted(found.get().version());
        }
        if (isProtected) {
            becomeUnprunable(scope, key, since);
        } else {
            becomePrunable(scope, key, since);
        }
        scope.put(SNAPSHOTS, key, entry.withProtection(isProtected));
        return new Accepted(scope.version());
    }

    /// The application becomes what it was when the snapshot was made, and its volumes with it. That makes a
    /// generation of its own.
    ///
    /// @param rollsBack whether what was written to its volumes since may be lost
    public GridReply restore(RuleScope scope, SnapshotKey key, boolean rollsBack) {
        Optional<SnapshotEntry> found = scope.find(SNAPSHOTS, key);
        if (found.isEmpty()) {
            return Refusals.notFound("snapshot", key);
        }
        if (!(found.get().state() instanceof SnapshotState.Ready)) {
            return Refusals.wrongState(
                    "snapshot", key, found.get().state().label(), "only a ready snapshot can be restored");
        }
        ApplicationEntry application = application(scope, key.application());
        Optional<ApplicationSpec> spec = found.get().spec().or(application::spec);
        if (spec.isEmpty()) {
            return Refusals.notFound("application", key.application());
        }
        Optional<Refused> refused = ApplicationRules.countIn(scope, application)
                .or(() -> volumes.whyNotAsOf(scope, found.get().volumes(), rollsBack))
                .or(() -> ImageRules.changeUser(
                        scope, key.application().toString(), application.spec(), spec));
        if (refused.isPresent()) {
            return refused.get();
        }
        volumes.makeAsOf(scope, found.get().volumes());
        scope.put(
                APPLICATIONS,
                key.application(),
                application
                        .withSpec(spec, scope.version())
                        .withBase(Optional.of(key.name()), scope.version())
                        .withStopped(false));
        return new Accepted(scope.version());
    }

    public GridReply prune(RuleScope scope, ApplicationKey application, int limit) {
        Optional<ApplicationEntry> found = scope.find(APPLICATIONS, application);
        if (found.isEmpty()) {
            return Refusals.notFound("application", application);
        }
        ApplicationEntry entry = found.get();
        List<SnapshotIndexes.Aged> oldest = indexes.oldest(scope, application, limit + 1);
        int beyondCount = entry.readyCount() - entry.keepCount();
        int dropped = 0;
        for (SnapshotIndexes.Aged aged : oldest) {
            boolean isTooOld = scope.timeMillis() - aged.readyMillis() >= entry.keepMillis();
            if (dropped >= beyondCount && !isTooOld) {
                break;
            }
            if (dropped == limit) {
                return new Accepted(scope.version(), new GridReply.Result.Progressed(dropped, true));
            }
            scope.find(SNAPSHOTS, aged.key()).ifPresent(snapshot -> drop(scope, aged.key(), snapshot));
            dropped++;
        }
        return new Accepted(scope.version(), new GridReply.Result.Progressed(dropped, false));
    }

    public GridReply delete(RuleScope scope, SnapshotKey key, ExpectedVersion expected) {
        Optional<Versioned<SnapshotKey, SnapshotEntry>> found = scope.findVersioned(SNAPSHOTS, key);
        if (found.isEmpty()) {
            return Refusals.notFound("snapshot", key);
        }
        if (!expected.isMetBy(found)) {
            return Refusals.mismatch("snapshot", key, found);
        }
        SnapshotEntry entry = found.get().value();
        if (entry.isProtected()) {
            return protectedRefusal(key);
        }
        if (entry.state() instanceof SnapshotState.Making) {
            return Refusals.wrongState("snapshot", key, entry.state().label(), "condemn it first");
        }
        if (indexes.hasChildren(scope, key)) {
            return GridReply.refuse(
                    RefusalCode.IN_USE,
                    "other snapshots descend from it: " + key,
                    "delete these first, or leave it to the retention");
        }
        drop(scope, key, entry);
        return new Accepted(scope.version());
    }

    private Optional<Refused> whyNotBegin(RuleScope scope, SnapshotKey key, SnapshotDraft draft) {
        if (scope.find(SNAPSHOTS, key).isPresent()) {
            return Optional.of(Refusals.exists("snapshot", key));
        }
        if (indexes.hasChildren(scope, key)) {
            return Optional.of(GridReply.refuse(
                    RefusalCode.EXISTS,
                    "snapshots descend from one that had this name: " + key,
                    "take another"));
        }
        if (application(scope, key.application()).snapshotCount() == ApplicationEntry.SNAPSHOTS_MAX) {
            return Optional.of(Refusals.full("snapshots of one application", ApplicationEntry.SNAPSHOTS_MAX));
        }
        if (draft.parent().isPresent()) {
            SnapshotKey parentKey = new SnapshotKey(key.application(), draft.parent().get());
            Optional<SnapshotEntry> parent = scope.find(SNAPSHOTS, parentKey);
            if (parent.isEmpty()) {
                return Optional.of(Refusals.notFound("parent", parentKey));
            }
            if (!(parent.get().state() instanceof SnapshotState.Ready)) {
                return Optional.of(Refusals.wrongState(
                        "parent",
                        parentKey,
                        parent.get().state().label(),
                        "only a ready one can be a parent"));
            }
        }
        return whyNotCharge(scope, key.application().tenant(), draft.reservedBytes());
    }

    private static Optional<Refused> whyNotMaker(SnapshotKey key, MakerEntry current, FencingToken token) {
        if (current.token().isAfter(token)) {
            return Optional.of(Refusals.fenced("maker", key, token, current.token()));
        }
        if (current.token().equals(token) && current.making().isPresent()) {
            return Optional.of(GridReply.refuse(
                    RefusalCode.HELD,
                    "the same maker is making another snapshot: making=" + current.making().get(),
                    "complete or condemn that one first"));
        }
        return Optional.empty();
    }

    private void condemnAbandoned(RuleScope scope, SnapshotKey key) {
        scope.find(SNAPSHOTS, key).ifPresent(entry -> scope.put(
                SNAPSHOTS,
                key,
                entry.withState(TRANSITIONS.step(
                        entry.state(),
                        new SnapshotState.Condemned("another maker took over", scope.timeMillis())))));
    }

    /// What was made last is what the application goes on from again.
    private static void endBase(RuleScope scope, ApplicationKey key) {
        ApplicationEntry entry = application(scope, key);
        if (entry.base().isPresent()) {
            scope.put(APPLICATIONS, key, entry.withBase(Optional.empty(), entry.generation()));
        }
    }

    private static void endMaking(RuleScope scope, SnapshotKey key, SnapshotEntry entry, FencingToken token) {
        scope.put(
                MAKERS,
                new MakerKey(key.application(), entry.hostClass()),
                new MakerEntry(token, Optional.empty()));
    }

    private void becomePrunable(RuleScope scope, SnapshotKey key, long sinceMillis) {
        indexes.addAged(scope, key, sinceMillis);
        changeReadyCount(scope, key.application(), 1);
    }

    private void becomeUnprunable(RuleScope scope, SnapshotKey key, long sinceMillis) {
        indexes.removeAged(scope, key, sinceMillis);
        changeReadyCount(scope, key.application(), -1);
    }

    private static void changeReadyCount(RuleScope scope, ApplicationKey key, int by) {
        ApplicationEntry entry = application(scope, key);
        scope.put(APPLICATIONS, key, entry.withCounts(entry.readyCount() + by, entry.snapshotCount()));
    }

    /// Removes a snapshot that is not being made, with all that counts it.
    private void drop(RuleScope scope, SnapshotKey key, SnapshotEntry entry) {
        if (entry.state() instanceof SnapshotState.Ready(long since) && !entry.isProtected()) {
            becomeUnprunable(scope, key, since);
        }
        entry.parent().ifPresent(parent -> indexes.removeChild(scope, key, parent));
        SnapshotEntry released = releasePacks(scope, key, entry);
        volumes.letGo(scope, entry.volumes(), key.toString());
        charge(scope, key.application().tenant(), -released.chargedBytes(), -1);
        ApplicationEntry application = application(scope, key.application());
        scope.put(
                APPLICATIONS,
                key.application(),
                application.withCounts(application.readyCount(), application.snapshotCount() - 1));
        scope.remove(SNAPSHOTS, key);
    }

    /// Its packs are no longer of use to it. The tenant is charged on for those that other snapshots use,
    /// and no longer for those that it was the last to use, whoever they were stored for.
    private SnapshotEntry releasePacks(RuleScope scope, SnapshotKey key, SnapshotEntry entry) {
        Optional<StoredImage> stored = entry.stored();
        if (stored.isEmpty() || !(entry.state() instanceof SnapshotState.Ready)) {
            return entry;
        }
        String tenant = key.application().tenant();
        charge(scope, tenant, -packs.release(scope, tenant, stored.get()), 0);
        return entry.withContent(
                entry.files(), Optional.empty(), entry.chargedBytes() - stored.get().sizeBytes());
    }

    private static Optional<Refused> whyNotCharge(RuleScope scope, String tenant, long moreBytes) {
        TenantEntry entry = tenant(scope, tenant);
        if (moreBytes <= 0 || moreBytes <= entry.quotaBytes() - entry.usedBytes()) {
            return Optional.empty();
        }
        return Optional.of(GridReply.refuse(
                RefusalCode.QUOTA_EXCEEDED,
                "the tenant's snapshots would hold more than its quota: tenant=" + tenant + " quotaBytes="
                        + entry.quotaBytes() + " usedBytes=" + entry.usedBytes() + " moreBytes=" + moreBytes,
                "delete snapshots or raise the quota"));
    }

    private static void charge(RuleScope scope, String tenant, long moreBytes, int moreSnapshots) {
        TenantEntry entry = tenant(scope, tenant);
        scope.put(
                TENANTS,
                tenant,
                new TenantEntry(
                        entry.quotaBytes(),
                        entry.usedBytes() + moreBytes,
                        entry.snapshotCount() + moreSnapshots));
    }

    private static TenantEntry tenant(RuleScope scope, String tenant) {
        return scope.find(TENANTS, tenant).orElse(new TenantEntry(DEFAULT_QUOTA_BYTES, 0, 0));
    }

    private static ApplicationEntry application(RuleScope scope, ApplicationKey key) {
        return scope.find(APPLICATIONS, key).orElseGet(ApplicationEntry::unknown);
    }

    private static boolean hasPathTwice(List<StoredFile> files) {
        Set<String> paths = new HashSet<>();
        for (StoredFile file : files) {
            if (!paths.add(file.path())) {
                return true;
            }
        }
        return false;
    }

    private static Refused protectedRefusal(SnapshotKey key) {
        return GridReply.refuse(
                RefusalCode.FORBIDDEN_STATE, "the snapshot is protected: " + key, "end its protection first");
    }
}
