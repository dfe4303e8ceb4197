package io.holdfast.node.doctor;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/// What probes may ask of a host. Nothing here changes it for good.
interface Host {
    /// A small text file; empty if it is not there or must not be read.
    Optional<String> read(String path);

    boolean exists(String path);

    /// Whether a device or file can be opened for reading and writing.
    boolean canOpen(String path);

    /// The path of a command; empty if it is not installed.
    Optional<Path> command(String name);

    /// Whether erasure coding is done by ISA-L.
    boolean hasIsaLibrary();

    /// Runs a command that is installed.
    CommandResult run(String... command);

    /// Median time of a 4 KiB write with fdatasync in the data folder; empty if it cannot be written.
    Optional<Duration> syncedWriteTime();

    /// Bytes that may still be written in the data folder.
    OptionalLong freeBytes();

    /// What a command said.
    ///
    /// @param text standard output, or standard error if that is empty
    record CommandResult(boolean isSuccess, String text) {
        String firstLine() {
            return text.lines().findFirst().orElse("").strip();
        }
    }
}
