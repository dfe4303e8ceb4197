package io.holdfast.chaos.mutant.subject;

import io.holdfast.chaos.checker.LeaseChecker;
import io.holdfast.chaos.checker.LeaseEvent;
import io.holdfast.chaos.checker.Verdict;
import io.holdfast.chaos.mutant.Mutant;
import io.holdfast.hostio.chunkstore.FragmentId;
import io.holdfast.hostio.chunkstore.FragmentStore;
import io.holdfast.hostio.chunkstore.StoreGeometry;
import io.holdfast.hostio.erasure.ErasureProfile;
import io.holdfast.hostio.id.ChunkId;
import io.holdfast.hostio.testing.SimulatedHosts;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;

/// Writers of one stream at one host, each with the token of another grant, older ones among them. Confined
/// to one thread.
public final class FencingSubject implements Mutant.Subject {
    private static final StoreGeometry GEOMETRY = new StoreGeometry(128 << 10, 16, 8);
    private static final ErasureProfile PROFILE = new ErasureProfile(2, 1);
    private static final long DISK_BYTES = 48L << 20;
    private static final long STREAM = 7;
    private static final int WRITE_COUNT = 40;
    private static final int TOKEN_MAX = 5;

    private final List<LeaseEvent> events = new ArrayList<>();
    private long nanos;

    @Override
    public List<Verdict> run(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (SimulatedHosts hosts = SimulatedHosts.start(1, DISK_BYTES, GEOMETRY)) {
            for (int number = 0; number < WRITE_COUNT; number++) {
                write(hosts.store(1), number, 1 + random.nextInt(TOKEN_MAX));
            }
        }
        return List.of(new LeaseChecker().check(events));
    }

    private void write(FragmentStore store, int number, long token) {
        long requested = ++nanos;
        try {
            store.create(FragmentId.of(new ChunkId(STREAM, number), 0), PROFILE, token).join();
            events.add(new LeaseEvent.Used("stream", "writer-" + token, token, requested, ++nanos));
        } catch (CompletionException refused) {
            // As it should be for an older token; a newer one that is refused would show elsewhere.
            nanos++;
        }
    }
}
