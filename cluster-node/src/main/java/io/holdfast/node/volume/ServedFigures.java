package io.holdfast.node.volume;

import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.hostio.volume.Volume;
import io.holdfast.hostio.volume.VolumeStatistics;
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

    /// Counted since the volume was opened here.
    ///
    /// @param volume its name
    /// @param usefulBytes of its family
    /// @param storedBytes of its family
    public record Figures(
            String volume,
            int clients,
            long reads,
            long readBytes,
            long writes,
            long writtenBytes,
            long usefulBytes,
            long storedBytes) {}

    /// Of at most so many volumes.
    public List<Figures> here(int limit) {
        List<Figures> found = new ArrayList<>();
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

    private List<Figures> of(OpenFamily family) {
        StreamId stream = family.stream();
        VolumeStatistics shared = family.store().statistics();
        List<Figures> found = new ArrayList<>();
        opener.volumes(stream).forEach((member, volume) -> {
            if (family.store().members().contains(member)) {
                Volume device = family.store().volume(member);
                found.add(new Figures(
                        volume.key(),
                        clients.count(volume.key()),
                        device.counters().reads(),
                        device.counters().readBytes(),
                        device.counters().writes(),
                        device.counters().writtenBytes(),
                        shared.usefulBytes(),
                        shared.storedBytes()));
            }
        });
        return found;
    }
}
