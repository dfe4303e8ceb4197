package io.holdfast.hostio.volume;

import java.util.List;

/// What a check of a family found.
///
/// @param blocksChecked references from maps into the log that were looked at
/// @param chunksChecked chunks that these lead to
/// @param longestPauseMillis the longest that changes of the maps were held up
/// @param findings what is wrong, none if all is well; at most [#FINDINGS_MAX]
public record CheckReport(
        long blocksChecked, int chunksChecked, long longestPauseMillis, List<Finding> findings) {
    public static final int FINDINGS_MAX = 1_000;

    public CheckReport {
        findings = List.copyOf(findings);
    }

    public boolean isClean() {
        return findings.isEmpty();
    }

    /// A block of a version that is not where the map says.
    ///
    /// @param generation the version: a snapshot's number, or a volume's live one
    /// @param block of the volume
    /// @param place chunk, row, strip and block, as the map has it
    public record Finding(Kind kind, int generation, long block, String place) {}

    /// What is wrong with a place.
    public enum Kind {
        /// The chunk is not there.
        NO_CHUNK,
        /// The chunk ends before it, or the row has nothing there.
        BEYOND,
        /// Another block is there: two blocks of a volume share the place.
        OTHER_BLOCK,
        /// It can neither be read nor computed.
        UNREADABLE
    }
}
