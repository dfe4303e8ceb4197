package io.holdfast.node.volume;

import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.hostio.volume.LatencyHistogram;
import io.holdfast.hostio.volume.Volume;
import io.holdfast.hostio.volume.VolumeCounters;
import io.holdfast.hostio.volume.VolumeStatistics;
import io.holdfast.node.http.port.StorageView.Latency;
import io.holdfast.node.http.port.StorageView.ServedVolume;
import java.util.ArrayList;
import java.util.List;

/// What is counted of the volumes that are open on this node. Concurrent; opens none, and is no reason for
/// one to stay open.
public final class ServedFigures {
    private final FamilyHost families;
    private final FamilyOpener opener;
    private final VolumeClients clients;

    public ServedFigures(FamilyHost families, FamilyOpener opener, VolumeClients clients) {
        this.families = families;
        this.opener = opener;
        this.clients = clients;
    }

    /// Of at most so many volumes.
    public List<ServedVolume> here(int limit) {
        List<ServedVolume> found = new ArrayList<>();
        for (OpenFamily open : families.open()) {
            if (found.size() >= limit) {
                break;
            }
            families.enterIfOpen(open.stream()).ifPresent(family -> {
                try {
                    found.addAll(of(family));
                } finally {
                    family.leaveUnnoticed();
                }
            });
        }
        return found;
    }

    private List<ServedVolume> of(OpenFamily family) {
        StreamId stream = family.stream();
        VolumeStatistics shared = family.store().statistics();
        List<ServedVolume> found = new ArrayList<>();
        opener.volumes(stream).forEach((member, volume) -> {
            if (family.store().members().contains(member)) {
                Volume device = family.store().volume(member);
                found.add(figures(volume.key(), device.counters(), shared));
            }
        });
        return found;
    }

    private ServedVolume figures(String volume, VolumeCounters counters, VolumeStatistics shared) {
        return new ServedVolume(
                volume,
                clients.count(volume),
                counters.reads(),
                counters.readBytes(),
                counters.writes(),
                counters.writtenBytes(),
                shared.usefulBytes(),
                shared.storedBytes(),
                shared.formerProfileBytes(),
                latency(counters.readLatency()),
                latency(counters.writeLatency()),
                latency(counters.flushLatency()));
    }

    private static Latency latency(LatencyHistogram histogram) {
        return new Latency(
                histogram.count(),
                Math.round(histogram.micros(0.5)),
                Math.round(histogram.micros(0.99)),
                Math.round(histogram.micros(0.999)),
                Math.round(histogram.longestMicros()),
                histogram.byDoubledMicros());
    }
}
