package io.holdfast.consensus.history;

/// How much history is kept.
///
/// @param entriesMax entries, at least 1
/// @param bytesMax bytes of entries, at least 1; the newest entry is kept whatever its size
public record HistoryRetention(long entriesMax, long bytesMax) {
    public HistoryRetention {
        if (entriesMax < 1 || bytesMax < 1) {
            throw new IllegalArgumentException("history keeps at least 1 entry of 1 byte: entriesMax="
                    + entriesMax + " bytesMax=" + bytesMax);
        }
    }
}
