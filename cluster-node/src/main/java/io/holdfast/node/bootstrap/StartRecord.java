package io.holdfast.node.bootstrap;

/// One start of a node on its data directory.
///
/// @param directory drawn when the directory was first used; another one for each directory
/// @param number of the start, from 1 on; 0 before the first
/// @param id drawn at this start: starts on copies of one directory differ by it
public record StartRecord(String directory, long number, String id) {
    public StartRecord {
        if (number < 0 || directory.isEmpty() || id.isEmpty() || (directory + id).indexOf(' ') >= 0) {
            throw new IllegalArgumentException(
                    "not a start: directory=" + directory + " number=" + number + " id=" + id);
        }
    }

    /// As three words.
    public String text() {
        return directory + " " + number + " " + id;
    }

    /// Reads what [#text()] wrote.
    ///
    /// @throws IllegalArgumentException if it is something else
    public static StartRecord parse(String text) {
        String[] words = text.split(" ", -1);
        if (words.length != 3) {
            throw new IllegalArgumentException("three words are expected: start=" + text);
        }
        return new StartRecord(words[0], Long.parseLong(words[1]), words[2]);
    }
}
