package io.holdfast.hostio.cleaner;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// Decides what the cleaner does next. Immutable.
///
/// @param generations how many kinds of survivors are kept apart, beside what is newly written
/// @param usefulShareMax a chunk more useful than this is never cleaned; moving it would free too little
public record CleanerPolicy(int generations, double usefulShareMax) {
    /// Six generations: more gained nothing in simulation, fewer cost on skewed loads.
    public static final CleanerPolicy DEFAULT = new CleanerPolicy(6, 0.95);

    public CleanerPolicy {
        if (generations < 1 || usefulShareMax <= 0 || usefulShareMax > 1) {
            throw new IllegalArgumentException(
                    "generations=" + generations + " usefulShareMax=" + usefulShareMax);
        }
    }

    /// What the policy needs to know of a sealed chunk.
    ///
    /// @param usefulBytes bytes that something still refers to
    /// @param sizeBytes bytes written to it
    /// @param age how much was written to the stream since the chunk was sealed, in bytes
    /// @param generation how often its content has survived
    public record Candidate<T>(T chunk, long usefulBytes, long sizeBytes, long age, int generation) {
        double usefulShare() {
            return sizeBytes == 0 ? 0 : (double) usefulBytes / sizeBytes;
        }
    }

    /// The benefit of cleaning a chunk over its cost: free space won, times the square root of its age, over
    /// one read and as much writing as is useful.
    public double score(Candidate<?> candidate) {
        double useful = candidate.usefulShare();
        return (1 - useful) * Math.sqrt(candidate.age() + 1.0) / (1 + useful);
    }

    /// The chunks to clean, best first. Chunks with nothing useful come before all: they cost nothing.
    ///
    /// @param countMax how many at most
    public <T> List<Candidate<T>> choose(Collection<Candidate<T>> sealed, int countMax) {
        Comparator<Candidate<T>> emptyFirst = Comparator.comparing(candidate -> candidate.usefulBytes() > 0);
        return sealed.stream()
                .filter(candidate -> candidate.usefulShare() <= usefulShareMax)
                .sorted(emptyFirst.thenComparing(Comparator.comparingDouble(this::score).reversed()))
                .limit(countMax)
                .toList();
    }

    /// The generation that survivors of a chunk go to; new writes are generation 0.
    public int nextGeneration(int generation) {
        return Math.min(generation + 1, generations);
    }
}
