package io.holdfast.node.http.resource;

import static io.holdfast.gridstate.access.Role.ADMIN;
import static io.holdfast.gridstate.access.Role.OPERATOR;
import static io.holdfast.gridstate.access.Role.VIEWER;

import io.holdfast.gridstate.GridCatalogs;
import io.holdfast.gridstate.access.AccessCatalogs;
import io.holdfast.gridstate.access.Role;
import io.holdfast.gridstate.audit.AuditCatalogs;
import io.holdfast.gridstate.catalog.Attribute;
import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.chunkmap.ChunkCatalogs;
import io.holdfast.gridstate.cluster.ClusterCatalogs;
import io.holdfast.gridstate.cluster.ClusterEntry;
import io.holdfast.gridstate.image.ImageCatalogs;
import io.holdfast.gridstate.layer.LayerCatalogs;
import io.holdfast.gridstate.lease.LeaseCatalogs;
import io.holdfast.gridstate.operation.OperationCatalogs;
import io.holdfast.gridstate.rollout.RolloutCatalogs;
import io.holdfast.gridstate.setting.SettingCatalogs;
import io.holdfast.gridstate.snapshot.SnapshotCatalogs;
import io.holdfast.node.http.exchange.ApiCall;
import io.holdfast.node.http.exchange.ApiHandler;
import io.holdfast.node.http.exchange.ApiReply;
import io.holdfast.node.http.exchange.Problem;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Reads of every catalog, by name and as resources of their own. Concurrent.
public final class CatalogResource {
    /// Who may read a catalog, where it is not every viewer. Links are unguessable rights of their
    /// own; hashes of tokens are nobody's business.
    private static final Map<String, Role> READERS =
            Map.of(
                    AccessCatalogs.USERS.name(), ADMIN,
                    AccessCatalogs.USER_TOKENS.name(), ADMIN,
                    ClusterCatalogs.JOIN_TOKENS.name(), ADMIN,
                    AuditCatalogs.AUDIT.name(), ADMIN,
                    AuditCatalogs.REFUSALS.name(), ADMIN,
                    RolloutCatalogs.LINKS.name(), OPERATOR,
                    RolloutCatalogs.INSTANCES.name(), OPERATOR);

    private final Reads reads;

    public CatalogResource(Reads reads) {
        this.reads = reads;
    }

    /// Who may read a catalog; empty for nobody.
    public static Optional<Role> reader(Catalog<?, ?> catalog) {
        return catalog.equals(AccessCatalogs.TOKEN_HASHES)
                ? Optional.empty()
                : Optional.of(READERS.getOrDefault(catalog.name(), VIEWER));
    }

    public void register(Map<String, ApiHandler> handlers) {
        handlers.put("listCatalogs", CatalogResource::catalogs);
        handlers.put("listRecords", call -> reads.page(call, readable(call)));
        handlers.put("getRecord", call -> reads.get(call, readable(call), call.pathValue("key")));
        handlers.put(
                "getCluster", call -> reads.get(call, ClusterCatalogs.CLUSTER, ClusterEntry.KEY));
        one(handlers, "Node", "node", ClusterCatalogs.NODES);
        one(handlers, "Layer", "digest", LayerCatalogs.LAYERS);
        one(handlers, "Image", "image", ImageCatalogs.IMAGES);
        one(handlers, "Chunk", "chunk", ChunkCatalogs.CHUNKS);
        one(handlers, "Stream", "stream", ChunkCatalogs.STREAMS);
        one(handlers, "Object", "object", RolloutCatalogs.OBJECTS);
        one(handlers, "Rollout", "rollout", RolloutCatalogs.ROLLOUTS);
        one(handlers, "Lease", "lease", LeaseCatalogs.LEASES);
        one(handlers, "Setting", "setting", SettingCatalogs.SETTINGS);
        one(handlers, "Operation", "operation", OperationCatalogs.OPERATIONS);
        one(handlers, "User", "user", AccessCatalogs.USERS);
        one(handlers, "Tenant", "tenant", SnapshotCatalogs.TENANTS);
        handlers.put("listJoinTokens", call -> reads.page(call, ClusterCatalogs.JOIN_TOKENS));
        handlers.put("listAudit", call -> reads.page(call, AuditCatalogs.AUDIT));
        handlers.put("listRefusals", call -> reads.page(call, AuditCatalogs.REFUSALS));
        one(handlers, "Snapshot", "snapshot", SnapshotCatalogs.SNAPSHOTS);
        one(handlers, "Application", "application", SnapshotCatalogs.APPLICATIONS);
        handlers.put(
                "listInstances",
                call ->
                        reads.page(
                                call, RolloutCatalogs.INSTANCES, call.pathValue("object") + "/"));
        handlers.put(
                "listGenerations",
                call ->
                        reads.page(
                                call, RolloutCatalogs.GENERATIONS, call.pathValue("object") + "/"));
        handlers.put(
                "listUserTokens",
                call -> reads.page(call, AccessCatalogs.USER_TOKENS, call.pathValue("user") + "/"));
        handlers.put(
                "listHolders",
                call -> reads.page(call, LayerCatalogs.HOLDERS, call.pathValue("digest") + "/"));
    }

    private void one(
            Map<String, ApiHandler> handlers,
            String noun,
            String variable,
            Catalog<?, ?> catalog) {
        handlers.put("list" + noun + "s", call -> reads.page(call, catalog));
        handlers.put("get" + noun, call -> reads.get(call, catalog, call.pathValue(variable)));
    }

    static Catalog<?, ?> readable(ApiCall call) {
        String name = call.pathValue("catalog");
        Catalog<?, ?> catalog =
                GridCatalogs.byName(name)
                        .filter(known -> reader(known).isPresent())
                        .orElseThrow(
                                () ->
                                        Problem.notFound(
                                                        "no such catalog; GET /v1/catalogs lists them")
                                                .exception());
        Role needed = reader(catalog).orElse(ADMIN);
        if (!call.principal().mayActAs(needed)) {
            throw forbidden(needed).exception();
        }
        return catalog;
    }

    /// What a caller hears whose role is too small.
    public static Problem forbidden(Role needed) {
        return new Problem(
                403,
                "forbidden",
                "the call needs the role " + needed.name().toLowerCase(Locale.ROOT),
                "an admin can change roles: holdfast user set-role");
    }

    private static ApiReply catalogs(ApiCall call) {
        JsonArray items = new JsonArray();
        for (Catalog<?, ?> catalog : GridCatalogs.ALL) {
            if (reader(catalog).filter(call.principal()::mayActAs).isPresent()) {
                JsonArray attributes = new JsonArray();
                for (Attribute<?> attribute : catalog.attributes()) {
                    attributes.add(
                            new JsonObject()
                                    .put("name", attribute.name())
                                    .put("kind", attribute.kind().name().toLowerCase(Locale.ROOT)));
                }
                items.add(
                        new JsonObject().put("name", catalog.name()).put("attributes", attributes));
            }
        }
        return ApiReply.ok(new JsonObject().put("items", items));
    }
}
