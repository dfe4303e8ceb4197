package io.holdfast.node.http.resource;

import io.holdfast.gridstate.command.LayerCommand;
import io.holdfast.gridstate.command.SnapshotCommand;
import io.holdfast.gridstate.layer.LayerCatalogs;
import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.gridstate.snapshot.SnapshotCatalogs;
import io.holdfast.gridstate.snapshot.SnapshotKey;
import io.holdfast.node.http.exchange.ApiCall;
import io.holdfast.node.http.exchange.ApiHandler;

import java.util.Map;

/// Changes of the snapshot catalog and the layer registry. Concurrent.
public final class SnapshotResource {
    private final Changes changes;

    public SnapshotResource(Changes changes) {
        this.changes = changes;
    }

    public void register(Map<String, ApiHandler> handlers) {
        handlers.put(
                "deleteSnapshot",
                call ->
                        changes.apply(
                                call, new SnapshotCommand.Delete(snapshot(call), call.expected())));
        handlers.put(
                "condemnSnapshot",
                call ->
                        changes.apply(
                                call,
                                new SnapshotCommand.Condemn(
                                        snapshot(call),
                                        ClusterResource.reason(call),
                                        call.expected())));
        handlers.put(
                "setProtection",
                call ->
                        changes.apply(
                                call,
                                new SnapshotCommand.SetProtection(
                                        snapshot(call),
                                        call.body().getBoolean("protected"),
                                        call.expected())));
        registerBounds(handlers);
    }

    private void registerBounds(Map<String, ApiHandler> handlers) {
        handlers.put(
                "setRetention",
                call ->
                        changes.apply(
                                call,
                                new SnapshotCommand.SetRetention(
                                        application(call),
                                        call.body().getInteger("keepCount"),
                                        call.body().getLong("keepMillis", Long.MAX_VALUE),
                                        call.expected())));
        handlers.put(
                "pruneApplication",
                call ->
                        changes.apply(
                                call,
                                new SnapshotCommand.Prune(
                                        application(call),
                                        call.body()
                                                .getInteger(
                                                        "limit",
                                                        SnapshotCommand.Prune.LIMIT_MAX))));
        handlers.put(
                "setQuota",
                call ->
                        changes.apply(
                                call,
                                new SnapshotCommand.SetQuota(
                                        call.pathValue("tenant"),
                                        call.body().getLong("quotaBytes"),
                                        call.expected())));
        handlers.put(
                "reclaimLayer",
                call ->
                        changes.apply(
                                call,
                                new LayerCommand.MarkReclaimable(
                                        Reads.key(
                                                LayerCatalogs.LAYERS, call.pathValue("digest")))));
    }

    private static SnapshotKey snapshot(ApiCall call) {
        return Reads.key(SnapshotCatalogs.SNAPSHOTS, call.pathValue("snapshot"));
    }

    private static ApplicationKey application(ApiCall call) {
        return Reads.key(SnapshotCatalogs.APPLICATIONS, call.pathValue("application"));
    }
}
