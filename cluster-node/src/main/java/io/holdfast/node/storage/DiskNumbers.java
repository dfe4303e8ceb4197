package io.holdfast.node.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Gives each disk's folder its number and remembers which were given. Confined to the thread that opens the
/// disks.
///
/// ``` <data>/disks       one line per disk: number, space, folder <folder>/disk.id   node's name, space,
/// number ```
final class DiskNumbers {
    private static final String LIST = "disks";
    private static final String MARK = "disk.id";

    private final Path list;
    private final String node;
    private final Map<Integer, Path> given = new TreeMap<>();

    private DiskNumbers(Path list, String node) {
        this.list = list;
        this.node = node;
    }

    static DiskNumbers load(Path dataDirectory, String node) throws IOException {
        DiskNumbers numbers = new DiskNumbers(dataDirectory.resolve(LIST), node);
        if (Files.exists(numbers.list)) {
            for (String line : Files.readAllLines(numbers.list)) {
                int space = line.indexOf(' ');
                numbers.given.put(number(line, space), Path.of(line.substring(space + 1)));
            }
        }
        return numbers;
    }

    private static int number(String line, int space) throws IOException {
        try {
            return Integer.parseInt(line.substring(0, Math.max(space, 0)));
        } catch (NumberFormatException e) {
            throw new IOException("the list of disks holds something else: line=" + line, e);
        }
    }

    /// The disks that were there before, by number.
    Map<Integer, Path> given() {
        return Map.copyOf(given);
    }

    /// The folder's number: the one it has, else the next.
    ///
    /// @throws IOException if the folder is another node's disk
    int of(Path folder) throws IOException {
        Files.createDirectories(folder);
        Optional<Integer> marked = mark(folder);
        int number = marked.orElseGet(
                () -> given.keySet().stream().max(Integer::compare).map(n -> n + 1).orElse(0));
        if (!folder.equals(given.put(number, folder))) {
            // Listed before it is marked: a number once listed is never given again.
            replace(list, given.entrySet().stream().map(disk -> disk.getKey() + " " + disk.getValue())
                    .toList());
        }
        if (marked.isEmpty()) {
            replace(folder.resolve(MARK), List.of(node + " " + number));
        }
        return number;
    }

    private Optional<Integer> mark(Path folder) throws IOException {
        Path mark = folder.resolve(MARK);
        if (!Files.exists(mark)) {
            return Optional.empty();
        }
        String text = Files.readString(mark).strip();
        int space = text.indexOf(' ');
        if (space < 1 || !text.substring(0, space).equals(node)) {
            throw new IOException("the folder is a disk of another node: folder=" + folder + " mark=" + text);
        }
        try {
            return Optional.of(Integer.parseInt(text.substring(space + 1)));
        } catch (NumberFormatException e) {
            throw new IOException("the folder's mark holds something else: folder=" + folder, e);
        }
    }

    private static void replace(Path file, List<String> lines) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.write(next, lines);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
