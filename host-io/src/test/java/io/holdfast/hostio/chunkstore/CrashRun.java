package io.holdfast.hostio.chunkstore;

import io.holdfast.hostio.disk.Disk;
import io.holdfast.hostio.disk.DiskException;
import io.holdfast.hostio.disk.DiskFullException;
import io.holdfast.hostio.id.ChunkId;
import io.holdfast.hostio.testing.SimulatedDisk;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A seeded workload on a store whose disk loses power before every step, each time in a few ways, and goes
/// on; and now and then restarts from what such a loss left. After each loss the store is opened and
/// compared with the [CrashModel].
final class CrashRun {
    private static final int IMAGES_PER_STEP = 2;

    private final SplittableRandom random;
    private final Scale scale;
    private final UnaryOperator<Disk> wrapper;
    private final StoreOptions options;
    private final CrashModel model = new CrashModel();
    private SimulatedDisk disk;
    private DiskFragmentStore store;
    private long seeds;
    private long crashes;
    private long trace;
    private @Nullable String violation;

    /// How much a store holds. What is opened and compared after each loss costs as much as there is.
    enum Scale {
        /// Fragments of several streams that grow over extents, strips of up to three blocks.
        LARGE(24 << 10, 3, 3L << 20, 2, 3),
        /// Two fragments of one stream: an eighth of the work for each loss, more of the ways to lose.
        SMALL(20 << 10, 2, 1L << 20, 1, 2);

        private final int extentBytes;
        private final int extentsPerFragment;
        private final long diskBytes;
        private final int streams;
        private final int fragmentsPerStream;

        Scale(int extentBytes, int extentsPerFragment, long diskBytes, int streams, int fragmentsPerStream) {
            this.extentBytes = extentBytes;
            this.extentsPerFragment = extentsPerFragment;
            this.diskBytes = diskBytes;
            this.streams = streams;
            this.fragmentsPerStream = fragmentsPerStream;
        }

        private StoreGeometry geometry() {
            return new StoreGeometry(extentBytes, 4, extentsPerFragment);
        }

        private int blocksMax() {
            return geometry().payloadBytesMax() / Layout.BLOCK_BYTES;
        }
    }

    /// @param wrapper what stands between store and disk: nothing, or a defect
    CrashRun(long seed, Scale scale, UnaryOperator<Disk> wrapper) {
        this.random = new SplittableRandom(seed);
        this.scale = scale;
        this.wrapper = wrapper;
        options = new StoreOptions(scale.geometry(), 8, 1 << 20, random.split());
        disk = new SimulatedDisk("simulated", scale.diskBytes);
        disk.observe((_, _) -> crash());
        store = open();
    }

    private DiskFragmentStore open() {
        return DiskFragmentStore.open(wrapper.apply(disk), options, new FencingTokens());
    }

    /// Works until so many crashes were checked or one showed something wrong; returns that, or nothing.
    @Nullable String run(long crashCount) {
        while (crashes < crashCount && violation == null) {
            for (int i = 0; i < 40 && violation == null; i++) {
                step();
            }
            restart();
        }
        store.close();
        return violation;
    }

    long crashes() {
        return crashes;
    }

    /// A number that depends on all that happened.
    long trace() {
        return trace;
    }

    private void crash() {
        for (int i = 0; i < IMAGES_PER_STEP && violation == null; i++) {
            crashes++;
            SimulatedDisk image = disk.crash(random);
            DiskFragmentStore survivor;
            try {
                survivor = DiskFragmentStore.open(image, options, new FencingTokens());
            } catch (ChunkStoreException | DiskException failure) {
                violation = "the store does not open: " + failure.getMessage();
                return;
            }
            violation = model.check(survivor);
            trace = 31 * trace + survivor.disks().getFirst().usedBytes() + survivor.fragments().hashCode();
            survivor.close();
            if (violation == null && image.openCount() != 0) {
                violation = "files left open: " + image.openCount();
            }
        }
    }

    /// Loses power for good and goes on with what is left.
    private void restart() {
        SimulatedDisk image = disk.crash(random);
        disk.observe((_, _) -> {});
        store.close();
        disk = image;
        store = DiskFragmentStore.open(disk, options, new FencingTokens());
        String wrong = model.check(store);
        violation = violation == null ? wrong : violation;
        if (violation == null) {
            model.settle(store);
        }
        store.close();
        disk.observe((_, _) -> crash());
        store = open();
    }

    private void step() {
        List<Runnable> acknowledgements = new ArrayList<>();
        int operations = 1 + random.nextInt(4);
        for (int i = 0; i < operations; i++) {
            submit(acknowledgements);
        }
        store.commit();
        prepare();
        acknowledgements.forEach(Runnable::run);
    }

    /// Does what changes wait for, and sometimes what none waits for yet.
    private void prepare() {
        while (store.isWaitingForSpace() || random.nextInt(8) == 0) {
            try {
                store.segments().forgetRefusal();
                store.segments().prepare();
            } catch (DiskFullException _) {
                trace++; // Whoever waited is told so.
            }
            store.commit();
        }
    }

    private void submit(List<Runnable> acknowledgements) {
        int choice = random.nextInt(100);
        ChunkId chunk = new ChunkId(random.nextInt(scale.streams), random.nextInt(scale.fragmentsPerStream));
        FragmentId id = FragmentId.of(chunk, 0);
        long known = model.tokensAttempted.getOrDefault(id.stream(), 1L);
        long token = random.nextInt(20) == 0 ? known + 1 : known;
        CrashModel.ModelFragment fragment = model.fragments.get(id);
        if (choice < 3) {
            expect(acknowledgements, id, token, store.installToken(id.stream(), token), () -> {});
        } else if (choice < 6) {
            expectFenced(acknowledgements, id, known - 1);
        } else if (fragment == null) {
            create(id, token, acknowledgements);
        } else if (fragment.deleting) {
            return; // One thing at a time, else nobody could say what must be there.
        } else if (choice < 12) {
            delete(id, fragment, token, acknowledgements);
        } else if (choice < 18) {
            seal(id, fragment, token, acknowledgements);
        } else {
            append(id, fragment, token, acknowledgements);
        }
    }

    private void expectFenced(List<Runnable> acknowledgements, FragmentId id, long token) {
        if (model.tokensAttempted.containsKey(id.stream())) {
            CompletableFuture<Void> done = store.delete(id, token);
            acknowledgements.add(() -> {
                if (!done.isCompletedExceptionally() || !(done.exceptionNow() instanceof FencedException)) {
                    violation = "an older token was accepted: " + token + " of stream " + id.stream();
                }
            });
        }
    }

    private void create(FragmentId id, long token, List<Runnable> acknowledgements) {
        CrashModel.ModelFragment created = new CrashModel.ModelFragment();
        model.fragments.put(id, created);
        expect(acknowledgements, id, token, store.create(id, StripFixture.PROFILE, token), () ->
                created.created = true);
    }

    private void delete(
            FragmentId id, CrashModel.ModelFragment fragment, long token, List<Runnable> acknowledgements) {
        fragment.deleting = true;
        expect(acknowledgements, id, token, store.delete(id, token), () -> model.fragments.remove(id));
    }

    private void seal(
            FragmentId id, CrashModel.ModelFragment fragment, long token, List<Runnable> acknowledgements) {
        if (fragment.sealAttempted < 0) {
            int rowLimit = Math.max(0, fragment.nextRow - random.nextInt(3));
            fragment.sealAttempted = rowLimit;
            expect(acknowledgements, id, token, store.seal(id, token, rowLimit), () ->
                    fragment.sealed = true);
        }
    }

    private void append(
            FragmentId id, CrashModel.ModelFragment fragment, long token, List<Runnable> acknowledgements) {
        List<Strip> strips = new ArrayList<>();
        int count = random.nextInt(8) == 0 ? 20 : 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            int row = fragment.nextRow++;
            int blocksMax = random.nextInt(5) == 0 ? scale.blocksMax() : 1;
            int blocks = random.nextInt(10) == 0 ? 0 : 1 + random.nextInt(blocksMax);
            strips.add(StripFixture.strip(id, row, token, blocks, seeds++));
            fragment.attempted.put(row, strips.getLast());
        }
        if (random.nextInt(10) == 0 && !fragment.acknowledged.isEmpty()) {
            strips.add(fragment.acknowledged.firstEntry().getValue()); // A retry of what is there.
        }
        expect(acknowledgements, id, token, store.append(id, token, strips), () ->
                strips.forEach(strip -> fragment.acknowledged.put(strip.header().row(), strip)));
    }

    private void expect(
            List<Runnable> acknowledgements,
            FragmentId id,
            long token,
            CompletableFuture<Void> done,
            Runnable acknowledged) {
        attempt(id.stream(), token);
        acknowledgements.add(() -> {
            if (!done.isDone()) {
                violation = "a change was never answered";
            } else if (!done.isCompletedExceptionally()) {
                model.tokensAcknowledged.merge(id.stream(), token, Math::max);
                acknowledged.run();
            } else if (!isHarmless(done.exceptionNow()) && !isOvertaken(id, token, done.exceptionNow())) {
                violation = "refused for no reason: " + done.exceptionNow();
            }
        });
    }

    /// Whether a newer writer came while the change waited for space.
    private boolean isOvertaken(FragmentId id, long token, Throwable failure) {
        return failure instanceof FencedException
                && model.tokensAttempted.getOrDefault(id.stream(), token) > token;
    }

    private static boolean isHarmless(Throwable failure) {
        return failure instanceof ConflictException
                || failure instanceof FragmentNotFoundException
                || failure instanceof DiskFullException;
    }

    private void attempt(long stream, long token) {
        model.tokensAttempted.merge(stream, token, Math::max);
    }
}
