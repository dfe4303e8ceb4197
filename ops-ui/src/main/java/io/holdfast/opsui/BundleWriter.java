package io.holdfast.opsui;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Writes the bundle into the built module, so that no node has to make it. The build calls it.
final class BundleWriter {
    private BundleWriter() {}

    /// Makes the bundle and writes it.
    ///
    /// @param arguments the folder of the module's classes
    public static void main(String[] arguments) throws IOException {
        write(UiBundle.make(), Path.of(arguments[0]));
    }

    /// Replaces what a former build has written.
    static void write(UiBundle bundle, Path classes) throws IOException {
        Path folder = Files.createDirectories(classes.resolve(OpsUi.BUNDLE_ROOT));
        try (DirectoryStream<Path> former = Files.newDirectoryStream(folder)) {
            for (Path file : former) {
                Files.delete(file);
            }
        }
        Files.writeString(folder.resolve(bundle.script()), bundle.scriptText(), UTF_8);
        Files.writeString(folder.resolve(bundle.style()), bundle.styleText(), UTF_8);
        Files.writeString(folder.resolve("index.html"), bundle.index(), UTF_8);
    }
}
