package io.holdfast.hostio.chunkstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.disk.Disk;
import io.holdfast.hostio.disk.DiskFile;
import io.holdfast.hostio.id.ChunkId;
import io.holdfast.hostio.testing.SimulatedDisk;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// Bytes changed behind the store's back: no wrong byte is returned, and nothing that was acknowledged goes
/// missing without being said.
final class FragmentStoreDamageTest {
    private static final long SEED = Long.getLong("holdfast.seed", 17);
    private static final StoreGeometry GEOMETRY = new StoreGeometry(24 << 10, 12, 8);
    private static final int TRIALS = 3_000;
    private static final int FRAGMENTS = 4;
    private static final int ROWS = 6;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Map<FragmentId, List<Strip>> written = new HashMap<>();
    private final SimulatedDisk disk = new SimulatedDisk("a", 4 << 20);

    private static StoreOptions options() {
        return new StoreOptions(GEOMETRY, 8, 1 << 20, new SplittableRandom(3));
    }

    private static DiskFragmentStore open(Disk disk) {
        return DiskFragmentStore.open(disk, options(), new FencingTokens());
    }

    private void fill() {
        DiskFragmentStore store = open(disk);
        for (int f = 0; f < FRAGMENTS; f++) {
            FragmentId id = FragmentId.of(new ChunkId(f, 0), 1);
            commit(store, store.create(id, StripFixture.PROFILE, 3));
            written.put(id, new ArrayList<>());
            for (int row = 0; row < ROWS; row++) {
                Strip strip = StripFixture.strip(id, row, 3, 1 + row % 2, f * 100L + row);
                written.get(id).add(strip);
                commit(store, store.append(id, 3, List.of(strip)));
            }
            if (f == 0) {
                commit(store, store.seal(id, 3, ROWS));
            }
        }
        store.close();
    }

    private static void commit(DiskFragmentStore store, CompletableFuture<Void> change) {
        StripFixture.commit(store);
        change.join();
    }

    @Test
    void aFlippedBitIsNeverReturnedAndNeverSilent() {
        fill();
        for (int trial = 0; trial < TRIALS; trial++) {
            SimulatedDisk damaged = disk.crash(random); // All is synced: an exact copy.
            String file = "segment-0000000" + random.nextInt(2);
            long position = random.nextLong(GEOMETRY.segmentBytes());
            damaged.flipBit(file, position, random.nextInt(8));
            DiskFragmentStore store = open(damaged);
            String where = file + "@" + position + " seed " + SEED;
            DiskStatus status = store.disks().getFirst();
            boolean reported = !status.damages().isEmpty() || !status.torn().isEmpty();
            written.forEach((id, strips) -> check(store, id, strips, reported, where));
            store.close();
        }
    }

    private static void check(
            FragmentStore store, FragmentId id, List<Strip> strips, boolean reported, String where) {
        for (Strip strip : strips) {
            ByteBuffer payload = ByteBuffer.allocate(StripHeader.PAYLOAD_BYTES_MAX);
            try {
                store.read(id, strip.header().row(), payload);
                assertEquals(strip.payload(), payload.flip(), where);
            } catch (CorruptDataException corrupt) {
                assertTrue(String.valueOf(corrupt.getMessage()).contains("where=a/segment-"), where);
            } catch (FragmentNotFoundException | StripNotFoundException missing) {
                assertTrue(reported, () -> "missing and nothing said: " + missing.getMessage() + " " + where);
            }
        }
    }

    @Test
    void arbitraryBytesInPlaceOfBlocksDoNoMore() {
        fill();
        for (int trial = 0; trial < TRIALS / 3; trial++) {
            SimulatedDisk damaged = disk.crash(random);
            byte[] bytes = new byte[1 + random.nextInt(8192)];
            random.nextBytes(bytes);
            String file = random.nextInt(20) == 0 ? "tokens" : "segment-0000000" + random.nextInt(2);
            try (DiskFile open = damaged.open(file)) {
                open.write(random.nextLong(open.sizeBytes() - bytes.length), ByteBuffer.wrap(bytes));
                open.sync();
            }
            DiskFragmentStore store = open(damaged);
            DiskStatus status = store.disks().getFirst();
            boolean reported = !status.damages().isEmpty() || !status.torn().isEmpty();
            written.forEach((id, strips) -> check(store, id, strips, reported, file + " seed " + SEED));
            store.close();
        }
    }

    @Test
    void aMisdirectedWriteIsNoticedByWhoeverReads() {
        fill();
        DiskFragmentStore store = open(disk);
        FragmentId id = FragmentId.of(new ChunkId(FRAGMENTS - 1, 0), 1);
        commit(store, store.append(id, 3, List.of(StripFixture.strip(id, ROWS, 3, 1, 1))));
        disk.misdirectNextWrite(-3L * Layout.BLOCK_BYTES);
        commit(store, store.append(id, 3, List.of(StripFixture.strip(id, ROWS + 1, 3, 1, 2))));
        int damaged = 0;
        Scrubber scrubber = new Scrubber(store, Optional.empty());
        for (Optional<Scrubber.Finding> finding = scrubber.next();
                finding.isPresent();
                finding = scrubber.next()) {
            damaged += finding.get().damage().isPresent() ? 1 : 0;
        }
        store.close();
        assertTrue(damaged >= 2, "the strip that is not there and the one written over: " + damaged);
    }

    @Test
    void theScrubberReadsEverythingOnceAndGoesOnWhereItStopped() {
        fill();
        DiskFragmentStore store = open(disk);
        int strips = 0;
        Scrubber scrubber = new Scrubber(store, Optional.empty());
        while (scrubber.next().isPresent()) {
            strips++;
        }
        assertEquals(FRAGMENTS * ROWS, strips);
        FragmentId second = store.fragments().get(1);
        Scrubber rest = new Scrubber(store, Optional.of(second));
        assertEquals(store.fragments().get(2), rest.next().orElseThrow().fragment());
        store.close();
    }
}
