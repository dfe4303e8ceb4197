package io.holdfast.node.membership;

import io.holdfast.gridstate.catalog.CatalogReader;
import io.holdfast.gridstate.catalog.Page;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.cluster.ClusterCatalogs;
import io.holdfast.gridstate.cluster.ClusterEntry;
import io.holdfast.gridstate.cluster.NodeCertificate;
import io.holdfast.gridstate.cluster.NodeEntry;
import io.holdfast.node.identity.Admission;
import io.holdfast.node.identity.ClusterCertificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/// The cluster's nodes as this node's own ledger has them, kept in memory because every handshake asks.
/// Concurrent: one immutable picture, replaced as a whole.
///
/// A ledger that holds no nodes yet (a founder's, or a joiner's that has not caught up) lets in everybody
/// whom the cluster's authority has signed for.
public final class NodeRoster implements Admission {
    private final InstantSource clock;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final String self;
    private final Supplier<String> serial;
    private volatile Picture picture = new Picture(Optional.empty(), Map.of());

    /// The nodes at one moment.
    ///
    /// @param cluster the cluster, once it has been founded
    /// @param nodes by name, evicted ones included
    public record Picture(Optional<ClusterEntry> cluster, Map<String, NodeEntry> nodes) {
        public Picture {
            nodes = Map.copyOf(nodes);
        }

        /// Those that are not evicted, in the order of their names.
        public Map<String, NodeEntry> members() {
            Map<String, NodeEntry> members = new TreeMap<>(nodes);
            members.values().removeIf(NodeEntry::isEvicted);
            return members;
        }
    }

    /// @param self this node's name
    /// @param serial of this node's certificate in use
    public NodeRoster(InstantSource clock, String self, Supplier<String> serial) {
        this.clock = clock;
        this.self = self;
        this.serial = serial;
    }

    public Picture picture() {
        return picture;
    }

    /// Called after each change of the picture, on the thread that refreshed it.
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /// Reads the nodes anew.
    public void refresh(CatalogReader reader) {
        Map<String, NodeEntry> nodes = new TreeMap<>();
        Page.Request request = Page.Request.first(Page.LIMIT_MAX);
        boolean isLast = false;
        while (!isLast) {
            Page<String, NodeEntry> page = reader.page(ClusterCatalogs.NODES, request);
            page.entries().forEach(node -> nodes.put(node.key(), node.value()));
            isLast = page.next().isEmpty();
            request = page.next().map(request::after).orElse(request);
        }
        show(new Picture(reader.get(ClusterCatalogs.CLUSTER, ClusterEntry.KEY).map(Versioned::value), nodes));
    }

    /// Replaces the picture; listeners hear of it if it differs.
    void show(Picture next) {
        if (!next.equals(picture)) {
            picture = next;
            listeners.forEach(Runnable::run);
        }
    }

    /// Whether the node may be in the grid and on the wire. What this node knows of itself may be older than
    /// its joining, as long as it reads the log: then it is not known, or evicted from an earlier time.
    public boolean isMember(String node) {
        Picture now = picture;
        if (node.equals(self)) {
            return !isSelfEvicted();
        }
        NodeEntry entry = now.nodes().get(node);
        return now.nodes().isEmpty() || (entry != null && !entry.isEvicted());
    }

    /// Whether this node is evicted, with the certificate that it shows: one that joined again under its
    /// former name has another.
    public boolean isSelfEvicted() {
        NodeEntry entry = picture.nodes().get(self);
        if (entry == null || !entry.isEvicted()) {
            return false;
        }
        String shown = serial.get();
        return entry.certificate().serial().equals(shown)
                || entry.certificateBefore().map(NodeCertificate::serial).filter(shown::equals).isPresent();
    }

    @Override
    public Optional<String> refusal(ClusterCertificate certificate) {
        Picture now = picture;
        if (certificate.kind() != ClusterCertificate.Kind.NODE || now.nodes().isEmpty()) {
            return Optional.empty();
        }
        NodeEntry entry = now.nodes().get(certificate.name());
        if (entry == null) {
            return Optional.of("the ledger knows no such node: node=" + certificate.name());
        }
        if (entry.isEvicted()) {
            return Optional.of("the node is evicted: node=" + certificate.name());
        }
        return isRegistered(entry, certificate.serialText())
                ? Optional.empty()
                : Optional.of("the node has been given another certificate: node=" + certificate.name()
                        + " serial=" + certificate.serialText());
    }

    private boolean isRegistered(NodeEntry entry, String serial) {
        long now = clock.millis();
        return entry.certificate().serial().equals(serial)
                || entry.certificateBefore()
                        .filter(before -> before.notAfterMillis() > now)
                        .map(NodeCertificate::serial)
                        .filter(serial::equals)
                        .isPresent();
    }
}
