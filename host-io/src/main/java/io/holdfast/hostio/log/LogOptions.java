package io.holdfast.hostio.log;

import io.holdfast.hostio.chunkstore.StripHeader;
import io.holdfast.hostio.erasure.ErasureProfile;
import java.time.Duration;

/// How a stream is written.
///
/// @param profile of its chunks when enough hosts are up
/// @param parityMin the least parity that a chunk may have when too few are; the profile's own if never less
/// @param fragmentBytesMax when a chunk is full: bytes that one fragment takes on its disk, less than the
///     store's own limit
/// @param batchBlocksMax how many blocks become durable together at most, 1 to [LogBatch#BLOCKS_MAX]
/// @param batchesInFlightMax batches of a lane on their way at once; a chunk has room for all of them
/// @param answerMin the least time a holder is given before the writer goes on without it
/// @param answerMax the most
public record LogOptions(
        ErasureProfile profile,
        int parityMin,
        long fragmentBytesMax,
        int batchBlocksMax,
        int batchesInFlightMax,
        Duration answerMin,
        Duration answerMax) {
    /// Under the 64 MiB of the default store geometry, with room for extent headers and a last batch.
    private static final long FRAGMENT_BYTES_MAX = 60L << 20;
    private static final int BATCHES_IN_FLIGHT_MAX = 8;
    /// Longer than a collector's or a disk's hiccup, and twice of it still well within a second.
    private static final Duration ANSWER_MIN = Duration.ofMillis(250);
    private static final Duration ANSWER_MAX = Duration.ofMillis(500);

    public LogOptions {
        // A block takes at most a header block beside it.
        long inFlightBytes = (2L * batchBlocksMax + 1) * batchesInFlightMax * StripHeader.BLOCK_BYTES;
        if (batchBlocksMax < 1 || batchBlocksMax > LogBatch.BLOCKS_MAX || fragmentBytesMax < inFlightBytes) {
            throw new IllegalArgumentException("batchBlocksMax=" + batchBlocksMax + " fragmentBytesMax="
                    + fragmentBytesMax + " inFlightBytes=" + inFlightBytes);
        }
        if (parityMin < 0 || parityMin > profile.parityStrips()
                || batchesInFlightMax < 1 || answerMin.compareTo(answerMax) > 0) {
            throw new IllegalArgumentException("profile=" + profile + " parityMin=" + parityMin
                    + " fragmentBytesMax=" + fragmentBytesMax + " batchesInFlightMax=" + batchesInFlightMax
                    + " answerMin=" + answerMin + " answerMax=" + answerMax);
        }
    }

    /// The usual bounds, and parity that never gets less.
    public static LogOptions of(ErasureProfile profile) {
        return new LogOptions(
                profile,
                profile.parityStrips(),
                FRAGMENT_BYTES_MAX,
                LogBatch.BLOCKS_MAX,
                BATCHES_IN_FLIGHT_MAX,
                ANSWER_MIN,
                ANSWER_MAX);
    }

    /// The same with chunks of this profile.
    public LogOptions withProfile(ErasureProfile next, int nextParityMin) {
        return new LogOptions(
                next,
                nextParityMin,
                fragmentBytesMax,
                batchBlocksMax,
                batchesInFlightMax,
                answerMin,
                answerMax);
    }

    /// The same with other sizes.
    public LogOptions withSizes(long chunkFragmentBytes, int batchBlocks, int batchesInFlight) {
        return new LogOptions(
                profile,
                parityMin,
                chunkFragmentBytes,
                batchBlocks,
                batchesInFlight,
                answerMin,
                answerMax);
    }

    /// The best profile for so many hosts: fewer data strips first, less parity only down to the minimum. An
    /// impossible one comes back as it was asked for.
    ErasureProfile fitting(int hosts) {
        int parity = profile.parityStrips();
        if (hosts > parity) {
            return new ErasureProfile(Math.min(profile.dataStrips(), hosts - parity), parity);
        }
        return hosts > parityMin ? new ErasureProfile(1, hosts - 1) : profile;
    }
}
