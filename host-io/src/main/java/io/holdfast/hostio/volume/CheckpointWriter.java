package io.holdfast.hostio.volume;

import io.holdfast.hostio.blockmap.LongTable;
import io.holdfast.hostio.blockmap.MapPage;
import io.holdfast.hostio.blockmap.MapVersion;
import io.holdfast.hostio.log.BlockPlace;
import io.holdfast.hostio.log.LogBatch;
import io.holdfast.hostio.log.LogLane;
import io.holdfast.hostio.log.LogRuntime;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Stores the maps in the log, beside the blocks and while they change. Confined to one thread at a time.
///
/// Pages that changed go first, then the table, which makes the checkpoint count. A page may come to show
/// what happened after the table was drawn up: replaying the log from there does it again, to the same end.
/// Tables are stored under two sets of names in turn, so that the last complete one is always there.
final class CheckpointWriter {
    private final Family family;
    private final LogLane lane;
    private final LogRuntime runtime;
    private final int batchBlocks;
    private final ByteBuffer image = ByteBuffer.allocate(MapPage.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long number;

    /// @param lastNumber of the checkpoint that was loaded; 0 if none
    CheckpointWriter(Family family, LogLane lane, LogRuntime runtime, int batchBlocks, long lastNumber) {
        this.family = family;
        this.lane = lane;
        this.runtime = runtime;
        this.batchBlocks = batchBlocks;
        this.number = lastNumber;
    }

    /// What is stored: keys to places.
    private record Stored(LongTable pages, List<MapPage> cleaned) {}

    /// Stores a checkpoint; when this returns, it is durable.
    void write() {
        List<MapVersion> versions;
        FamilyTable table;
        family.lock.lock();
        try {
            versions = family.versions().toList();
            table = family.table();
        } finally {
            family.lock.unlock();
        }
        Stored stored = new Stored(new LongTable(1024), new ArrayList<>());
        try {
            storePages(versions, stored);
            storeTable(table, stored.pages);
            install(stored, table.sequence());
        } catch (RuntimeException failure) {
            stored.cleaned.forEach(MapPage::soil);
            throw failure;
        }
    }

    private void storePages(List<MapVersion> versions, Stored stored) {
        List<MapPage> changed = new ArrayList<>();
        for (MapVersion version : versions) {
            version.forEachPage(page -> {
                long key = BlockKey.ofPage(page.generation(), page.number());
                if (stored.pages.get(key) == LongTable.ABSENT) {
                    long place = family.pagePlace(key);
                    stored.pages.put(key, place);
                    if (page.isDirty() || place == BlockPlace.NONE) {
                        changed.add(page);
                    }
                }
            });
        }
        List<LogBatch> sent = new ArrayList<>();
        LogBatch batch = runtime.batch();
        for (MapPage page : changed) {
            page.clean();
            stored.cleaned.add(page);
            page.encode(image.clear());
            batch.add(BlockKey.ofPage(page.generation(), page.number()), image);
            if (batch.count() == batchBlocks) {
                sent.add(send(batch));
                batch = runtime.batch();
            }
        }
        sent.add(send(batch));
        settle(sent, stored.pages);
    }

    private LogBatch send(LogBatch batch) {
        if (!batch.isEmpty()) {
            lane.append(batch);
        }
        return batch;
    }

    private void settle(List<LogBatch> sent, LongTable places) {
        for (LogBatch batch : sent) {
            CompletableFuture<Void> done =
                    batch.isEmpty() ? CompletableFuture.completedFuture(null) : batch.done();
            Failures.await(done);
            for (int i = 0; i < batch.count(); i++) {
                places.put(batch.key(i), batch.place(i));
            }
            runtime.recycle(batch);
        }
    }

    private void storeTable(FamilyTable table, LongTable places) {
        number++;
        int first = (int) (number & 1) << 20;
        List<LogBatch> sent = new ArrayList<>();
        LogBatch batch = runtime.batch();
        List<ByteBuffer> blocks = table.encode(number);
        for (int i = 0; i < blocks.size(); i++) {
            batch.add(BlockKey.ofTable(first + i), blocks.get(i));
            if (batch.count() == batchBlocks) {
                sent.add(send(batch));
                batch = runtime.batch();
            }
        }
        sent.add(send(batch));
        settle(sent, places);
    }

    private void install(Stored stored, long sequence) {
        family.lock.lock();
        try {
            family.checkpointed(stored.pages, sequence);
        } finally {
            family.lock.unlock();
        }
    }
}
