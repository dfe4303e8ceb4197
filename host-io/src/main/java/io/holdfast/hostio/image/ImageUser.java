package io.holdfast.hostio.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.hostio.nativeaccess.Descriptor;
import io.holdfast.hostio.nativeaccess.ErrorNumbers;
import io.holdfast.hostio.nativeaccess.OpenFolder;
import io.holdfast.hostio.nativeaccess.SystemCallException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The numbers of the user that an image wants its program to run as.
///
/// @param userId 0 for root
/// @param groupId the group's number
public record ImageUser(int userId, int groupId) {
    /// Who programs run as if nothing is said.
    public static final ImageUser ROOT = new ImageUser(0, 0);

    private static final int FILE_BYTES_MAX = 1 << 20;
    private static final int NAME = 0;
    private static final int NUMBER = 2;
    private static final int GROUP = 3;

    /// Reads `USER[:GROUP]`; names are looked up in the image's own files.
    ///
    /// @param layers the topmost first
    /// @throws ImageException if the image does not know them
    public static ImageUser resolve(String text, List<Path> layers) throws IOException {
        if (text.isEmpty()) {
            return ROOT;
        }
        String[] parts = text.split(":", 2);
        Optional<Integer> number = numberOf(parts[0]);
        Optional<String[]> line = find(layers, "etc/passwd", parts[0], number);
        int user = number.or(() -> line.flatMap(fields -> field(fields, NUMBER)))
                .orElseThrow(() -> ImageException.invalid("the image does not know its user: user=" + text));
        if (parts.length == 1) {
            return new ImageUser(user, line.flatMap(fields -> field(fields, GROUP)).orElse(0));
        }
        Optional<Integer> group = numberOf(parts[1]);
        if (group.isEmpty()) {
            group = find(layers, "etc/group", parts[1], group).flatMap(fields -> field(fields, NUMBER));
        }
        return new ImageUser(user, group.orElseThrow(() ->
                ImageException.invalid("the image does not know its group: user=" + text)));
    }

    private static Optional<Integer> field(String[] fields, int index) {
        return index < fields.length ? numberOf(fields[index]) : Optional.empty();
    }

    private static Optional<Integer> numberOf(String text) {
        return text.matches("[0-9]{1,9}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
    }

    private static Optional<String[]> find(
            List<Path> layers, String file, String name, Optional<Integer> number) throws IOException {
        return read(layers, file)
                .lines()
                .map(line -> line.split(":", -1))
                .filter(fields -> number.isPresent()
                        ? field(fields, NUMBER).equals(number)
                        : fields[NAME].equals(name))
                .findFirst();
    }

    /// Of the topmost layer that has the file.
    private static String read(List<Path> layers, String file) throws IOException {
        for (Path layer : layers) {
            try (OpenFolder root = OpenFolder.root(layer); Descriptor open = root.openFile(file)) {
                if (Files.isRegularFile(open.path())) {
                    try (InputStream bytes = new FileInputStream(open.path().toString())) {
                        return new String(bytes.readNBytes(FILE_BYTES_MAX), UTF_8);
                    }
                }
            } catch (SystemCallException refused) {
                boolean isAbsent =
                        refused.errno() == ErrorNumbers.ENOENT || refused.errno() == ErrorNumbers.ENOTDIR;
                if (!isAbsent) {
                    throw refused;
                }
            }
        }
        return "";
    }
}
