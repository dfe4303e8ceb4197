package io.holdfast.node.benchmark;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.chunkmap.ChunkCatalogs;
import io.holdfast.gridstate.chunkmap.FragmentPlace;
import io.holdfast.gridstate.chunkmap.Profile;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.gridstate.command.ChunkCommand;
import io.holdfast.gridstate.command.GridCommand;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.hostio.id.ChunkId;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/// Fills a running cluster's chunk map with sealed chunks and prints the rate of the commands, two for each
/// entry, as the map grows.
///
/// Arguments: a node's data directory, the number of entries, and a number for the streams that no run used
/// before.
public final class CatalogScaleBenchmark {
    private static final int OUTSTANDING = 512;
    private static final int STREAMS = 100;
    private static final long CHUNK_BYTES = 1L << 26;
    private static final FencingToken TOKEN = new FencingToken(1);
    private static final Profile PROFILE = new Profile(2, 1, Profile.Spread.NODE);
    private static final List<FragmentPlace> PLACES =
            List.of(new FragmentPlace(1, 0), new FragmentPlace(2, 0), new FragmentPlace(3, 0));

    private CatalogScaleBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        long entries = Long.parseLong(arguments[1]);
        long firstStream = Long.parseLong(arguments[2]);
        AtomicLong refused = new AtomicLong();
        try (NodeClient client = new NodeClient(Path.of(arguments[0]))) {
            for (long stream = firstStream; stream < firstStream + STREAMS; stream++) {
                submit(client, new ChunkCommand.CreateStream(
                        new StreamId(stream), "scale-" + stream, PROFILE));
                submit(client, new ChunkCommand.FenceStream(new StreamId(stream), TOKEN));
            }
            Semaphore permits = new Semaphore(OUTSTANDING);
            long next = 10_000;
            long done = 0;
            long started = System.nanoTime();
            for (long number = 0; number < entries; number++) {
                permits.acquireUninterruptibly();
                ChunkId chunk = new ChunkId(firstStream + number % STREAMS, number / STREAMS);
                var _ = add(client, chunk).whenComplete((reply, failure) -> {
                    if (failure != null || reply instanceof GridReply.Refused) {
                        refused.incrementAndGet();
                    }
                    permits.release();
                });
                if (number + 1 == next || number + 1 == entries) {
                    permits.acquireUninterruptibly(OUTSTANDING);
                    permits.release(OUTSTANDING);
                    report(number + 1, 2 * (number + 1 - done), System.nanoTime() - started, refused.get());
                    done = number + 1;
                    next = done * 10;
                    started = System.nanoTime();
                }
            }
        }
    }

    /// A stream has a bounded number of open chunks, so each is sealed at once.
    private static CompletableFuture<GridReply> add(NodeClient client, ChunkId chunk) {
        return client.submit(new ChunkCommand.Open(chunk, TOKEN, PROFILE, PLACES))
                .thenCompose(_ -> client.submit(
                        new ChunkCommand.Seal(chunk, TOKEN, CHUNK_BYTES, CHUNK_BYTES, 0)));
    }

    private static void submit(NodeClient client, GridCommand command) {
        GridReply reply = client.submit(command).join();
        if (reply instanceof GridReply.Refused refused) {
            throw new IllegalStateException(
                    "refused: catalog=" + ChunkCatalogs.STREAMS.name() + " " + refused);
        }
    }

    @SuppressWarnings("SystemOut") // A benchmark's product is what it prints.
    private static void report(long entries, long count, long nanos, long refused) {
        System.out.println(String.format(
                Locale.ROOT, "entries=%d commandsPerSecond=%.0f microsPerCommand=%.1f refused=%d",
                entries, count / (nanos / 1e9), nanos / 1e3 / count, refused));
    }
}
