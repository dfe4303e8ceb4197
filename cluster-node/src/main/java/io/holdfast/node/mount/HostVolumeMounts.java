package io.holdfast.node.mount;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.gridstate.volume.VolumePin;
import io.holdfast.gridstate.volume.VolumeSnapshotKey;
import io.holdfast.node.app.KeptVolumes;
import io.holdfast.node.app.StartFailedException;
import io.holdfast.node.app.VolumeMounts;
import io.holdfast.node.ledger.LedgerAccess;
import io.holdfast.node.volume.VolumeDesk;
import io.holdfast.node.volume.VolumePins;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Volumes mounted at `FOLDER/NAME`. Concurrent; what concerns one volume happens one after the other.
public final class HostVolumeMounts implements VolumeMounts {
    private static final Logger LOG = LoggerFactory.getLogger(HostVolumeMounts.class);

    private final Path folder;
    private final VolumeDevices devices;
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();
    /// Who has which volume; changed under the volume's lock.
    private final Map<String, String> users = new ConcurrentHashMap<>();
    /// What volumes were made for who has them, who has not gone on since; changed under the volume's lock.
    private final Map<String, VolumeSnapshotKey> madeAsOf = new ConcurrentHashMap<>();
    private final VolumeCuts cuts;

    /// What serves volumes on this node.
    public record Serving(VolumeDesk desk, VolumePins pins) {}

    /// @param folder below which volumes are mounted
    public HostVolumeMounts(
            Path folder, String self, LedgerAccess ledger, Serving serving, InstantSource clock) {
        this.folder = folder;
        this.cuts = new VolumeCuts(serving.pins());
        this.devices = new VolumeDevices(self, ledger, serving.desk(), clock);
    }

    /// Something that makes a volume a mounted folder.
    private interface Mounting<T> {
        T mount(Path place) throws IOException, InterruptedException, StartFailedException;
    }

    @Override
    public Path mount(Wish wish) throws StartFailedException {
        return holding(wish, place -> {
            madeAsOf.remove(wish.volume());
            if (!users.containsKey(wish.volume()) || !FileSystems.isMounted(place)) {
                users.put(wish.volume(), wish.user());
                mount(wish, place, () -> devices.attach(wish.volume()));
            }
            return place;
        });
    }

    @Override
    public Optional<Path> mountAsOf(Wish wish, VolumeSnapshotKey snapshot) throws StartFailedException {
        return holding(wish, place -> {
            boolean isAnew = snapshot.equals(madeAsOf.get(wish.volume()));
            if (users.containsKey(wish.volume()) && !isAnew) {
                return Optional.empty(); // Mounted for something else, which wrote to it.
            }
            users.put(wish.volume(), wish.user());
            FileSystems.unmount(place);
            Optional<Path> device = devices.attachAsOf(snapshot, isAnew);
            if (device.isEmpty()) {
                users.remove(wish.volume());
                return Optional.empty();
            }
            madeAsOf.put(wish.volume(), snapshot);
            mount(wish, place, device::get);
            return Optional.of(place);
        });
    }

    @Override
    public KeptVolumes keep(String user, Duration within) throws IOException {
        Map<String, Path> places = new TreeMap<>();
        users.forEach((volume, owner) -> {
            if (owner.equals(user)) {
                places.put(volume, folder.resolve(volume));
            }
        });
        return cuts.keep(user, places, within);
    }

    @Override
    public void goOn(String user) throws StartFailedException {
        cuts.goOn(user);
    }

    @Override
    public VolumePin copy(VolumeSnapshotKey snapshot, String volume) throws StartFailedException {
        try {
            return devices.copy(snapshot, volume);
        } catch (ConsensusException undecided) {
            throw new StartFailedException("the volume cannot be copied now: " + undecided.getMessage(),
                    undecided);
        }
    }

    private <T> T holding(Wish wish, Mounting<T> mounting) throws StartFailedException {
        ReentrantLock lock = lockOf(wish.volume());
        lock.lock();
        try {
            String user = users.get(wish.volume());
            if (user != null && !user.equals(wish.user())) {
                throw new StartFailedException("the volume is mounted for another instance: volume="
                        + wish.volume() + " instance=" + user);
            }
            return mounting.mount(folder.resolve(wish.volume()));
        } catch (IOException failure) {
            throw new StartFailedException("the volume cannot be mounted: volume=" + wish.volume()
                    + " reason=" + failure.getMessage(), failure);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new StartFailedException("the node is stopping", stopping);
        } finally {
            lock.unlock();
        }
    }

    /// Where a volume's device comes from.
    private interface Device {
        Path get() throws StartFailedException;
    }

    private void mount(Wish wish, Path place, Device attached)
            throws IOException, InterruptedException, StartFailedException {
        Files.createDirectories(place);
        FileSystems.unmount(place);
        Path device = attached.get();
        Optional<String> found = FileSystems.on(device);
        if (found.isEmpty()) {
            if (wish.isReadOnly()) {
                throw new IOException("it holds no file system, and is to be read only");
            }
            FileSystems.make(device, wish.ownerId(), wish.groupId());
        }
        FileSystems.mount(device, found.orElse("ext4"), place);
        LOG.info("a volume is mounted: volume={} device={} fileSystem={} user={}", wish.volume(), device,
                found.orElse("ext4, made now"), wish.user());
    }

    @Override
    public void release(String user) {
        for (Map.Entry<String, String> held : users.entrySet()) {
            if (held.getValue().equals(user)) {
                giveBack(held.getKey(), user);
            }
        }
        cuts.forget(user);
    }

    /// @param user who has it; absent for what a predecessor left
    private void giveBack(String volume, @Nullable String user) {
        ReentrantLock lock = lockOf(volume);
        lock.lock();
        try {
            if (!Objects.equals(users.get(volume), user)) {
                return;
            }
            FileSystems.unmount(folder.resolve(volume));
            devices.detach(volume).ifPresent(reason -> LOG.warn(
                    "a volume stays attached here: volume={} reason={}", volume, reason));
            users.remove(volume);
            madeAsOf.remove(volume);
            Files.deleteIfExists(folder.resolve(volume));
        } catch (IOException | ConsensusException failure) {
            LOG.warn("a volume is not given back: volume={} reason={}", volume, failure.getMessage());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void recover() {
        for (String volume : left()) {
            LOG.info("a volume of before is given back, unless it is used again: volume={}", volume);
            giveBack(volume, null);
        }
    }

    private List<String> left() {
        List<String> left = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> places = Files.newDirectoryStream(folder)) {
                places.forEach(place -> left.add(place.getFileName().toString()));
            } catch (IOException unreadable) {
                LOG.warn("the folder of mounts cannot be read: folder={} reason={}", folder,
                        unreadable.getMessage());
            }
        }
        return left;
    }

    private ReentrantLock lockOf(String volume) {
        return locks.computeIfAbsent(volume, _ -> new ReentrantLock());
    }
}
