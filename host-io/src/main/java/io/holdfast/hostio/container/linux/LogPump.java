package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.nativeaccess.Descriptor;
import io.holdfast.hostio.nativeaccess.SystemCallException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/// The pipe a container prints to, and the thread that empties it into the log.
///
/// The container's end is open for reading too: while no node reads, its processes wait at a full pipe
/// instead of dying of a broken one. The next node finds the pipe by its number among their descriptors.
final class LogPump {
    private static final int PIPE_BYTES = 256 * 1024;
    private static final int READ_BYTES = 64 * 1024;

    private LogPump() {}

    /// A new pipe.
    static Descriptor.Pair openPipe() throws SystemCallException {
        return Descriptor.openPipe(PIPE_BYTES);
    }

    /// What a container reads from: a pipe that nobody writes to, at its end. A device file of this machine
    /// would be a descriptor that no checkpoint can place.
    static Descriptor openEnded() throws SystemCallException {
        try (Descriptor.Pair pipe = openPipe()) {
            return pipe.first().duplicate();
        }
    }

    /// The number by which the kernel shows a pipe, as in `pipe:[123]`.
    static long numberOf(Descriptor pipe) throws IOException {
        String target = Files.readSymbolicLink(pipe.path()).toString();
        return Long.parseLong(target.substring(target.indexOf('[') + 1, target.indexOf(']')));
    }

    static String nameOf(long number) {
        return "pipe:[" + number + "]";
    }

    /// Starts emptying; ends with the last process that holds the pipe. Takes over the descriptor.
    static void start(String name, Descriptor reading, LogFiles log) throws IOException {
        InputStream in = new FileInputStream(reading.path().toFile());
        reading.close();
        // Reading a pipe blocks its thread.
        Thread.ofPlatform().daemon().name("log-" + name).start(() -> drain(in, log));
    }

    private static void drain(InputStream in, LogFiles log) {
        byte[] buffer = new byte[READ_BYTES];
        try (in) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                log.append(buffer, count);
            }
        } catch (IOException closed) {
            // The end of the pipe, told otherwise.
            return;
        } finally {
            log.complete();
        }
    }

    /// Opens a running container's pipe again.
    static Optional<InputStream> find(Set<Long> processes, long number) {
        for (long pid : processes) {
            for (int descriptor : new int[] {1, 2}) {
                Optional<InputStream> found = reopen(Path.of("/proc/" + pid + "/fd/" + descriptor), number);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<InputStream> reopen(Path link, long number) {
        try {
            return Files.readSymbolicLink(link).toString().equals(nameOf(number))
                    ? Optional.of(new FileInputStream(link.toFile()))
                    : Optional.empty();
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    static void resume(String name, InputStream in, LogFiles log) {
        Thread.ofPlatform().daemon().name("log-" + name).start(() -> drain(in, log));
    }
}
