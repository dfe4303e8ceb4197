package io.holdfast.node.http.resource;

import io.holdfast.gridstate.GridCatalogs;
import io.holdfast.gridstate.access.Role;
import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.catalog.RecordCodec;
import io.holdfast.gridstate.change.Change;
import io.holdfast.gridstate.change.ChangeBatch;
import io.holdfast.gridstate.change.ChangePosition;
import io.holdfast.node.http.exchange.ApiCall;
import io.holdfast.node.http.exchange.ApiHandler;
import io.holdfast.node.http.exchange.ApiReply;
import io.holdfast.node.http.exchange.Problem;
import io.holdfast.node.http.json.RecordJson;
import io.holdfast.node.http.port.ChangeSource;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// What was changed lately, the newest first, out of the changes that this node still keeps. They can only be
/// read forwards: a page looks through stretches of them that end where the one behind it begins, each twice
/// as long as the one before. With rare things that is all there are, so few look at a time. Concurrent.
public final class ChangeResource {
    private static final int LOOKING_MAX = 2;
    private static final long WAIT_MILLIS_MAX = 3_000;
    private static final int BATCH_CHANGES = 2_000;
    private static final int ITEMS_STANDARD = 50;
    private static final long STRETCH_ENTRIES_MIN = 256;
    private static final long STRETCH_ENTRIES_MAX = 1 << 16;

    private final ChangeSource changes;
    private final Semaphore looking = new Semaphore(LOOKING_MAX);

    public ChangeResource(ChangeSource changes) {
        this.changes = changes;
    }

    public void register(Map<String, ApiHandler> handlers) {
        handlers.put("listChanges", this::page);
    }

    private ApiReply page(ApiCall call) {
        Set<String> catalogs = readable(call);
        long applied = changes.appliedIndex();
        ChangePosition end = call.queryValue("before")
                .map(ChangeResource::position)
                .orElseGet(() -> ChangePosition.endOf(applied));
        try {
            long patience = Math.min(WAIT_MILLIS_MAX, call.remaining().toMillis());
            if (!looking.tryAcquire(patience, TimeUnit.MILLISECONDS)) {
                throw new Problem(503, "busy", "others look at changes", "").retryAfter(Duration.ofSeconds(1))
                        .exception();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(503, "stopping", "the node stops", "").exception();
        }
        try {
            return ApiReply.ok(new Look(call, catalogs).page(end).put("index", applied));
        } finally {
            looking.release();
        }
    }

    /// One caller's look at the changes. Confined to the call's thread.
    private final class Look {
        private final ApiCall call;
        private final Set<String> catalogs;
        private final String wanted;
        private final int limit;
        private final List<Change> found = new ArrayList<>();
        private long keptSince;
        private boolean isAtBegin;

        private Look(ApiCall call, Set<String> catalogs) {
            this.call = call;
            this.catalogs = catalogs;
            this.wanted = call.queryValue("find").orElse("").toLowerCase(Locale.ROOT);
            this.limit = call.queryValue("limit").map(Integer::parseInt).orElse(ITEMS_STANDARD);
        }

        private JsonObject page(ChangePosition before) {
            ChangePosition end = before;
            long length = STRETCH_ENTRIES_MIN;
            while (found.size() < limit && !isAtBegin) {
                long first = Math.max(0, Math.min(end.index(), changes.appliedIndex()) - length);
                ChangePosition start = first == 0 ? ChangePosition.ZERO : ChangePosition.endOf(first);
                isAtBegin = first == 0;
                stretch(start, end);
                end = start;
                length = Math.min(2 * length, STRETCH_ENTRIES_MAX);
            }
            JsonArray items = new JsonArray();
            found.forEach(change -> json(change, changes.codec())
                    .ifPresent(json -> items.add(new JsonObject()
                            .put("position", change.position().toString())
                            .put("index", change.position().index())
                            .mergeIn(json))));
            JsonObject body = new JsonObject().put("items", items).put("keptSince", keptSince);
            if (found.size() == limit) {
                body.put("next", found.getLast().position().toString());
            }
            return body;
        }

        /// Adds the newest of what lies between the two, neither of them included.
        private void stretch(ChangePosition start, ChangePosition end) {
            Deque<Change> newest = new ArrayDeque<>();
            ChangePosition position = start;
            while (position.compareTo(end) < 0) {
                var _ = call.remaining();
                switch (changes.read(position, BATCH_CHANGES)) {
                    case ChangeBatch.PositionTooOld(ChangePosition oldest) -> {
                        keptSince = oldest.index();
                        isAtBegin = true;
                        position = oldest;
                    }
                    case ChangeBatch.Changes batch when batch.changes().isEmpty() -> position = end;
                    case ChangeBatch.Changes batch -> {
                        batch.changes().stream()
                                .filter(change -> change.position().compareTo(end) < 0 && isWanted(change))
                                .forEach(change -> keep(newest, change));
                        position = batch.next();
                    }
                }
            }
            newest.descendingIterator().forEachRemaining(found::add);
        }

        private void keep(Deque<Change> newest, Change change) {
            if (newest.size() == limit - found.size()) {
                newest.removeFirst();
            }
            newest.addLast(change);
        }

        private boolean isWanted(Change change) {
            return catalogs.contains(change.catalog()) && (wanted.isEmpty() || json(change, changes.codec())
                    .filter(json -> json.encode().toLowerCase(Locale.ROOT).contains(wanted))
                    .isPresent());
        }
    }

    /// A change as watches tell of it; empty if it is of a catalog that this version does not know.
    public static Optional<JsonObject> json(Change change, RecordCodec codec) {
        return GridCatalogs.byName(change.catalog()).map(catalog -> json(catalog, change, codec));
    }

    private static <K> JsonObject json(Catalog<K, ?> catalog, Change change, RecordCodec codec) {
        String key = catalog.keyForm().print(catalog.keyForm().decode(change.key()));
        JsonObject json = new JsonObject().put("catalog", catalog.name()).put("key", key)
                .put("version", change.version());
        byte[] stored = change.stored();
        return stored == null
                ? json.put("removed", true)
                : json.put("record", RecordJson.item(
                        key, change.version(), catalog.decode(change.key(), stored, codec).value()));
    }

    /// What a caller writes as a position.
    public static ChangePosition position(String text) {
        try {
            return ChangePosition.parse(text);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("invalid-position", "a position is the id of an event").exception();
        }
    }

    /// The catalogs that the caller asks for, or all that it may read.
    public static Set<String> readable(ApiCall call) {
        Set<String> asked = new HashSet<>(call.queryValues("catalog"));
        Set<String> readable = new HashSet<>();
        for (Catalog<?, ?> catalog : GridCatalogs.ALL) {
            boolean isAsked = asked.isEmpty() || asked.contains(catalog.name());
            Optional<Role> reader = CatalogResource.reader(catalog);
            if (isAsked && reader.filter(call.principal()::mayActAs).isPresent()) {
                readable.add(catalog.name());
            } else if (asked.contains(catalog.name())) {
                throw CatalogResource.forbidden(reader.orElse(Role.ADMIN)).exception();
            }
        }
        if (asked.stream().anyMatch(name -> GridCatalogs.byName(name).isEmpty())) {
            throw Problem.notFound("no such catalog; GET /v1/catalogs lists them").exception();
        }
        return readable;
    }
}
