package io.holdfast.node.http.resource;

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
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.Semaphore;

/// What became of a record, out of the changes that this node still keeps. There is no index for that: each
/// look reads them all, some tenths of a second of work, so few look at a time. Concurrent.
public final class HistoryResource {
    /// Versions of one record that are told, the newest.
    static final int VERSIONS_MAX = 100;

    private static final int LOOKING_MAX = 2;
    private static final int BATCH_CHANGES = 10_000;

    private final ChangeSource changes;
    private final Semaphore looking = new Semaphore(LOOKING_MAX);

    public HistoryResource(ChangeSource changes) {
        this.changes = changes;
    }

    public void register(Map<String, ApiHandler> handlers) {
        handlers.put(
                "getRecordHistory",
                call -> history(call, CatalogResource.readable(call), call.pathValue("key")));
    }

    private <K> ApiReply history(ApiCall call, Catalog<K, ?> catalog, String keyText) {
        byte[] key = catalog.keyForm().encode(Reads.key(catalog, keyText));
        if (!looking.tryAcquire()) {
            throw new Problem(503, "busy", "others look at histories", "").retryAfter(Duration.ofSeconds(1))
                    .exception();
        }
        try {
            return answer(catalog, keyText, key, call);
        } finally {
            looking.release();
        }
    }

    private <K> ApiReply answer(Catalog<K, ?> catalog, String keyText, byte[] key, ApiCall call) {
        Deque<Change> found = new ArrayDeque<>();
        ChangePosition position = ChangePosition.ZERO;
        long since = 0;
        boolean isAtEnd = false;
        while (!isAtEnd) {
            var _ = call.remaining();
            switch (changes.read(position, BATCH_CHANGES)) {
                case ChangeBatch.PositionTooOld(ChangePosition oldest) -> {
                    since = oldest.index();
                    position = oldest;
                }
                case ChangeBatch.Changes batch -> {
                    batch.changes().stream()
                            .filter(change -> change.catalog().equals(catalog.name())
                                    && Arrays.equals(change.key(), key))
                            .forEach(change -> keep(found, change));
                    isAtEnd = batch.changes().isEmpty();
                    position = batch.next();
                }
            }
        }
        JsonArray items = new JsonArray();
        RecordCodec codec = changes.codec();
        for (Iterator<Change> newest = found.descendingIterator(); newest.hasNext(); ) {
            items.add(item(catalog, keyText, newest.next(), codec));
        }
        return ApiReply.ok(new JsonObject().put("items", items).put("keptSince", since));
    }

    private static void keep(Deque<Change> found, Change change) {
        if (found.size() == VERSIONS_MAX) {
            found.removeFirst();
        }
        found.addLast(change);
    }

    private static JsonObject item(Catalog<?, ?> catalog, String key, Change change, RecordCodec codec) {
        JsonObject item = new JsonObject()
                .put("index", change.position().index())
                .put("version", change.version());
        byte[] stored = change.stored();
        return stored == null
                ? item.put("removed", true)
                : item.put("record", RecordJson.item(
                        key, change.version(), catalog.decode(change.key(), stored, codec).value()));
    }
}
