package io.holdfast.hostio.container.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// Makes copies of a checkpoint image that differ from it, each in another way. Confined to one thread.
final class ImageForger {
    private static final String MANIFEST = "manifest.json";

    private final Path original;
    private final Random random;
    private final List<Path> files;

    ImageForger(Path original, Random random) throws IOException {
        this.original = original;
        this.random = random;
        try (Stream<Path> all = Files.walk(original)) {
            this.files = all.filter(Files::isRegularFile).map(original::relativize).sorted().toList();
        }
    }

    /// Makes one in a new folder, and says how it differs.
    String forge(Path target) throws IOException {
        copy(target);
        Path victim = files.get(random.nextInt(files.size()));
        Path file = target.resolve(victim);
        Files.delete(file); // It was a further name of the original.
        Files.copy(original.resolve(victim), file);
        return switch (random.nextInt(9)) {
            case 0, 1, 2 -> flip(victim, file);
            case 3 -> truncate(victim, file);
            case 4 -> {
                Files.delete(file);
                yield "gone: " + victim;
            }
            case 5 -> grow(victim, file);
            case 6 -> swap(victim, file);
            case 7 -> {
                Files.delete(file);
                Files.createSymbolicLink(file, original.resolve(victim));
                yield "a link elsewhere: " + victim;
            }
            default -> claimMore(target);
        };
    }

    private void copy(Path target) throws IOException {
        try (Stream<Path> all = Files.walk(original)) {
            all.sorted().forEach(path -> {
                try {
                    Path copy = target.resolve(original.relativize(path));
                    if (Files.isDirectory(path)) {
                        Files.createDirectories(copy);
                    } else {
                        Files.createLink(copy, path);
                    }
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            });
        }
    }

    private String flip(Path name, Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length == 0) {
            return grow(name, file);
        }
        int at = random.nextInt(bytes.length);
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, bytes);
        return "a bit flipped: " + name + " at=" + at;
    }

    private String truncate(Path name, Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length == 0) {
            return grow(name, file);
        }
        byte[] less = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
        Files.write(file, less);
        return "cut short: " + name + " bytes=" + less.length;
    }

    private String grow(Path name, Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        byte[] more = java.util.Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(4_096));
        Files.write(file, more);
        return "longer: " + name + " bytes=" + more.length;
    }

    private String swap(Path name, Path file) throws IOException {
        byte[] own = Files.readAllBytes(file);
        for (int tries = 0; tries < files.size(); tries++) {
            Path other = files.get(random.nextInt(files.size()));
            byte[] bytes = Files.readAllBytes(original.resolve(other));
            if (!java.util.Arrays.equals(own, bytes)) {
                Files.write(file, bytes);
                return "another's content: " + name + " of=" + other;
            }
        }
        return grow(name, file);
    }

    /// A manifest that fits itself and asks for more than was asked for when it was made.
    private String claimMore(Path target) throws IOException {
        Path manifest = target.resolve(MANIFEST);
        String text = Files.readString(original.resolve(MANIFEST), StandardCharsets.UTF_8);
        String[] wishes = {"\"/etc\"", "\"/../../etc\"", "\"CAP_SYS_ADMIN\"", "\"/dev/sda\""};
        String wish = wishes[random.nextInt(wishes.length)];
        Files.deleteIfExists(manifest);
        Files.writeString(manifest, text.replace("\"capabilities\":[", "\"capabilities\":[" + wish + ",")
                .replace("\"/usr\"", wish) + " ", StandardCharsets.UTF_8);
        return "claims more: " + wish;
    }
}
