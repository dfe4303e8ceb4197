package io.holdfast.hostio.volume;

/// How a family uses its space and how its log does.
///
/// @param usefulBytes of data that some version refers to
/// @param storedBytes of data in sealed chunks, parity not counted
/// @param formerProfileBytes of data in chunks of another profile than is asked for now, parity not counted
/// @param chunks sealed and not released
/// @param movedBytes what the cleaner wrote since the family was opened
/// @param loggedBytes what volumes wrote since then, as it entered the log
/// @param releasedChunks given back since then
/// @param chunkSwitches how often the log went on without a holder that failed
/// @param longestStallMillis the longest that a write on its way was without being durable
/// @param rowsReplayed of the log when the family was opened
public record VolumeStatistics(
        long usefulBytes,
        long storedBytes,
        long formerProfileBytes,
        int chunks,
        long movedBytes,
        long loggedBytes,
        long releasedChunks,
        long chunkSwitches,
        long longestStallMillis,
        int rowsReplayed) {
    /// Bytes written per byte that volumes wrote, parity not counted.
    public double writeAmplification() {
        return loggedBytes == 0 ? 1 : (double) (loggedBytes + movedBytes) / loggedBytes;
    }
}
