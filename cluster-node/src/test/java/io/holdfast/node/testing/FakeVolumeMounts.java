package io.holdfast.node.testing;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.gridstate.command.VolumeCommand;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.volume.AsOf;
import io.holdfast.gridstate.volume.VolumeEntry;
import io.holdfast.gridstate.volume.VolumePin;
import io.holdfast.gridstate.volume.VolumeSnapshotKey;
import io.holdfast.node.app.AppLedger;
import io.holdfast.node.app.KeptVolumes;
import io.holdfast.node.app.StartFailedException;
import io.holdfast.node.app.VolumeMounts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// Volumes that are plain folders, the same ones for all nodes of a test ([FakeVolumes]), mounted on one of
/// them. Concurrent.
public final class FakeVolumeMounts implements VolumeMounts {
    private final FakeVolumes volumes;
    private final AppLedger ledger;
    private final Map<String, String> users = new ConcurrentHashMap<>();
    private final Map<String, VolumeSnapshotKey> madeAsOf = new ConcurrentHashMap<>();
    private final Map<String, Kept> last = new ConcurrentHashMap<>();

    FakeVolumeMounts(FakeVolumes volumes, AppLedger ledger) {
        this.volumes = volumes;
        this.ledger = ledger;
    }

    @Override
    public Path mount(Wish wish) throws StartFailedException {
        hold(wish);
        madeAsOf.remove(wish.volume());
        settle(wish.volume());
        return volumes.mounted(wish.volume());
    }

    @Override
    public Optional<Path> mountAsOf(Wish wish, VolumeSnapshotKey snapshot) throws StartFailedException {
        boolean isAnew = snapshot.equals(madeAsOf.get(wish.volume()));
        if (users.containsKey(wish.volume()) && !isAnew) {
            return Optional.empty();
        }
        hold(wish);
        VolumeEntry entry = volumes.entry(ledger, wish.volume());
        if (entry.isToBe(snapshot) || isAnew) {
            rollBack(snapshot);
        }
        if (!volumes.isAs(wish.volume(), volumes.number(ledger, snapshot))) {
            users.remove(wish.volume());
            return Optional.empty();
        }
        madeAsOf.put(wish.volume(), snapshot);
        return Optional.of(volumes.mounted(wish.volume()));
    }

    private void hold(Wish wish) throws StartFailedException {
        String before = users.putIfAbsent(wish.volume(), wish.user());
        if (before != null && !before.equals(wish.user())) {
            throw new StartFailedException("mounted for another: volume=" + wish.volume());
        }
    }

    /// As the first client of a volume finds it.
    private void settle(String volume) throws StartFailedException {
        Optional<AsOf> due = volumes.entry(ledger, volume).asOf();
        if (due.isPresent()) {
            rollBack(new VolumeSnapshotKey(volume, due.get().snapshot()));
        }
    }

    private void rollBack(VolumeSnapshotKey key) throws StartFailedException {
        volumes.rollBack(key.volume(), volumes.number(ledger, key));
        submit(new VolumeCommand.RollBack(key, FakeVolumes.TOKEN));
    }

    private void submit(VolumeCommand command) throws StartFailedException {
        try {
            if (ledger.propose(command) instanceof GridReply.Refused refused) {
                throw new StartFailedException(refused.message());
            }
        } catch (ConsensusException undecided) {
            throw new StartFailedException(String.valueOf(undecided.getMessage()), undecided);
        }
    }

    @Override
    public KeptVolumes keep(String user, Duration within) throws IOException {
        Map<String, Integer> numbers = new TreeMap<>();
        for (Map.Entry<String, String> held : users.entrySet()) {
            if (held.getValue().equals(user)) {
                numbers.put(held.getKey(), volumes.pin(held.getKey()));
            }
        }
        Kept kept = new Kept(numbers);
        last.put(user, kept);
        return kept;
    }

    @Override
    public void goOn(String user) throws StartFailedException {
        Kept kept = last.get(user);
        if (kept != null && kept.isAtRest) {
            if (kept.isInDoubt) {
                throw new StartFailedException("in doubt");
            }
            for (String volume : kept.numbers.keySet()) {
                Optional<AsOf> due = volumes.entry(ledger, volume).asOf();
                if (kept.namedAt.isPresent()) {
                    submit(new VolumeCommand.GoOn(volume, FakeVolumes.TOKEN, kept.namedAt.getAsLong()));
                } else if (due.isPresent()) {
                    throw new StartFailedException("it is to be something else");
                }
            }
            last.remove(user, kept);
        }
    }

    @Override
    public VolumePin copy(VolumeSnapshotKey snapshot, String volume) throws StartFailedException {
        int member = volumes.copy(volumes.number(ledger, snapshot), volume);
        submit(new VolumeCommand.CreateClone(volume, snapshot, FakeVolumes.TOKEN, member));
        return new VolumePin(volume, FakeVolumes.TOKEN, volumes.pin(volume), true);
    }

    @Override
    public void release(String user) {
        users.forEach((volume, owner) -> {
            if (owner.equals(user)) {
                volumes.touch(volume); // As a file system does when it is unmounted.
                madeAsOf.remove(volume);
            }
        });
        users.values().removeIf(user::equals);
        last.remove(user);
    }

    @Override
    public void recover() {
        users.clear();
    }

    /// Who has which volume.
    public Map<String, String> users() {
        return Map.copyOf(users);
    }

    private final class Kept implements KeptVolumes {
        private final Map<String, Integer> numbers;
        private volatile OptionalLong namedAt = OptionalLong.empty();
        private volatile boolean isAtRest;
        private volatile boolean isInDoubt;

        Kept(Map<String, Integer> numbers) {
            this.numbers = numbers;
        }

        @Override
        public List<VolumePin> pins(boolean atRest) {
            isAtRest = atRest;
            return numbers.entrySet().stream()
                    .map(pin -> new VolumePin(pin.getKey(), FakeVolumes.TOKEN, pin.getValue(), atRest))
                    .toList();
        }

        @Override
        public void named(long version) {
            namedAt = OptionalLong.of(version);
        }

        @Override
        public void leaveInDoubt() {
            isInDoubt = true;
        }

        @Override
        public void close() {
            if (namedAt.isEmpty() && !isInDoubt) {
                numbers.values().forEach(volumes::unpin);
            }
        }
    }
}
