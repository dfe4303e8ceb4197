package io.holdfast.node.http.resource;

import io.holdfast.consensus.Leadership;
import io.holdfast.consensus.log.LedgerStatus;
import io.holdfast.gridstate.catalog.Page;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.cluster.ClusterCatalogs;
import io.holdfast.gridstate.cluster.ClusterEntry;
import io.holdfast.gridstate.cluster.NodeEntry;
import io.holdfast.node.http.exchange.ApiCall;
import io.holdfast.node.http.json.RecordJson;
import io.holdfast.node.http.port.CatalogReads;
import io.holdfast.node.http.port.Consistency;
import io.holdfast.node.http.port.StatusSource;
import io.holdfast.node.http.port.StatusSource.NodeReport;
import io.holdfast.node.peerlink.PeerLinkStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How the cluster is, as JSON: what the catalog has of each node, and what those report that answer.
final class StatusJson {
    /// An ops page rather shows a node as silent than waits for it.
    private static final Duration PATIENCE = Duration.ofMillis(800);

    /// What is told of a node's links.
    enum Links {
        ALL,
        COUNTED
    }

    /// What nodes answered.
    ///
    /// @param here this node's
    record Reports(NodeReport here, Map<String, NodeReport> byNode) {}

    private StatusJson() {}

    /// Asks the nodes how they are, or one alone beside this one.
    static Reports ask(StatusSource source, Optional<String> only, ApiCall call) {
        Duration patience = PATIENCE.compareTo(call.remaining()) < 0 ? PATIENCE : call.remaining();
        NodeReport here = source.here();
        Map<String, NodeReport> reports = new LinkedHashMap<>();
        if (only.isEmpty()) {
            source.others(patience).forEach(report -> reports.put(report.node(), report));
        } else if (!only.get().equals(here.node())) {
            source.other(only.get(), patience).ifPresent(report -> reports.put(report.node(), report));
        }
        reports.put(here.node(), here);
        return new Reports(here, reports);
    }

    static JsonObject of(Reports reports, CatalogReads reads, Optional<String> only, Links links) {
        NodeReport here = reports.here();
        CatalogReads.Answer<Page<String, NodeEntry>> nodes = reads.page(
                ClusterCatalogs.NODES, Page.Request.first(Page.LIMIT_MAX), List.of(),
                new Consistency.Local());
        JsonObject body = new JsonObject()
                .put("answeredBy", here.node())
                .put("index", nodes.index())
                .put("stale", nodes.isStale());
        reads.get(ClusterCatalogs.CLUSTER, ClusterEntry.KEY, new Consistency.Local())
                .value()
                .ifPresent(cluster -> body.put("cluster", RecordJson.object(cluster.value())));
        putLeadership(body, here);
        here.grid().ifPresent(grid -> body.put("grid", RecordJson.object(grid)));
        JsonArray array = new JsonArray();
        nodes.value().entries().stream()
                .filter(node -> only.isEmpty() || node.key().equals(only.get()))
                .forEach(node -> array.add(node(node, reports.byNode().get(node.key()), links)));
        return body.put("nodes", array);
    }

    private static void putLeadership(JsonObject body, NodeReport here) {
        if (here.ledgers().isEmpty()) {
            return;
        }
        LedgerStatus first = here.ledgers().getFirst();
        Leadership leadership = first.leadership();
        body.put("term", leadership.term().value());
        leadership.leader().ifPresent(leader -> body.put("leader", leader.value()));
    }

    private static JsonObject node(
            Versioned<String, NodeEntry> entry, @Nullable NodeReport report, Links links) {
        NodeEntry value = entry.value();
        JsonObject node = new JsonObject()
                .put("name", entry.key())
                .put("version", entry.version())
                .put("state", value.state().label())
                .put("zone", value.description().zone())
                .put("addresses", RecordJson.value(value.description().addresses()))
                .put("certificateNotAfterMillis", RecordJson.value(value.certificate().notAfterMillis()))
                .put("answers", report != null);
        if (report != null) {
            JsonObject told = RecordJson.object(report);
            if (links == Links.COUNTED) {
                told.remove("links");
                told.put("linkCount", report.links().size())
                        .put("linksUp", report.links().stream()
                                .filter(link -> link.state() == PeerLinkStatus.State.UP)
                                .count());
            }
            node.put("report", told);
        }
        return node;
    }
}
