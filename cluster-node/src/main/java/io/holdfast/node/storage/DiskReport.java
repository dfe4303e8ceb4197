package io.holdfast.node.storage;

/// How a disk of a node is.
///
/// @param disk its number on the node
/// @param folder where it is
/// @param state `serving`, `full`, `read-only`, `failed`, `closed` or `absent`
/// @param reason why it is in that state; empty while it serves
/// @param fragments how many it holds
/// @param usedBytes space given to fragments
/// @param freeBytes space that can still be given
/// @param damages what was found damaged when it was opened
public record DiskReport(
        int disk,
        String folder,
        String state,
        String reason,
        int fragments,
        long usedBytes,
        long freeBytes,
        int damages) {
    static final String ABSENT = "absent";
    private static final String SERVING = "serving";

    /// Whether it takes fragments.
    public boolean isServing() {
        return state.equals(SERVING);
    }
}
