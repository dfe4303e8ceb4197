package io.holdfast.hostio.volume;

import io.holdfast.hostio.chunkstore.CorruptDataException;
import io.holdfast.hostio.chunkstore.Place;
import java.util.HashSet;
import java.util.Set;

/// Whether the notes of a log explain all that is in it: each block and each note is about a volume that was
/// made, and about a version that was kept. Confined to its caller.
final class NoteHistory {
    private final String log;
    private final Set<Integer> made = new HashSet<>();
    private final Set<Integer> kept = new HashSet<>();

    NoteHistory(long stream) {
        this.log = "log " + Long.toHexString(stream);
    }

    /// The next note, in the order in which they were written.
    ///
    /// @throws CorruptDataException if one before it is missing
    void noted(long sequence, FamilyNote note) {
        switch (note) {
            case FamilyNote.Created(int member, int _, long _) -> made.add(member);
            case FamilyNote.Cloned(int generation, int member, int _) -> {
                requireKept(sequence, generation);
                made.add(member);
            }
            case FamilyNote.Pinned(int member, int generation, int _) -> {
                requireMade(sequence, member);
                kept.add(generation);
            }
            case FamilyNote.RolledBack(int member, int generation, int _) -> {
                requireMade(sequence, member);
                requireKept(sequence, generation);
            }
            case FamilyNote.Unpinned(int generation) -> requireKept(sequence, generation);
            case FamilyNote.Resized(int member, long _) -> requireMade(sequence, member);
            case FamilyNote.Deleted(int member) -> requireMade(sequence, member);
            case FamilyNote.Cleared(int member, long _, long _) -> requireMade(sequence, member);
        }
    }

    /// The next block.
    ///
    /// @throws CorruptDataException if there is no note of its volume
    void wrote(long sequence, long key) {
        requireMade(sequence, BlockKey.member(key));
    }

    private void requireMade(long sequence, int member) {
        if (!made.contains(member)) {
            throw new CorruptDataException(
                    new Place(log, "sequence", sequence),
                    "a note that volume " + member + " was made",
                    "none");
        }
    }

    private void requireKept(long sequence, int generation) {
        if (!kept.contains(generation)) {
            throw new CorruptDataException(
                    new Place(log, "sequence", sequence), "a note of version " + generation, "none");
        }
    }
}
