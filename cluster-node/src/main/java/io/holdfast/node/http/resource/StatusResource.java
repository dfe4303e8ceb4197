package io.holdfast.node.http.resource;

import io.holdfast.consensus.Leadership;
import io.holdfast.consensus.log.LedgerStatus;
import io.holdfast.gridstate.catalog.Page;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.cluster.ClusterCatalogs;
import io.holdfast.gridstate.cluster.ClusterEntry;
import io.holdfast.gridstate.cluster.NodeEntry;
import io.holdfast.node.http.exchange.ApiCall;
import io.holdfast.node.http.exchange.ApiHandler;
import io.holdfast.node.http.exchange.ApiReply;
import io.holdfast.node.http.exchange.Problem;
import io.holdfast.node.http.json.RecordJson;
import io.holdfast.node.http.port.CatalogReads;
import io.holdfast.node.http.port.Consistency;
import io.holdfast.node.http.port.StatusSource;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Health, readiness, metrics, and the one page that shows how the whole cluster is. Concurrent.
public final class StatusResource {
    /// An ops page rather shows a node as silent than waits for it.
    private static final Duration PATIENCE = Duration.ofMillis(800);

    private final StatusSource source;
    private final CatalogReads reads;
    private final Supplier<String> metrics;

    /// @param metrics the metrics in Prometheus' text form
    public StatusResource(StatusSource source, CatalogReads reads, Supplier<String> metrics) {
        this.source = source;
        this.reads = reads;
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
        handlers.put("getNodeStatus", _ -> ApiReply.ok(RecordJson.object(source.here())));
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

    private ApiReply status(ApiCall call) {
        Duration patience = PATIENCE.compareTo(call.remaining()) < 0 ? PATIENCE : call.remaining();
        StatusSource.NodeReport here = source.here();
        Map<String, StatusSource.NodeReport> reports = new LinkedHashMap<>();
        source.others(patience).forEach(report -> reports.put(report.node(), report));
        reports.put(here.node(), here);
        CatalogReads.Answer<Page<String, NodeEntry>> nodes =
                reads.page(
                        ClusterCatalogs.NODES,
                        Page.Request.first(Page.LIMIT_MAX),
                        java.util.List.of(),
                        new Consistency.Local());
        JsonObject body =
                new JsonObject()
                        .put("answeredBy", here.node())
                        .put("index", nodes.index())
                        .put("stale", nodes.isStale());
        reads.get(ClusterCatalogs.CLUSTER, ClusterEntry.KEY, new Consistency.Local())
                .value()
                .ifPresent(cluster -> body.put("cluster", RecordJson.object(cluster.value())));
        putLeadership(body, here);
        here.grid().ifPresent(grid -> body.put("grid", RecordJson.object(grid)));
        JsonArray array = new JsonArray();
        nodes.value().entries().forEach(node -> array.add(node(node, reports.get(node.key()))));
        return ApiReply.ok(body.put("nodes", array)).withIndex(nodes.index());
    }

    private static void putLeadership(JsonObject body, StatusSource.NodeReport here) {
        if (here.ledgers().isEmpty()) {
            return;
        }
        LedgerStatus first = here.ledgers().getFirst();
        Leadership leadership = first.leadership();
        body.put("term", leadership.term().value());
        leadership.leader().ifPresent(leader -> body.put("leader", leader.value()));
    }

    private static JsonObject node(
            Versioned<String, NodeEntry> entry,
            StatusSource.@org.jspecify.annotations.Nullable NodeReport report) {
        JsonObject node =
                new JsonObject()
                        .put("name", entry.key())
                        .put("version", entry.version())
                        .put("state", entry.value().state().label())
                        .put("zone", entry.value().description().zone())
                        .put("addresses", RecordJson.value(entry.value().description().addresses()))
                        .put("answers", report != null);
        if (report != null) {
            node.put("report", RecordJson.object(report));
        }
        return node;
    }
}
