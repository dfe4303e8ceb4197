package io.holdfast.node.app;

import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.catalog.CatalogReader;
import io.holdfast.gridstate.catalog.Page;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.cluster.ClusterCatalogs;
import io.holdfast.gridstate.cluster.NodeEntry;
import io.holdfast.gridstate.lease.LeaseCatalogs;
import io.holdfast.gridstate.placement.PlacementCatalogs;
import io.holdfast.gridstate.placement.PlacementEntry;
import io.holdfast.gridstate.placement.PlacementKey;
import io.holdfast.gridstate.snapshot.ApplicationEntry;
import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.gridstate.snapshot.SnapshotCatalogs;
import io.holdfast.gridstate.snapshot.SnapshotEntry;
import io.holdfast.gridstate.snapshot.SnapshotKey;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// What the catalogs say about applications, out of this node's own copy. As concurrent as that.
public final class AppCatalog {
    private final CatalogReader reader;
    private final InstantSource clock;

    public AppCatalog(CatalogReader reader, InstantSource clock) {
        this.reader = reader;
        this.clock = clock;
    }

    public Optional<ApplicationEntry> application(ApplicationKey key) {
        return reader.get(SnapshotCatalogs.APPLICATIONS, key).map(Versioned::value);
    }

    /// Every application; hands them on page by page.
    public void applications(Consumer<Versioned<ApplicationKey, ApplicationEntry>> receiver) {
        each(SnapshotCatalogs.APPLICATIONS, "", receiver);
    }

    public Optional<PlacementEntry> placement(PlacementKey key) {
        return reader.get(PlacementCatalogs.PLACEMENTS, key).map(Versioned::value);
    }

    /// The slots of an application that are claimed.
    public List<Versioned<PlacementKey, PlacementEntry>> placements(ApplicationKey key) {
        List<Versioned<PlacementKey, PlacementEntry>> all = new ArrayList<>();
        each(PlacementCatalogs.PLACEMENTS, key + "/", all::add);
        return all;
    }

    /// Every slot that is claimed.
    public List<Versioned<PlacementKey, PlacementEntry>> placements() {
        List<Versioned<PlacementKey, PlacementEntry>> all = new ArrayList<>();
        each(PlacementCatalogs.PLACEMENTS, "", all::add);
        return all;
    }

    /// Whether a claim seems to be good still, by the ledger's time as this host knows it.
    public boolean seemsHeld(PlacementEntry placement) {
        return reader.get(LeaseCatalogs.LEASES, PlacementEntry.leaseOf(placement.node()))
                .filter(lease -> lease.value().token().equals(placement.host())
                        && lease.value().isHeldAt(clock.millis()))
                .isPresent();
    }

    public Optional<SnapshotEntry> snapshot(SnapshotKey key) {
        return reader.get(SnapshotCatalogs.SNAPSHOTS, key).map(Versioned::value);
    }

    public List<Versioned<SnapshotKey, SnapshotEntry>> snapshots(ApplicationKey key) {
        List<Versioned<SnapshotKey, SnapshotEntry>> all = new ArrayList<>();
        each(SnapshotCatalogs.SNAPSHOTS, key + "/", all::add);
        return all;
    }

    /// Every snapshot; hands them on page by page.
    public void snapshots(Consumer<Versioned<SnapshotKey, SnapshotEntry>> receiver) {
        each(SnapshotCatalogs.SNAPSHOTS, "", receiver);
    }

    /// The names of nodes with these numbers, sorted.
    List<String> nodeNames(Set<Integer> numbers) {
        List<String> names = new ArrayList<>();
        this.<String, NodeEntry>each(ClusterCatalogs.NODES, "", node -> {
            if (numbers.contains(node.value().number())) {
                names.add(node.key());
            }
        });
        return names;
    }

    private <K, R> void each(Catalog<K, R> catalog, String prefix, Consumer<Versioned<K, R>> receiver) {
        Page.Request request = Page.Request.first(Page.LIMIT_MAX).withPrefix(prefix);
        boolean isLast = false;
        while (!isLast) {
            Page<K, R> page = reader.page(catalog, request);
            page.entries().forEach(receiver);
            isLast = page.next().isEmpty();
            request = page.next().map(request::after).orElse(request);
        }
    }
}
