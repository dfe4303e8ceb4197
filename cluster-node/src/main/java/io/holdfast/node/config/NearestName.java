package io.holdfast.node.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Guesses which known name was meant by an unknown one.
public final class NearestName {
    /// Names that need more edits than this share of their length are not what was meant.
    private static final int LENGTH_PER_EDIT = 3;

    private static final int COMPARED_CHARACTERS_MAX = 200;

    private NearestName() {}

    /// The known name with the least edit distance, if it is near enough to be a likely slip.
    public static Optional<String> of(String unknown, Collection<String> known) {
        if (unknown.length() > COMPARED_CHARACTERS_MAX) {
            return Optional.empty();
        }
        int allowed = Math.max(2, unknown.length() / LENGTH_PER_EDIT);
        return known.stream()
                .min(Comparator.comparingInt((String name) -> distance(unknown, name))
                        .thenComparing(name -> name))
                .filter(name -> distance(unknown, name) <= allowed);
    }

    /// Levenshtein's distance: insertions, deletions and replacements.
    static int distance(String from, String to) {
        int[] previous = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] current = new int[to.length() + 1];
            current[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = previous[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[to.length()];
    }
}
