package io.holdfast.hostio.disk;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Sorts the file system's errors into kinds. Java keeps no error number, so the kernel's texts decide; the
/// node runs in the C locale of the launcher, and an unknown text is an I/O error, the most careful kind.
final class DiskFailures {
    private DiskFailures() {}

    static DiskException translate(String operation, Path path, IOException failure) {
        String message = "disk operation failed: operation=" + operation + " path=" + path + " cause="
                + failure.getMessage();
        if (failure instanceof NoSuchFileException) {
            return new DiskFileNotFoundException(message, failure);
        }
        if (failure instanceof ClosedChannelException) {
            return new DiskIoException(
                    "the file is closed: operation=" + operation + " path=" + path, failure);
        }
        String text = lowerCase(failure.getMessage());
        if (text.contains("no space left") || text.contains("quota exceeded")) {
            return new DiskFullException(message, failure);
        }
        if (text.contains("read-only file system")) {
            return new DiskReadOnlyException(message, failure);
        }
        if (text.contains("no such device") || text.contains("stale file handle")
                || text.contains("not connected")) {
            return new DiskGoneException(message, failure);
        }
        return new DiskIoException(message, failure);
    }

    private static String lowerCase(@Nullable String text) {
        return text == null ? "" : text.toLowerCase(Locale.ROOT);
    }
}
