package io.holdfast.node.mount;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.node.app.StartFailedException;
import io.holdfast.node.app.VolumeMounts;
import io.holdfast.node.ledger.LedgerAccess;
import io.holdfast.node.volume.VolumeDesk;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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

    /// @param folder below which volumes are mounted
    public HostVolumeMounts(
            Path folder, String self, LedgerAccess ledger, VolumeDesk desk, InstantSource clock) {
        this.folder = folder;
        this.devices = new VolumeDevices(self, ledger, desk, clock);
    }

    @Override
    public Path mount(Wish wish) throws StartFailedException {
        ReentrantLock lock = lockOf(wish.volume());
        lock.lock();
        try {
            String user = users.get(wish.volume());
            if (user != null && !user.equals(wish.user())) {
                throw new StartFailedException("the volume is mounted for another instance: volume="
                        + wish.volume() + " instance=" + user);
            }
            Path place = folder.resolve(wish.volume());
            if (user == null || !FileSystems.isMounted(place)) {
                users.put(wish.volume(), wish.user());
                mount(wish, place);
            }
            return place;
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

    private void mount(Wish wish, Path place) throws IOException, InterruptedException, StartFailedException {
        Files.createDirectories(place);
        FileSystems.unmount(place);
        Path device = devices.attach(wish.volume());
        Optional<String> found = FileSystems.on(device);
        if (found.isEmpty()) {
            if (wish.isReadOnly()) {
                throw new IOException("it holds no file system, and is to be read only");
            }
            FileSystems.make(device, wish.ownerId(), wish.groupId());
        }
        FileSystems.mount(device, place);
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
