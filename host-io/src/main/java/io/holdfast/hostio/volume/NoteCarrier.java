package io.holdfast.hostio.volume;

import io.holdfast.hostio.blockmap.MapVersion;
import io.holdfast.hostio.log.LogBatch;
import io.holdfast.hostio.log.LogLane;
import io.holdfast.hostio.log.LogRuntime;
import io.holdfast.hostio.log.ScannedRow;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Takes notes along when a chunk is cleaned, so that the log tells all of the family without its maps.
/// Confined to its caller.
///
/// A note that blocks were cleared goes along only as far as they are nowhere in some version. A block that
/// lies somewhere in each was written since, and if that is cleared or overwritten once more, there is
/// something newer to tell.
final class NoteCarrier {
    private static final int NOTES_AT_ONCE = 64;

    private final Family family;
    private final List<ByteBuffer> notes = new ArrayList<>();

    NoteCarrier(Family family) {
        this.family = family;
    }

    /// Takes what is still needed of a note.
    void add(ScannedRow row) {
        long before = FamilyNote.birth(row.note());
        long birth = before == 0 ? row.sequence() : before;
        FamilyNote note = FamilyNote.decode(row.note());
        if (note instanceof FamilyNote.Cleared cleared) {
            addHoles(cleared, birth);
        } else {
            notes.add(note.encodeCarried(birth));
        }
    }

    private void addHoles(FamilyNote.Cleared cleared, long birth) {
        List<MapVersion> versions;
        family.lock.lock();
        try {
            versions = family.versions().toList();
        } finally {
            family.lock.unlock();
        }
        long end = Math.min(cleared.firstBlock() + cleared.blockCount(), MapVersion.BLOCKS_MAX);
        long at = cleared.firstBlock();
        while (at < end) {
            long from = end;
            for (MapVersion version : versions) {
                from = Math.min(from, version.next(false, at, end));
            }
            at = holeEnd(versions, from, end);
            if (at > from) {
                notes.add(new FamilyNote.Cleared(cleared.member(), from, at - from).encodeCarried(birth));
            }
        }
    }

    /// The first block from `from` on that lies somewhere in every version.
    private static long holeEnd(List<MapVersion> versions, long from, long end) {
        long until = from;
        boolean isLonger = from < end;
        while (isLonger) {
            long before = until;
            for (MapVersion version : versions) {
                until = Math.max(until, version.next(true, before, end));
            }
            isLonger = until > before && until < end;
        }
        return until;
    }

    /// Appends them; when this returns, they are durable.
    void flush(LogLane lane, LogRuntime runtime) {
        for (int from = 0; from < notes.size(); from += NOTES_AT_ONCE) {
            LogBatch batch = runtime.batch();
            notes.subList(from, Math.min(notes.size(), from + NOTES_AT_ONCE)).forEach(batch::addNote);
            lane.append(batch);
            Failures.await(batch.done());
            runtime.recycle(batch);
        }
        notes.clear();
    }
}
