package io.holdfast.node.volume;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.gridstate.catalog.Page;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.volume.VolumeCatalogs;
import io.holdfast.gridstate.volume.VolumeEntry;
import io.holdfast.gridstate.volume.VolumeSnapshotEntry;
import io.holdfast.gridstate.volume.VolumeSnapshotKey;
import io.holdfast.hostio.blockdevice.BlockDevice;
import io.holdfast.hostio.nbd.Export;
import io.holdfast.hostio.nbd.ExportRefusedException;
import io.holdfast.hostio.nbd.Exports;
import io.holdfast.hostio.nbd.NbdClient;
import io.holdfast.hostio.nbd.NbdLimits;
import io.holdfast.hostio.nbd.NbdServer;
import io.holdfast.node.ledger.LedgerAccess;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/// Volumes as exports: `NAME` is a volume, `NAME@SNAPSHOT` a snapshot of it, to be read. A volume that no
/// node serves is opened here by the first client; one that another node serves is refused with its name.
/// Concurrent.
public final class VolumeExports implements Exports {
    /// A list of exports is for people; a client that knows a name needs none.
    private static final int LISTED_MAX = 1_000;

    private final LedgerAccess ledger;
    private final FamilyHost families;
    private final DueVolumes due;
    private final RefusalListener refusals;

    /// What connected clients use, by connection.
    private final Map<Long, Use> held = new ConcurrentHashMap<>();

    /// Hears of TLS handshakes that failed. Must not block.
    @FunctionalInterface
    public interface RefusalListener {
        /// Called once for each.
        ///
        /// @param address empty on a unix socket
        void onTurnedAway(Optional<InetAddress> address, SSLException why);
    }

    /// A family held open for a client, and the export that it uses.
    private record Use(OpenFamily family, String export) {}

    public VolumeExports(LedgerAccess ledger, FamilyHost families) {
        this(ledger, families, (_, _) -> {});
    }

    /// Serves those of the ledger.
    ///
    /// @param refusals hears of clients without a certificate that lets in
    public VolumeExports(LedgerAccess ledger, FamilyHost families, RefusalListener refusals) {
        this.ledger = ledger;
        this.families = families;
        this.refusals = refusals;
        this.due = new DueVolumes(ledger);
    }

    /// A server of these exports, which parts with the clients of a family that this node lost.
    public NbdServer serve(NbdLimits limits) {
        NbdServer server = NbdServer.open(this, limits);
        families.onLost(family -> used(family).forEach(server::disconnect));
        return server;
    }

    @Override
    public Optional<Export> find(String name, NbdClient client) {
        int at = name.indexOf('@');
        String volume = at < 0 ? name : name.substring(0, at);
        Optional<VolumeEntry> entry = volume(volume);
        if (entry.isEmpty()) {
            return Optional.empty();
        }
        Optional<VolumeSnapshotEntry> snapshot =
                at < 0 ? Optional.empty() : snapshot(volume, name.substring(at + 1));
        if (at >= 0 && snapshot.isEmpty()) {
            return Optional.empty();
        }
        try {
            OpenFamily family = families.enter(entry.get().family(), false);
            try {
                if (snapshot.isEmpty() && entry.get().asOf().isPresent()) {
                    due.settle(family, volume, () -> clientsOf(volume));
                }
                return Optional.of(export(name, family, entry.get(), snapshot));
            } finally {
                family.leave();
            }
        } catch (VolumeRefusedException | ConsensusException refused) {
            throw new ExportRefusedException(String.valueOf(refused.getMessage()));
        } catch (NoSuchElementException gone) {
            return Optional.empty();
        }
    }

    private static Export export(
            String name, OpenFamily family, VolumeEntry volume, Optional<VolumeSnapshotEntry> snapshot) {
        BlockDevice device = snapshot.isPresent()
                ? family.store().snapshotDevice(snapshot.get().number())
                : family.store().volume(volume.member());
        String description = (snapshot.isPresent() ? "snapshot" : "volume " + volume.profile())
                + " token=" + family.token().value();
        return new Export(
                name, description, new LeasedDevice(device, family.lease()), snapshot.isPresent(), true);
    }

    private Optional<VolumeEntry> volume(String name) {
        if (name.startsWith(VolumeEntry.SYSTEM_PREFIX)) {
            return Optional.empty(); // The cluster's own; nobody else writes there.
        }
        try {
            Optional<Versioned<String, VolumeEntry>> here = ledger.reader().get(VolumeCatalogs.VOLUMES, name);
            if (here.isEmpty()) {
                ledger.barrier();
                here = ledger.reader().get(VolumeCatalogs.VOLUMES, name);
            }
            return here.map(Versioned::value);
        } catch (IllegalArgumentException noName) {
            return Optional.empty();
        } catch (ConsensusException undecided) {
            throw new ExportRefusedException("the ledger does not answer: " + undecided.getMessage());
        }
    }

    private Optional<VolumeSnapshotEntry> snapshot(String volume, String name) {
        try {
            return ledger.reader()
                    .get(VolumeCatalogs.SNAPSHOTS, new VolumeSnapshotKey(volume, name))
                    .map(Versioned::value);
        } catch (IllegalArgumentException noName) {
            return Optional.empty();
        }
    }

    @Override
    public List<Listing> list(NbdClient client) {
        List<Listing> listed = new ArrayList<>();
        Page<String, VolumeEntry> page =
                ledger.reader().page(VolumeCatalogs.VOLUMES, Page.Request.first(LISTED_MAX));
        page.entries().stream()
                .filter(volume -> !volume.key().startsWith(VolumeEntry.SYSTEM_PREFIX))
                .forEach(volume -> listed.add(new Listing(
                        volume.key(), volume.value().sizeBytes() + " bytes, " + volume.value().profile())));
        return listed;
    }

    @Override
    public void onConnected(Export export, NbdClient client) {
        int at = export.name().indexOf('@');
        VolumeEntry entry = volume(at < 0 ? export.name() : export.name().substring(0, at))
                .orElseThrow(() -> new ExportRefusedException("the volume is gone: " + export.name()));
        OpenFamily family = families.enterIfOpen(entry.family())
                .orElseThrow(() -> new ExportRefusedException("the volume was closed: " + export.name()));
        held.put(client.connection(), new Use(family, export.name()));
    }

    @Override
    public void onTurnedAway(Optional<InetAddress> address, SSLException reason) {
        refusals.onTurnedAway(address, reason);
    }

    @Override
    public void onDisconnected(Export export, NbdClient client) {
        Use use = held.remove(client.connection());
        if (use != null) {
            use.family.leave();
        }
    }

    private int clientsOf(String export) {
        return Math.toIntExact(
                held.values().stream().filter(use -> use.export().equals(export)).count());
    }

    /// The exports of a family that clients use.
    Set<String> used(OpenFamily family) {
        return held.values().stream()
                .filter(use -> use.family == family)
                .map(Use::export)
                .collect(Collectors.toSet());
    }
}
