package io.holdfast.node.http.resource;

import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.cluster.ClusterCatalogs;
import io.holdfast.gridstate.volume.VolumeCatalogs;
import io.holdfast.gridstate.volume.VolumeEntry;
import io.holdfast.node.http.exchange.ApiCall;
import io.holdfast.node.http.exchange.ApiHandler;
import io.holdfast.node.http.exchange.ApiReply;
import io.holdfast.node.http.json.RecordJson;
import io.holdfast.node.http.port.StorageView;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How what is stored is: disks, what is at risk, what volumes do, what hosts can. Concurrent.
public final class StorageResource {
    /// A page of people rather shows a node as silent than waits for it.
    private static final Duration PATIENCE = Duration.ofMillis(800);

    /// Programs are started on the other host.
    private static final Duration EXAMINE_PATIENCE = Duration.ofSeconds(10);

    private final Reads reads;
    private final StorageView storage;

    public StorageResource(Reads reads, StorageView storage) {
        this.reads = reads;
        this.storage = storage;
    }

    public void register(Map<String, ApiHandler> handlers) {
        handlers.put("getStorage", _ -> ApiReply.ok(RecordJson.object(storage.survey())));
        handlers.put("listVolumes", this::listVolumes);
        handlers.put("getVolumeFigures", this::figures);
        handlers.put("getVolumeFamily", this::family);
        handlers.put("examineNode", this::examine);
    }

    /// The cluster's own volumes are listed for whoever asks for their names.
    private ApiReply listVolumes(ApiCall call) {
        boolean isAskedFor = call.queryValue("prefix").filter(StorageResource::isSystem).isPresent();
        boolean hasFigures = call.queryValue("figures").filter("true"::equals).isPresent();
        return reads.page(
                call,
                VolumeCatalogs.VOLUMES,
                name -> isAskedFor || !isSystem(name),
                volumes -> hasFigures ? figures(call, volumes) : Map.of());
    }

    private static boolean isSystem(String volume) {
        return volume.startsWith(VolumeEntry.SYSTEM_PREFIX);
    }

    private Map<String, JsonObject> figures(ApiCall call, List<Versioned<String, VolumeEntry>> volumes) {
        Map<String, VolumeEntry> asked = new HashMap<>();
        volumes.forEach(volume -> asked.put(volume.key(), volume.value()));
        Map<String, JsonObject> found = new HashMap<>();
        storage.figures(asked, patience(call, PATIENCE))
                .forEach((name, figures) -> found.put(name,
                        new JsonObject().put("figures", RecordJson.object(figures))));
        return found;
    }

    private ApiReply figures(ApiCall call) {
        Versioned<String, VolumeEntry> volume =
                reads.existing(call, VolumeCatalogs.VOLUMES, call.pathValue("volume"));
        return ApiReply.ok(figures(call, List.of(volume))
                .getOrDefault(volume.key(), new JsonObject())
                .getJsonObject("figures", new JsonObject()));
    }

    private ApiReply family(ApiCall call) {
        VolumeEntry volume =
                reads.existing(call, VolumeCatalogs.VOLUMES, call.pathValue("volume")).value();
        return ApiReply.ok(RecordJson.object(storage.family(volume.family())));
    }

    private ApiReply examine(ApiCall call) {
        String node = reads.existing(call, ClusterCatalogs.NODES, call.pathValue("node")).key();
        JsonArray items = new JsonArray();
        storage.examine(node, patience(call, EXAMINE_PATIENCE))
                .forEach(finding -> items.add(RecordJson.object(finding)));
        return ApiReply.ok(new JsonObject().put("node", node).put("items", items));
    }

    private static Duration patience(ApiCall call, Duration most) {
        return most.compareTo(call.remaining()) < 0 ? most : call.remaining();
    }
}
