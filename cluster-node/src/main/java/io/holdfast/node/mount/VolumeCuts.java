package io.holdfast.node.mount;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.gridstate.volume.VolumePin;
import io.holdfast.hostio.blockdevice.BlockDeviceException;
import io.holdfast.hostio.nativeaccess.FileSystemSync;
import io.holdfast.node.app.KeptVolumes;
import io.holdfast.node.app.StartFailedException;
import io.holdfast.node.volume.VolumePins;
import io.holdfast.node.volume.VolumeRefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Cuts through the volumes of one user, whose processes stand still: first all that is held back goes to
/// the volumes, then each volume's version is kept. Concurrent.
///
/// Nothing is frozen but the processes, so nothing has to be thawed when this node dies: a file system is
/// synced, not frozen (FIFREEZE), since nobody is left who could write to it. What it writes by itself
/// afterwards is of no consequence for what its files hold. A device that does not answer holds up a thread
/// that is given up, not the processes.
final class VolumeCuts {
    private final VolumePins pins;
    /// What was kept last for each user, for when it goes on.
    private final Map<String, Kept> last = new ConcurrentHashMap<>();

    VolumeCuts(VolumePins pins) {
        this.pins = pins;
    }

    /// Keeps what the volumes hold.
    ///
    /// @param places where they are mounted, by their names
    KeptVolumes keep(String user, Map<String, Path> places, Duration within) throws IOException {
        if (places.isEmpty()) {
            return KeptVolumes.NONE;
        }
        Kept kept = new Kept();
        CompletableFuture<Void> done = new CompletableFuture<>();
        // Of the platform, because syncing blocks it in the kernel.
        Thread.ofPlatform().daemon().name("cut-" + user).start(() -> {
            try {
                cut(places, kept);
                done.complete(null);
            } catch (IOException | VolumeRefusedException | BlockDeviceException | ConsensusException
                    | NoSuchElementException failure) {
                done.completeExceptionally(failure);
            }
        });
        await(done, kept, within);
        last.put(user, kept);
        return kept;
    }

    private void cut(Map<String, Path> places, Kept kept) throws IOException {
        for (Path place : places.values()) {
            FileSystemSync.sync(place);
        }
        for (String volume : places.keySet()) {
            kept.add(pins.pin(volume));
        }
    }

    private static void await(CompletableFuture<Void> done, Kept kept, Duration within) throws IOException {
        try {
            done.get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failure) {
            kept.close();
            Throwable cause = failure.getCause();
            throw new IOException("its volumes cannot be kept: "
                    + (cause == null ? failure : cause).getMessage(), failure);
        } catch (TimeoutException late) {
            kept.close();
            throw new IOException("its volumes were not written out in time: deadlineMillis="
                    + within.toMillis(), late);
        } catch (InterruptedException stopping) {
            kept.close();
            Thread.currentThread().interrupt();
            throw new IOException("this node is stopping", stopping);
        }
    }

    /// Says that what a user writes counts again.
    void goOn(String user) throws StartFailedException {
        Kept kept = last.get(user);
        if (kept == null) {
            return;
        }
        try {
            kept.goOn();
            last.remove(user, kept);
        } catch (VolumeRefusedException refused) {
            throw new StartFailedException("it may not go on: " + refused.getMessage(), refused);
        } catch (ConsensusException undecided) {
            throw new StartFailedException(
                    "it is not known whether it may go on: " + undecided.getMessage(), undecided);
        }
    }

    /// The user is gone.
    void forget(String user) {
        last.remove(user);
    }

    /// What was kept; guarded by its monitor.
    private static final class Kept implements KeptVolumes {
        private final List<VolumePins.Pin> pins = new ArrayList<>();
        private OptionalLong namedAt = OptionalLong.empty();
        private boolean isAtRest;
        private boolean isInDoubt;
        private boolean isClosed;

        /// One more; too late after it was closed.
        synchronized void add(VolumePins.Pin pin) {
            if (isClosed) {
                pin.giveUp();
            } else {
                pins.add(pin);
            }
        }

        @Override
        public synchronized List<VolumePin> pins(boolean atRest) {
            isAtRest = atRest;
            return pins.stream().map(pin -> pin.asPin(atRest)).toList();
        }

        @Override
        public synchronized void named(long version) {
            namedAt = OptionalLong.of(version);
            pins.forEach(VolumePins.Pin::named);
        }

        @Override
        public synchronized void leaveInDoubt() {
            isInDoubt = true;
            pins.forEach(VolumePins.Pin::leaveInDoubt);
        }

        @Override
        public synchronized void close() {
            isClosed = true;
            pins.forEach(VolumePins.Pin::giveUp);
        }

        synchronized void goOn() throws StartFailedException {
            if (isAtRest && isInDoubt) {
                throw new StartFailedException(
                        "it is not known whether its volumes are to go back to where it was saved");
            }
            if (isAtRest) {
                pins.forEach(pin -> pin.goOn(namedAt));
            }
        }
    }
}
