package io.holdfast.gridstate.benchmark;

import io.holdfast.consensus.FencingToken;
import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.Term;
import io.holdfast.consensus.rocksdb.RocksResources;
import io.holdfast.consensus.rocksdb.RocksStateStore;
import io.holdfast.consensus.statemachine.CommandContext;
import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.consensus.store.LedgerTransaction;
import io.holdfast.consensus.store.Position;
import io.holdfast.gridstate.GridStateMachine;
import io.holdfast.gridstate.catalog.CatalogReader;
import io.holdfast.gridstate.chunkmap.ChunkCatalogs;
import io.holdfast.gridstate.chunkmap.Profile;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.gridstate.chunkmap.UsefulBytes;
import io.holdfast.gridstate.codec.GridCodec;
import io.holdfast.gridstate.command.ChunkCommand;
import io.holdfast.gridstate.command.CommandEnvelope;
import io.holdfast.gridstate.command.GridCommand;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.testing.GridHarness;
import io.holdfast.gridstate.testing.Samples;
import io.holdfast.hostio.id.ChunkId;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// Time per chunk-map command and read, and bytes per entry, on the store that nodes use, as the map grows:
/// each round opens and seals chunks up to the next size, then times commands on chunks drawn at random, and
/// reads.
///
/// Run with the test class path: `ChunkMapBenchmark DIRECTORY [SIZE...]`.
public final class ChunkMapBenchmark {
    private static final int COMMANDS_PER_ENTRY = 32;
    private static final int TIMED_ENTRIES = 500;
    private static final int STREAMS = 100;
    private static final int READS = 50_000;
    private static final FencingToken TOKEN = new FencingToken(1);
    private static final Profile PROFILE = new Profile(4, 2, Profile.Spread.NODE);

    private final GridCodec codec = new GridCodec();
    private final GridStateMachine machine = new GridStateMachine();
    private final SplittableRandom random = new SplittableRandom(1);
    private final RocksStateStore store;
    private final List<byte[]> pending = new ArrayList<>();
    private long index;
    private long chunks;

    private ChunkMapBenchmark(RocksStateStore store) {
        this.store = store;
    }

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        long[] sizes = arguments.length > 1
                ? Arrays.stream(arguments).skip(1).mapToLong(Long::parseLong).toArray()
                : new long[] {10_000, 100_000, 1_000_000};
        List<Keyspace> keyspaces = new GridStateMachine().keyspaces();
        PrintStream out = System.out;
        try (RocksResources resources = new RocksResources();
                RocksStateStore store = RocksStateStore.open(directory, keyspaces, resources)) {
            ChunkMapBenchmark benchmark = new ChunkMapBenchmark(store);
            benchmark.createStreams();
            benchmark.grow(2_000);
            benchmark.timeUpdates();
            for (long size : sizes) {
                long start = System.nanoTime();
                long before = benchmark.chunks;
                benchmark.grow(size);
                double growMicros = micros(start) / Math.max(1, 2 * (size - before));
                out.printf(
                        "entries=%d openOrSealMicros=%.1f updateMicros=%.1f readMicros=%.1f recordBytes=%.1f"
                                + " directoryBytesPerEntry=%.1f%n",
                        size,
                        growMicros,
                        benchmark.timeUpdates(),
                        benchmark.timeReads(),
                        benchmark.recordBytes(),
                        bytesOf(directory) / (double) size);
            }
        }
    }

    private void createStreams() {
        for (int i = 0; i < STREAMS; i++) {
            submit(new ChunkCommand.CreateStream(new StreamId(i), "stream-" + i, PROFILE));
        }
        flush();
    }

    private void grow(long size) {
        for (; chunks < size; chunks++) {
            ChunkId chunk = chunk(chunks);
            submit(new ChunkCommand.Open(chunk, TOKEN, PROFILE, Samples.places(6)));
            submit(new ChunkCommand.Seal(chunk, TOKEN, 64 << 20, 64 << 20, 0));
        }
        flush();
    }

    /// Microseconds per command.
    private double timeUpdates() {
        long start = System.nanoTime();
        for (int i = 0; i < TIMED_ENTRIES * COMMANDS_PER_ENTRY; i++) {
            ChunkId chunk = chunk(random.nextLong(chunks));
            UsefulBytes useful = new UsefulBytes(chunk.low(), random.nextLong(64 << 20));
            submit(new ChunkCommand.UpdateUseful(StreamId.of(chunk), TOKEN, List.of(useful)));
        }
        flush();
        return micros(start) / (TIMED_ENTRIES * COMMANDS_PER_ENTRY);
    }

    /// Microseconds per read of a chunk drawn at random, as every node reads what another member's grid
    /// partition holds.
    private double timeReads() {
        CatalogReader reader = new CatalogReader(store, codec);
        for (int i = 0; i < READS; i++) {
            reader.get(ChunkCatalogs.CHUNKS, chunk(random.nextLong(chunks)));
        }
        long start = System.nanoTime();
        for (int i = 0; i < READS; i++) {
            var _ = reader.get(ChunkCatalogs.CHUNKS, chunk(random.nextLong(chunks))).orElseThrow();
        }
        return micros(start) / READS;
    }

    /// The mean of the stored keys and values, without the indexes.
    private double recordBytes() {
        long[] sums = new long[2];
        store.scan(ChunkCatalogs.CHUNKS.keyspace(), new byte[0], new byte[0], (key, value) -> {
            sums[0]++;
            sums[1] += key.length + value.length;
            return sums[0] < 10_000;
        });
        return sums[1] / (double) sums[0];
    }

    private void submit(GridCommand command) {
        pending.add(codec.encodeCommand(new CommandEnvelope(GridHarness.NODE, "", command)));
        if (pending.size() == COMMANDS_PER_ENTRY) {
            flush();
        }
    }

    private void flush() {
        if (pending.isEmpty()) {
            return;
        }
        LogIndex next = new LogIndex(++index);
        LedgerTransaction transaction = store.begin();
        for (int i = 0; i < pending.size(); i++) {
            CommandContext context = new CommandContext(next, i, GridHarness.START_MILLIS);
            byte[] reply = machine.apply(context, pending.get(i), transaction);
            if (codec.decodeReply(reply) instanceof GridReply.Refused refused) {
                throw new IllegalStateException("refused: reply=" + refused);
            }
        }
        transaction.commit(new Position(next, new Term(1)));
        pending.clear();
    }

    private static ChunkId chunk(long number) {
        return new ChunkId(number % STREAMS, number / STREAMS);
    }

    private static double micros(long startNanos) {
        return (System.nanoTime() - startNanos) / 1_000.0;
    }

    private static long bytesOf(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            long sum = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sum += Files.size(file);
            }
            return sum;
        }
    }
}
