package io.holdfast.node;

import io.holdfast.gridstate.hazelcast.publish.PublisherStatus;
import io.holdfast.gridstate.hazelcast.publish.RepairStatus;
import io.holdfast.gridstate.hazelcast.read.ReadStatus;
import io.holdfast.gridstate.hazelcast.served.ServedGridStatus;
import io.holdfast.node.app.AppHost;
import io.holdfast.node.fragment.LinkCounters;
import io.holdfast.node.http.ApiServer;
import io.holdfast.node.http.port.StatusSource.NodeReport;
import io.holdfast.node.metrics.NodeMetrics;
import io.holdfast.node.storage.DiskReport;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// What of the parts is shown as metrics. Everything is asked for when somebody looks.
final class Meters {
    private Meters() {}

    static void ofNode(NodeMetrics metrics, LedgerParts ledger, LinkParts links,
            Supplier<NodeReport> report) {
        metrics.ledger(ledger.log().group().value(), ledger.log()::status);
        metrics.machines(() -> report.get().machines().stream()
                .map(machine -> new NodeMetrics.MachineState(
                        machine.name(), machine.state(), machine.since()))
                .toList());
        metrics.counter(
                "holdfast.commands.retried",
                "attempts after the first to bring a command to the leader",
                () -> links.client().retryCount());
    }

    static void ofApi(NodeMetrics metrics, ApiServer api) {
        metrics.gauge("holdfast.api.connections", "open connections of the API", api::connectionCount);
        metrics.gauge("holdfast.api.watches", "open watches", api::watchCount);
        metrics.counter("holdfast.api.refused", "calls without the right they needed", api::refusedCount);
    }

    static void ofBlobs(NodeMetrics metrics, BlobParts blobs, AppParts apps) {
        metrics.counter("holdfast.blob.bytes.put", "bytes of blobs that this node stored in the cluster",
                () -> blobs.blobs().putBytes());
        metrics.counter("holdfast.blob.bytes.read", "bytes of blobs that were asked for on this node",
                () -> blobs.blobs().readBytes());
        metrics.gauge("holdfast.snapshot.sealed.bytes", "sealed snapshots kept on this host for a while",
                () -> apps.snapshots().cachedBytes());
        metrics.gauge("holdfast.snapshot.open.bytes", "snapshots in the clear on this host",
                () -> apps.snapshots().openBytes());
    }

    static void ofApps(NodeMetrics metrics, AppHost host) {
        metrics.gauge("holdfast.app.frozen.copies", "copies that stand still for starts to come",
                () -> host.frozen().size());
        metrics.gauge("holdfast.app.frozen.resident.bytes", "their memory, as if each had its own",
                () -> host.frozenMemory().residentBytes());
        metrics.gauge("holdfast.app.frozen.cost.bytes", "their memory, pages that several have counted once",
                () -> host.frozenMemory().proportionalBytes());
        metrics.gauge("holdfast.app.frozen.merged.bytes",
                "their memory that the kernel keeps once for several",
                () -> host.frozenMemory().mergedBytes());
    }

    static void ofImages(NodeMetrics metrics, ImageParts images) {
        metrics.counter("holdfast.image.bytes.imported", "bytes of images that this node brought in",
                () -> images.imports().bytes());
        metrics.gauge("holdfast.image.unpacked.bytes", "layers of images unpacked on this host",
                () -> images.roots().unpackedBytes());
    }

    static void ofVolumes(NodeMetrics metrics, VolumeParts volumes) {
        metrics.gauge("holdfast.disk.used.bytes", "space given to fragments on this node's disks",
                () -> volumes.disks().reports().stream().mapToLong(DiskReport::usedBytes).sum());
        metrics.gauge("holdfast.disk.free.bytes", "space that can still be given",
                () -> volumes.disks().reports().stream().mapToLong(DiskReport::freeBytes).sum());
        metrics.gauge("holdfast.disk.fragments", "fragments on this node's disks",
                () -> volumes.disks().reports().stream().mapToLong(DiskReport::fragments).sum());
        metrics.gauge("holdfast.disks.not.serving", "disks that take no fragments",
                () -> volumes.disks().reports().stream().filter(disk -> !disk.isServing()).count());
        metrics.counter("holdfast.scrub.bytes", "bytes read and verified",
                () -> volumes.scrubbers().bytesRead());
        metrics.counter("holdfast.scrub.damages", "strips found damaged",
                () -> volumes.scrubbers().damages());
        metrics.counter("holdfast.scrub.rounds", "times a disk was read whole",
                () -> volumes.scrubbers().roundsDone());
        metrics.gauge("holdfast.fragment.connections", "connections of other nodes to the data port",
                () -> volumes.server().connectionCount());
        metrics.counter("holdfast.fragment.requests", "requests for this node's fragments",
                () -> volumes.server().requestCount());
        metrics.counter("holdfast.fragment.refused", "requests that were refused",
                () -> volumes.server().refusedCount());
        metrics.counter("holdfast.fragment.bytes.in", "bytes of these requests",
                () -> volumes.server().bytesIn());
        metrics.counter("holdfast.fragment.bytes.out", "bytes of the answers",
                () -> volumes.server().bytesOut());
        LinkCounters links = volumes.links().counters();
        metrics.counter("holdfast.fragment.appends", "appends to other nodes", () -> links.appends().count());
        metrics.nanos("holdfast.fragment.append.time", "time that these took together",
                () -> links.appends().nanos());
        metrics.counter("holdfast.fragment.reads", "reads from other nodes", () -> links.reads().count());
        metrics.nanos("holdfast.fragment.read.time", "time that these took together",
                () -> links.reads().nanos());
        metrics.gauge("holdfast.volume.families", "families of volumes that this node serves",
                () -> volumes.families().openCount());
        metrics.gauge("holdfast.volume.stall.longest.millis",
                "the longest that something written took to be durable, of families served now",
                () -> volumes.families().longestStallMillis());
        metrics.gauge("holdfast.volume.former.profile.bytes",
                "data still to be moved to the profile set since, of families served now",
                () -> volumes.families().formerProfileBytes());
        metrics.counter("holdfast.nbd.requests", "requests of clients of volumes",
                () -> volumes.nbd().readCounters().requests());
        metrics.counter("holdfast.nbd.failed", "requests that failed",
                () -> volumes.nbd().readCounters().requestsFailed());
        metrics.counter("holdfast.nbd.bytes.read", "bytes read by clients",
                () -> volumes.nbd().readCounters().bytesRead());
        metrics.counter("holdfast.nbd.bytes.written", "bytes written by clients",
                () -> volumes.nbd().readCounters().bytesWritten());
    }

    static void ofGrid(NodeMetrics metrics, Supplier<Optional<GridParts>> grid) {
        GridMeters meters = new GridMeters(metrics, grid);
        meters.gauge("holdfast.grid.members", "members of the grid as this node sees it",
                s -> s.grid().members().size());
        meters.counter("holdfast.grid.refusals", "connections and joins turned away",
                s -> s.grid().refusals());
        meters.publisher("holdfast.grid.published", "entries sent into the grid", PublisherStatus::published);
        meters.publisher("holdfast.grid.batches", "batches sent into the grid", PublisherStatus::batches);
        meters.publisher("holdfast.grid.refills", "times the whole grid was filled",
                PublisherStatus::refills);
        meters.publisher("holdfast.grid.publish.failures", "batches tried again", PublisherStatus::failures);
        meters.repair("holdfast.grid.comparisons", "comparisons with the ledger", RepairStatus::comparisons);
        meters.repair("holdfast.grid.missing", "entries found missing and mended", s -> s.total().missing());
        meters.repair("holdfast.grid.stale", "entries found stale and mended", s -> s.total().stale());
        meters.repair("holdfast.grid.surplus", "entries found surplus and removed", s -> s.total().surplus());
        meters.reads("holdfast.grid.reads.held", "reads answered from this member's memory",
                ReadStatus::held);
        meters.reads("holdfast.grid.reads.fetched", "reads answered by another member", ReadStatus::fetched);
        meters.reads("holdfast.grid.reads.stored", "reads answered from the ledger's store",
                ReadStatus::stored);
    }

    /// Registers meters that read zero until the node is in the grid.
    private record GridMeters(NodeMetrics metrics, Supplier<Optional<GridParts>> grid) {
        void gauge(String name, String description, ToDoubleFunction<ServedGridStatus> value) {
            metrics.gauge(name, description, () -> read(value));
        }

        void counter(String name, String description, ToDoubleFunction<ServedGridStatus> value) {
            metrics.counter(name, description, () -> read(value));
        }

        void publisher(String name, String description, Function<PublisherStatus, Number> value) {
            counter(name, description, status -> value.apply(status.publisher()).doubleValue());
        }

        void repair(String name, String description, Function<RepairStatus, Number> value) {
            counter(name, description, status -> value.apply(status.repair()).doubleValue());
        }

        void reads(String name, String description, Function<ReadStatus, Number> value) {
            counter(name, description, status -> value.apply(status.reads()).doubleValue());
        }

        private double read(ToDoubleFunction<ServedGridStatus> value) {
            return grid.get().map(parts -> value.applyAsDouble(parts.served().status())).orElse(0.0);
        }
    }
}
