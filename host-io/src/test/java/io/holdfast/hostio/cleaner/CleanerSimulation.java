package io.holdfast.hostio.cleaner;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// A volume over a bounded number of chunks, block by block, that counts how many blocks are written for
/// each one that its user writes.
final class CleanerSimulation {
    private static final int CHUNK_COUNT = 800;
    private static final int CHUNK_BLOCKS = 128;
    /// Chunks kept free; cleaning begins below.
    private static final int FREE_MIN = 4;
    /// Writes per block before measuring, and as many again while measuring.
    private static final int ROUNDS = 6;

    private final CleanerPolicy policy;
    private final int blocks;
    private final @Nullable Chunk[] places;
    private final List<Chunk> sealed = new ArrayList<>();
    private final Chunk[] open;
    private int freeCount = CHUNK_COUNT;
    private long userWrites;
    private long writes;

    /// One chunk; a block is useful while the volume's map points here.
    private static final class Chunk {
        final int generation;
        final int[] written = new int[CHUNK_BLOCKS];
        int count;
        int useful;
        long sealedAt;

        Chunk(int generation) {
            this.generation = generation;
        }
    }

    CleanerSimulation(CleanerPolicy policy, double full) {
        this.policy = policy;
        blocks = (int) (CHUNK_COUNT * CHUNK_BLOCKS * full);
        places = new Chunk[blocks];
        open = new Chunk[policy.generations() + 1];
        for (int i = 0; i < open.length; i++) {
            open[i] = newChunk(i);
        }
    }

    int blocks() {
        return blocks;
    }

    double writeAmplification(IntSupplier load) {
        for (int block = 0; block < blocks; block++) {
            write(block, 0);
        }
        run(load);
        long writesBefore = writes;
        long userWritesBefore = userWrites;
        run(load);
        return (double) (writes - writesBefore) / (userWrites - userWritesBefore);
    }

    private void run(IntSupplier load) {
        for (long i = 0; i < (long) ROUNDS * blocks; i++) {
            userWrites++;
            write(load.getAsInt(), 0);
            while (freeCount < FREE_MIN) {
                clean();
            }
        }
    }

    private void clean() {
        List<CleanerPolicy.Candidate<Chunk>> candidates = new ArrayList<>(sealed.size());
        for (Chunk chunk : sealed) {
            long age = (userWrites - chunk.sealedAt) * 4096;
            candidates.add(new CleanerPolicy.Candidate<>(
                    chunk, chunk.useful * 4096L, CHUNK_BLOCKS * 4096L, age, chunk.generation));
        }
        for (CleanerPolicy.Candidate<Chunk> candidate : policy.choose(candidates, 4)) {
            Chunk chunk = candidate.chunk();
            sealed.remove(chunk);
            for (int block : chunk.written) {
                if (places[block] == chunk) {
                    write(block, policy.nextGeneration(chunk.generation));
                }
            }
            freeCount++;
        }
    }

    private void write(int block, int generation) {
        writes++;
        Chunk before = places[block];
        if (before != null) {
            before.useful--;
        }
        Chunk chunk = open[generation];
        chunk.written[chunk.count++] = block;
        chunk.useful++;
        places[block] = chunk;
        if (chunk.count == CHUNK_BLOCKS) {
            chunk.sealedAt = userWrites;
            sealed.add(chunk);
            open[generation] = newChunk(generation);
        }
    }

    private Chunk newChunk(int generation) {
        freeCount--;
        return new Chunk(generation);
    }
}
