package io.holdfast.gridstate.catalog;

import java.util.List;
import java.util.Optional;

/// Part of a catalog, in the order of its keys.
///
/// @param entries at most as many as were asked for
/// @param next the cursor that asks for what follows; absent at the end
public record Page<K, R>(List<Versioned<K, R>> entries, Optional<String> next) {
    /// Entries that one page may hold, which bounds the memory of a request.
    public static final int LIMIT_MAX = 1_000;

    public Page {
        entries = List.copyOf(entries);
    }

    /// What part of a catalog is asked for.
    ///
    /// @param prefix what the printed keys begin with; empty for all
    /// @param cursor where a page before ended; absent for the beginning
    /// @param limit 1 to [#LIMIT_MAX]
    public record Request(String prefix, Optional<String> cursor, int limit) {
        public Request {
            Check.range("a page's limit", limit, 1, LIMIT_MAX);
        }

        public static Request first(int limit) {
            return new Request("", Optional.empty(), limit);
        }

        public Request withPrefix(String newPrefix) {
            return new Request(newPrefix, cursor, limit);
        }

        public Request after(String newCursor) {
            return new Request(prefix, Optional.of(newCursor), limit);
        }
    }
}
