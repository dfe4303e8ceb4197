package io.holdfast.hostio.chunkstore;

import io.holdfast.hostio.disk.Disk;
import io.holdfast.hostio.disk.DiskFile;
import java.util.Iterator;
import java.util.LinkedHashMap;

/// A bounded number of open segment files of one disk; those not used for longest are closed first.
/// Concurrent: one lock, never held during reading or writing.
final class OpenFiles implements AutoCloseable {
    private final Disk disk;
    private final int openMax;
    private final LinkedHashMap<Integer, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    /// @param openMax files kept open; more only while more are in use at once
    OpenFiles(Disk disk, int openMax) {
        this.disk = disk;
        this.openMax = openMax;
    }

    /// A file in use until it is closed.
    final class Entry implements AutoCloseable {
        private final DiskFile file;
        private int users;

        private Entry(DiskFile file) {
            this.file = file;
        }

        DiskFile file() {
            return file;
        }

        @Override
        public void close() {
            synchronized (entries) {
                users--;
                closeSurplus();
            }
        }
    }

    /// Opens a segment's file or finds it open.
    Entry use(int segmentNumber) {
        synchronized (entries) {
            Entry entry = entries.get(segmentNumber);
            if (entry == null) {
                entry = new Entry(disk.open(SegmentHeader.file(segmentNumber)));
                entries.put(segmentNumber, entry);
            }
            entry.users++;
            closeSurplus();
            return entry;
        }
    }

    private void closeSurplus() {
        Iterator<Entry> eldest = entries.values().iterator();
        while (entries.size() > openMax && eldest.hasNext()) {
            Entry entry = eldest.next();
            if (entry.users == 0) {
                eldest.remove();
                entry.file.close();
            }
        }
    }

    /// Closes all files; none may be in use.
    @Override
    public void close() {
        synchronized (entries) {
            entries.values().forEach(entry -> entry.file.close());
            entries.clear();
        }
    }
}
