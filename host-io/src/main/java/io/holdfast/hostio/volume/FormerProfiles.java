package io.holdfast.hostio.volume;

import io.holdfast.hostio.erasure.ErasureProfile;
import io.holdfast.hostio.holder.ChunkRecord;
import io.holdfast.hostio.log.StripedLog;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What of a family lies in chunks of another profile than is asked for now: written before the profile
/// changed, or while too few hosts were up for it. Concurrent; all state is the chunks'.
final class FormerProfiles {
    private static final Comparator<Outdated> MOST_URGENT_FIRST = Comparator.<Outdated>comparingInt(
                    outdated -> outdated.chunk.profile().parityStrips())
            .thenComparingLong(Outdated::usefulBytes);

    private final Family family;
    private final StripedLog log;

    FormerProfiles(Family family, StripedLog log) {
        this.family = family;
        this.log = log;
    }

    /// A chunk of a former profile.
    private record Outdated(ChunkRecord chunk, long usefulBytes) {
        long bytes() {
            return chunk.isOpen() ? usefulBytes : chunk.lengthBytes();
        }
    }

    /// Bytes of data in them; of open ones those that something refers to.
    long bytes() {
        return outdated().stream().mapToLong(Outdated::bytes).sum();
    }

    /// The sealed ones: those with the least parity first, of these the emptiest.
    ///
    /// @param countMax how many at most
    List<ChunkRecord> sealed(int countMax) {
        return outdated().stream()
                .filter(outdated -> !outdated.chunk.isOpen())
                .sorted(MOST_URGENT_FIRST)
                .limit(countMax)
                .map(Outdated::chunk)
                .toList();
    }

    private List<Outdated> outdated() {
        ErasureProfile blocks = log.options().profile();
        ErasureProfile maps = VolumeStore.replicated(log.options()).profile();
        List<Outdated> found = new ArrayList<>();
        family.lock.lock();
        try {
            for (ChunkRecord chunk : log.chunks()) {
                ChunkUsage.Use use = family.usage().all().get(chunk.number());
                boolean isMap = use != null && use.generation == VolumeStore.MAP_LANE;
                if (use != null && !chunk.profile().equals(isMap ? maps : blocks)) {
                    found.add(new Outdated(chunk, use.usefulBlocks * Volume.BLOCK_BYTES));
                }
            }
        } finally {
            family.lock.unlock();
        }
        return found;
    }
}
