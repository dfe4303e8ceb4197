package io.holdfast.hostio.mount;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// One reading of a process's mounts (`/proc/PID/mountinfo`, proc(5)). Immutable.
public record MountTable(List<Entry> entries) {
    private static final int ROOT = 3;
    private static final int POINT = 4;
    private static final int OPTIONS = 5;
    private static final int OPTIONAL_FIELDS = 6;

    public MountTable {
        entries = List.copyOf(entries);
    }

    /// One mount.
    ///
    /// @param root which part of the file system is mounted
    /// @param options of the mount itself, such as `ro` and `nosuid`
    /// @param type of the file system
    /// @param superOptions of the file system
    public record Entry(
            String root, Path point, List<String> options, String type, String source, String superOptions) {
        public Entry {
            options = List.copyOf(options);
        }

        public boolean isReadOnly() {
            return options.contains("ro");
        }
    }

    /// Of this process.
    public static MountTable read() throws IOException {
        return parse(Files.readString(Path.of("/proc/self/mountinfo"), StandardCharsets.UTF_8));
    }

    /// Of another process, with paths as it sees them.
    public static MountTable of(long pid) throws IOException {
        return parse(Files.readString(Path.of("/proc/" + pid + "/mountinfo"), StandardCharsets.UTF_8));
    }

    static MountTable parse(String text) {
        return new MountTable(text.lines().flatMap(line -> parseLine(line).stream()).toList());
    }

    private static Optional<Entry> parseLine(String line) {
        String[] words = line.split(" ", -1);
        int separator = OPTIONAL_FIELDS;
        while (separator < words.length && !words[separator].equals("-")) {
            separator++;
        }
        if (separator + 3 >= words.length) {
            return Optional.empty();
        }
        return Optional.of(new Entry(
                unescape(words[ROOT]),
                Path.of(unescape(words[POINT])),
                List.of(words[OPTIONS].split(",", -1)),
                words[separator + 1],
                unescape(words[separator + 2]),
                words[separator + 3]));
    }

    /// The kernel writes blanks and backslashes as three octal digits.
    private static String unescape(String word) {
        if (word.indexOf('\\') < 0) {
            return word;
        }
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        byte[] plain = new byte[bytes.length];
        int length = 0;
        for (int index = 0; index < bytes.length; index++) {
            if (bytes[index] == '\\' && index + 3 < bytes.length) {
                plain[length++] = (byte) (((bytes[index + 1] - '0') << 6)
                        | ((bytes[index + 2] - '0') << 3)
                        | (bytes[index + 3] - '0'));
                index += 3;
            } else {
                plain[length++] = bytes[index];
            }
        }
        return new String(plain, 0, length, StandardCharsets.UTF_8);
    }

    /// What is mounted at or below a folder, the deepest first and of several at one place the topmost
    /// first.
    public List<Path> below(Path folder) {
        List<Path> found = new ArrayList<>();
        entries.reversed().stream().map(Entry::point).filter(point -> point.startsWith(folder))
                .forEach(found::add);
        found.sort(Comparator.comparingInt(Path::getNameCount).reversed());
        return found;
    }

    public boolean isMountPoint(Path folder) {
        return entries.stream().anyMatch(entry -> entry.point().equals(folder));
    }
}
