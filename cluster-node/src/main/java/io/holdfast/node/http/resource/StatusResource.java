package io.holdfast.node.http.resource;

import io.holdfast.node.http.exchange.ApiCall;
import io.holdfast.node.http.exchange.ApiHandler;
import io.holdfast.node.http.exchange.ApiReply;
import io.holdfast.node.http.exchange.Problem;
import io.holdfast.node.http.json.RecordJson;
import io.holdfast.node.http.port.CatalogReads;
import io.holdfast.node.http.port.StatusSource;
import io.holdfast.node.http.port.StorageView;
import io.holdfast.node.http.port.TrendView;
import io.holdfast.node.http.port.TroubleView;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Health, readiness, metrics, and the one page that shows how the whole cluster is. Concurrent.
public final class StatusResource {
    private static final Duration TRENDS_PATIENCE = Duration.ofMillis(800);

    private final StatusSource source;
    private final CatalogReads reads;
    private final StorageView storage;
    private final TroubleView troubles;
    private final TrendView trends;
    private final Supplier<String> metrics;

    /// @param metrics the metrics in Prometheus' text form
    public StatusResource(
            StatusSource source,
            CatalogReads reads,
            StorageView storage,
            TroubleView troubles,
            TrendView trends,
            Supplier<String> metrics) {
        this.source = source;
        this.reads = reads;
        this.storage = storage;
        this.troubles = troubles;
        this.trends = trends;
        this.metrics = metrics;
    }

    public void register(Map<String, ApiHandler> handlers) {
        handlers.put("getLiveness", _ -> liveness());
        handlers.put("getReadiness", _ -> readiness());
        handlers.put(
                "getMetrics",
                _ ->
                        ApiReply.of(
                                200,
                                "text/plain; version=0.0.4; charset=utf-8",
                                Buffer.buffer(metrics.get())));
        handlers.put("getStatus", this::status);
        handlers.put("getOverview", this::overview);
        handlers.put("getTrends", this::trends);
        handlers.put("getNodeStatus", _ -> ApiReply.ok(RecordJson.object(source.here())));
    }

    private ApiReply trends(ApiCall call) {
        Duration left = call.remaining();
        Duration patience = TRENDS_PATIENCE.compareTo(left) < 0 ? TRENDS_PATIENCE : left;
        return ApiReply.ok(RecordJson.object(trends.trends(patience)));
    }

    private ApiReply liveness() {
        if (!source.isAlive()) {
            throw new Problem(503, "not-alive", "the node does not do its work", "its log says why")
                    .exception();
        }
        return ApiReply.ok(new JsonObject().put("status", "alive"));
    }

    private ApiReply readiness() {
        Optional<String> reason = source.unreadyReason();
        if (reason.isPresent()) {
            throw new Problem(
                            503,
                            "not-ready",
                            reason.get(),
                            "GET /v1/status shows each state machine")
                    .retryAfter(Duration.ofSeconds(1))
                    .exception();
        }
        return ApiReply.ok(new JsonObject().put("status", "ready"));
    }

    /// With `node`, only that one is asked and told of: a page about one of a hundred needs no other.
    private ApiReply status(ApiCall call) {
        Optional<String> only = call.queryValue("node");
        StatusJson.Reports reports = StatusJson.ask(source, only, call);
        JsonObject body = StatusJson.of(reports, reads, only, StatusJson.Links.ALL);
        return ApiReply.ok(body).withIndex(body.getLong("index"));
    }

    /// What the pages of people begin with, in one call: how the nodes are, the ways between them, what is
    /// stored, and what is in trouble.
    private ApiReply overview(ApiCall call) {
        StatusJson.Reports reports = StatusJson.ask(source, Optional.empty(), call);
        JsonObject body = StatusJson.of(reports, reads, Optional.empty(), StatusJson.Links.COUNTED);
        Map<String, String> zones = new HashMap<>();
        for (int i = 0; i < body.getJsonArray("nodes").size(); i++) {
            JsonObject node = body.getJsonArray("nodes").getJsonObject(i);
            if (!node.getString("state").equals("evicted")) {
                zones.put(node.getString("name"), node.getString("zone"));
            }
        }
        body.put("ways", WaysJson.of(zones, reports.byNode()))
                .put("storage", RecordJson.object(storage.survey()))
                .put("troubles", RecordJson.object(troubles.troubles()));
        return ApiReply.ok(body).withIndex(body.getLong("index"));
    }
}
