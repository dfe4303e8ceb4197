package io.holdfast.gridstate;

import io.holdfast.gridstate.access.AccessCatalogs;
import io.holdfast.gridstate.audit.AuditCatalogs;
import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.chunkmap.ChunkCatalogs;
import io.holdfast.gridstate.cluster.ClusterCatalogs;
import io.holdfast.gridstate.image.ImageCatalogs;
import io.holdfast.gridstate.layer.LayerCatalogs;
import io.holdfast.gridstate.lease.LeaseCatalogs;
import io.holdfast.gridstate.operation.OperationCatalogs;
import io.holdfast.gridstate.placement.PlacementCatalogs;
import io.holdfast.gridstate.rollout.RolloutCatalogs;
import io.holdfast.gridstate.setting.SettingCatalogs;
import io.holdfast.gridstate.snapshot.SnapshotCatalogs;
import io.holdfast.gridstate.volume.VolumeCatalogs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// All catalogs there are. Immutable.
public final class GridCatalogs {
    public static final List<Catalog<?, ?>> ALL = List.of(
            SnapshotCatalogs.SNAPSHOTS,
            SnapshotCatalogs.APPLICATIONS,
            SnapshotCatalogs.TENANTS,
            SnapshotCatalogs.MAKERS,
            PlacementCatalogs.PLACEMENTS,
            LayerCatalogs.LAYERS,
            LayerCatalogs.HOLDERS,
            ImageCatalogs.IMAGES,
            ChunkCatalogs.STREAMS,
            ChunkCatalogs.CHUNKS,
            RolloutCatalogs.OBJECTS,
            RolloutCatalogs.GENERATIONS,
            RolloutCatalogs.INSTANCES,
            RolloutCatalogs.LINKS,
            RolloutCatalogs.ROLLOUTS,
            ClusterCatalogs.CLUSTER,
            ClusterCatalogs.NODES,
            ClusterCatalogs.JOIN_TOKENS,
            AccessCatalogs.USERS,
            AccessCatalogs.USER_TOKENS,
            AccessCatalogs.TOKEN_HASHES,
            LeaseCatalogs.LEASES,
            OperationCatalogs.OPERATIONS,
            AuditCatalogs.AUDIT,
            AuditCatalogs.REFUSALS,
            SettingCatalogs.SETTINGS,
            VolumeCatalogs.VOLUMES,
            VolumeCatalogs.SNAPSHOTS,
            VolumeCatalogs.RECLAIMS);

    private static final Map<String, Catalog<?, ?>> BY_NAME =
            ALL.stream().collect(Collectors.toUnmodifiableMap(Catalog::name, Function.identity()));

    private GridCatalogs() {}

    public static Optional<Catalog<?, ?>> byName(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }
}
