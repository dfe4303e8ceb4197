package io.holdfast.gridstate.codec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The types that may stand in a frame, each with its id. Immutable.
///
/// @param entries in the order of their ids
public record TypeTable(List<Entry> entries) {
    /// The least id: Kryo keeps the ones below for itself.
    static final int ID_MIN = 16;

    private static final int ID_MAX = 16_383;

    public TypeTable {
        entries = List.copyOf(entries);
        Set<Integer> ids = new HashSet<>();
        Set<Class<?>> types = new HashSet<>();
        for (Entry entry : entries) {
            if (!ids.add(entry.id()) || !types.add(entry.type())) {
                throw new IllegalArgumentException(
                        "an id or a type stands twice: id=" + entry.id() + " type=" + entry.type());
            }
        }
    }

    /// A type's place in the table.
    ///
    /// @param id never used for another type
    /// @param type a record
    /// @param fieldCounts how many components it has at each level, from level 1 on; 0 where it did not
    /// exist; levels beyond the list are like its last
    public record Entry(int id, Class<? extends Record> type, List<Integer> fieldCounts) {
        public Entry {
            if (id < ID_MIN || id > ID_MAX) {
                throw new IllegalArgumentException(
                        "a type's id is " + ID_MIN + " to " + ID_MAX + ": id=" + id);
            }
            fieldCounts = List.copyOf(fieldCounts);
            int components = type.getRecordComponents().length;
            if (fieldCounts.isEmpty() || fieldCounts.getLast() != components) {
                throw new IllegalArgumentException("at the newest level a type has all its components: type="
                        + type.getName() + " components=" + components);
            }
        }

        int fieldCountAt(int level) {
            return fieldCounts.get(Math.min(level, fieldCounts.size()) - 1);
        }

        int firstLevel() {
            int level = 1;
            while (!existsAt(level)) {
                level++;
            }
            return level;
        }

        boolean existsAt(int level) {
            return fieldCountAt(level) > 0 || fieldCounts.getLast() == 0;
        }
    }

    /// Gathers entries with ascending ids.
    static final class Builder {
        private final List<Entry> entries = new ArrayList<>();
        private int nextId = ID_MIN;

        /// Goes on with this id.
        Builder from(int id) {
            if (id < nextId) {
                throw new IllegalArgumentException("ids ascend: id=" + id + " next=" + nextId);
            }
            nextId = id;
            return this;
        }

        /// Types that exist, as they are, since level 1.
        @SafeVarargs
        final Builder types(Class<? extends Record>... types) {
            for (Class<? extends Record> type : types) {
                type(type, type.getRecordComponents().length);
            }
            return this;
        }

        /// Types that exist, as they are, since a later level.
        @SafeVarargs
        final Builder typesSince(int level, Class<? extends Record>... types) {
            for (Class<? extends Record> type : types) {
                Integer[] fieldCounts = new Integer[level];
                Arrays.fill(fieldCounts, 0);
                fieldCounts[level - 1] = type.getRecordComponents().length;
                type(type, fieldCounts);
            }
            return this;
        }

        /// A type that has changed since level 1.
        Builder type(Class<? extends Record> type, Integer... fieldCounts) {
            entries.add(new Entry(nextId++, type, List.of(fieldCounts)));
            return this;
        }

        TypeTable build() {
            return new TypeTable(entries);
        }
    }
}
