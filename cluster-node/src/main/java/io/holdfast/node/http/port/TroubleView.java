package io.holdfast.node.http.port;

import java.util.List;

/// Records that tell of trouble, found without looking through everything each time. Concurrent.
@FunctionalInterface
public interface TroubleView {
    /// What is known now.
    Troubles troubles();

    /// What is known.
    ///
    /// @param items kinds of trouble that there are
    /// @param isComplete whether everything was looked at already; else ask again
    record Troubles(List<Trouble> items, boolean isComplete) {
        public Troubles {
            items = List.copyOf(items);
        }
    }

    /// One kind of trouble.
    ///
    /// @param catalog whose records
    /// @param state in which they are
    /// @param count how many
    /// @param examples some of their keys
    record Trouble(String catalog, String state, long count, List<String> examples) {
        public Trouble {
            examples = List.copyOf(examples);
        }
    }
}
