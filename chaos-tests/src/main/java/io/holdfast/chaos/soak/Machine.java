package io.holdfast.chaos.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// The machine in one line, without names or paths. Immutable.
public record Machine(String describe) {
    private static final double KIB_PER_GIB = 1 << 20;

    /// The one that this runs on.
    public static Machine here() throws IOException {
        String model = value(Path.of("/proc/cpuinfo"), "model name").orElse(System.getProperty("os.arch"));
        double gib = value(Path.of("/proc/meminfo"), "MemTotal")
                .map(text -> Long.parseLong(text.replace("kB", "").strip()) / KIB_PER_GIB)
                .orElse(0.0);
        return new Machine(String.format(Locale.ROOT, "%d cores (%s), %.0f GiB of memory, %s %s, Java %s",
                Runtime.getRuntime().availableProcessors(), model, gib, System.getProperty("os.name"),
                System.getProperty("os.version"), System.getProperty("java.version")));
    }

    /// The load of the last 1, 5 and 15 minutes.
    public static String load() throws IOException {
        String[] words = Files.readString(Path.of("/proc/loadavg")).split(" ", 4);
        return words[0] + " " + words[1] + " " + words[2];
    }

    private static Optional<String> value(Path file, String key) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(key)).findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip());
        }
    }
}
