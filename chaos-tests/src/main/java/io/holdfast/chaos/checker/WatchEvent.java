package io.holdfast.chaos.checker;

/// One change, as a watcher saw it.
///
/// @param index ledger index of the entry that made it
/// @param ordinal place among the changes of that entry
/// @param content what changed; equal for every watcher
public record WatchEvent(long index, int ordinal, String content) implements Comparable<WatchEvent> {
    @Override
    public int compareTo(WatchEvent other) {
        int byIndex = Long.compare(index, other.index);
        return byIndex != 0 ? byIndex : Integer.compare(ordinal, other.ordinal);
    }
}
