package io.holdfast.chaos.workload;

import io.holdfast.chaos.checker.Verdict;
import io.holdfast.chaos.cluster.ApiCall;
import io.holdfast.chaos.cluster.ApiOutcome;
import io.holdfast.chaos.cluster.NodeApi;
import io.holdfast.chaos.json.Json;
import io.holdfast.chaos.pace.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/// A volume that is written and read as a block device while nodes come and go. Started and finished by one
/// thread; each writer has a thread of its own, which ends with it.
public final class VolumeWorkload implements AutoCloseable {
    private static final String VOLUME = "chaos";
    public static final int WRITER_COUNT = 2;
    private static final long SIZE_BYTES = 16L << 20;

    private final Duration limit;
    private final LongSupplier nanoClock;
    private final List<VolumeWriter> writers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    /// How much is done.
    ///
    /// @param blockCount of each writer
    /// @param readBatchBlockCount blocks that are read at once
    /// @param readsInTen how many of ten steps read; the others write
    /// @param blocksPerSecondMax of all writers together; 0 for as many as they can
    public record Load(int blockCount, int readBatchBlockCount, int readsInTen, int blocksPerSecondMax) {}

    /// What came of it so far.
    ///
    /// @param safe writes that were said to be safe
    /// @param unanswered writes without an answer
    /// @param read blocks that were read and judged
    public record Counts(long safe, long unanswered, long read) {}

    /// Prepares writers.
    ///
    /// @param sockets where each node serves block devices
    /// @param limit how long the volume may be out of reach
    public VolumeWorkload(
            Map<String, Path> sockets, Load load, long seed, Duration limit, LongSupplier nanoClock) {
        this.limit = limit;
        this.nanoClock = nanoClock;
        for (int writer = 0; writer < WRITER_COUNT; writer++) {
            VolumeWriter.Range range = new VolumeWriter.Range(
                    writer + 1L, (long) writer * load.blockCount(), load.blockCount());
            writers.add(new VolumeWriter(range,
                    new VolumeWriter.Load(
                            load.readBatchBlockCount(), load.readsInTen(),
                            load.blocksPerSecondMax() / WRITER_COUNT),
                    VOLUME, sockets, new SplittableRandom(seed + 2_000 + writer), nanoClock));
        }
    }

    /// Makes the volume and begins to write.
    ///
    /// @param profile such as `2+1`
    public void start(NodeApi api, String address, String profile)
            throws TimeoutException, InterruptedException {
        ApiCall create = ApiCall.post("/v1/volumes", Json.object()
                        .put("name", VOLUME).put("sizeBytes", SIZE_BYTES).put("profile", profile).build())
                .with("Idempotency-Key", "volume-" + VOLUME);
        Await.real().untilTrue("the volume made", limit, () -> isDone(api, address, create));
        for (VolumeWriter writer : writers) {
            threads.add(Thread.ofVirtual().name("volume-writer-" + writer.writer()).start(() -> run(writer)));
        }
        awaitWrite(_ -> true);
    }

    private static boolean isDone(NodeApi api, String address, ApiCall call) {
        try {
            return switch (api.call(address, call)) {
                case ApiOutcome.Answered answered when answered.isSuccess() -> true;
                case ApiOutcome.Answered answered when answered.status() < 500 && !answered.isUnavailable() ->
                    throw new IllegalStateException("no volume: " + answered);
                case ApiOutcome _ -> false;
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while making a volume", e);
        }
    }

    private void run(VolumeWriter writer) {
        try {
            writer.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | AssertionError e) {
            failures.add(e);
        }
    }

    /// The node at which something was safe last.
    public String servingNode() {
        return writers.getFirst().progress().node();
    }

    /// Waits until something that each writer sends from now on is safe at such a node.
    ///
    /// @return how long that took
    public Duration awaitWrite(Predicate<String> node) throws TimeoutException, InterruptedException {
        long since = nanoClock.getAsLong();
        for (VolumeWriter writer : writers) {
            Await.real().untilTrue("a safe write of writer " + writer.writer(), limit, () -> {
                VolumeWriter.Progress progress = writer.progress();
                return progress.sentNanos() > since && node.test(progress.node());
            });
        }
        return Duration.ofNanos(nanoClock.getAsLong() - since);
    }

    /// Stops the writers, reads everything, and judges.
    public List<Verdict> finish() throws TimeoutException, InterruptedException {
        writers.forEach(VolumeWriter::stop);
        for (Thread thread : threads) {
            if (!thread.join(limit)) {
                throw new TimeoutException("a writer does not end, name=" + thread.getName());
            }
        }
        if (!failures.isEmpty()) {
            throw new IllegalStateException("a writer failed", failures.getFirst());
        }
        List<Verdict> verdicts = new ArrayList<>();
        for (VolumeWriter writer : writers) {
            Await.real().untilTrue("all blocks read", limit, () -> hasReadAll(writer));
            verdicts.add(writer.verdict());
        }
        return verdicts;
    }

    /// What was found so far, while the writers go on.
    public List<Verdict> verdicts() {
        return writers.stream().map(VolumeWriter::verdict).toList();
    }

    /// What writers ended with that did not end as they should.
    public List<Throwable> failures() {
        return List.copyOf(failures);
    }

    private static boolean hasReadAll(VolumeWriter writer) {
        try {
            return writer.readAll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading", e);
        }
    }

    /// Of all writers together.
    public Counts counts() {
        long safe = 0;
        long unanswered = 0;
        long read = 0;
        for (VolumeWriter writer : writers) {
            VolumeWriter.Counts one = writer.counts();
            safe += one.safe();
            unanswered += one.unanswered();
            read += one.read();
        }
        return new Counts(safe, unanswered, read);
    }

    @Override
    public void close() {
        writers.forEach(VolumeWriter::close);
        threads.forEach(Thread::interrupt);
    }
}
