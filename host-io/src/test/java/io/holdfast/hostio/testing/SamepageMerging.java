package io.holdfast.hostio.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;

/// The kernel's samepage merging at work as fast as it can; closing puts its settings back. Confined.
public final class SamepageMerging implements AutoCloseable {
    private static final Path FOLDER = Path.of("/sys/kernel/mm/ksm");

    private final LinkedHashMap<String, String> before = new LinkedHashMap<>();

    private SamepageMerging() {}

    /// Skips the calling test where the kernel has none, or it may not be set.
    public static SamepageMerging hurry() throws IOException {
        HostTool.requireThat(
                Files.isWritable(FOLDER.resolve("run")), "no samepage merging that may be set: " + FOLDER);
        SamepageMerging merging = new SamepageMerging();
        if (Files.exists(FOLDER.resolve("advisor_mode"))) {
            merging.set("advisor_mode", "none");
        }
        merging.set("pages_to_scan", "20000");
        merging.set("sleep_millisecs", "10");
        merging.set("run", "1");
        return merging;
    }

    private void set(String name, String value) throws IOException {
        String text = Files.readString(FOLDER.resolve(name)).strip();
        // Of several words the one in brackets is in force.
        int chosen = text.indexOf('[');
        before.put(name, chosen < 0 ? text : text.substring(chosen + 1, text.indexOf(']')));
        Files.writeString(FOLDER.resolve(name), value);
    }

    @Override
    public void close() {
        // The last first: while the advisor is on, it alone sets the pace.
        before.reversed().forEach((name, value) -> {
            try {
                Files.writeString(FOLDER.resolve(name), value);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
    }
}
