package io.holdfast.node.storage;

import io.holdfast.hostio.chunkstore.FragmentId;
import io.holdfast.hostio.chunkstore.FragmentStore;
import io.holdfast.hostio.chunkstore.Scrubber;
import io.holdfast.hostio.disk.DiskException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads what the disks of this node hold, over and over, and reports what is no longer what was written.
/// Steps are confined to one thread; the counters are for any. A round begins anew when the node does.
public final class DiskScrubbers {
    private static final Logger LOG = LoggerFactory.getLogger(DiskScrubbers.class);

    private final LocalDisks disks;
    private final ScrubPace pace;
    private final Listener listener;
    private final Map<Integer, Scrubber> rounds = new HashMap<>();
    private final LongAdder bytesRead = new LongAdder();
    private final LongAdder damages = new LongAdder();
    private final LongAdder roundsDone = new LongAdder();

    /// Hears of damage.
    @FunctionalInterface
    public interface Listener {
        /// A strip of a fragment is not what was written.
        void onDamaged(int disk, FragmentId fragment, int row, String reason);
    }

    public DiskScrubbers(LocalDisks disks, ScrubPace pace, Listener listener) {
        this.disks = disks;
        this.pace = pace;
        this.listener = listener;
    }

    /// Reads as much as is due.
    public void step(Duration since) {
        for (int disk : disks.open()) {
            Optional<FragmentStore> store = disks.store(disk);
            if (store.isPresent()) {
                try {
                    scrub(disk, store.get(), since);
                } catch (DiskException failure) {
                    rounds.remove(disk);
                    LOG.warn("a disk cannot be scrubbed: disk={} reason={}", disk, failure.getMessage());
                }
            }
        }
    }

    private void scrub(int disk, FragmentStore store, Duration since) {
        long left = pace.bytes(store.disks().getFirst().usedBytes(), since);
        Scrubber round = rounds.computeIfAbsent(disk, _ -> new Scrubber(store, Optional.empty()));
        while (left > 0) {
            Optional<Scrubber.Finding> finding = round.next();
            if (finding.isEmpty()) {
                roundsDone.increment();
                rounds.remove(disk);
                return;
            }
            left -= finding.get().bytes();
            bytesRead.add(finding.get().bytes());
            finding.get().damage().ifPresent(damage -> {
                damages.increment();
                LOG.error("a strip is damaged: disk={} fragment={} row={} reason={}", disk,
                        finding.get().fragment(), finding.get().row(), damage.getMessage());
                listener.onDamaged(disk, finding.get().fragment(), finding.get().row(),
                        String.valueOf(damage.getMessage()));
            });
        }
    }

    /// Bytes read since the start.
    public long bytesRead() {
        return bytesRead.sum();
    }

    /// Strips found damaged.
    public long damages() {
        return damages.sum();
    }

    /// Rounds completed, of all disks together.
    public long roundsDone() {
        return roundsDone.sum();
    }
}
