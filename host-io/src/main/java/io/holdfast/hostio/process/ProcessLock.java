package io.holdfast.hostio.process;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/// A lock on a file, held by one process at a time, which writes its number into it. If nobody closes it, the
/// kernel takes it back when the process ends, however it ends; Java opens files so that children do not
/// inherit it. Concurrent.
public final class ProcessLock implements AutoCloseable {
    private static final int PID_CHARS_MAX = 20;

    /// The kernel drops all locks that a process has on a file when it closes any descriptor of that file:
    /// one that this process has must not even be tried.
    private static final Map<Path, ProcessLock> HELD = new HashMap<>();

    private final Path file;
    private final FileChannel channel;

    private ProcessLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// Takes the lock. The file is made if it is not there, and stays.
    ///
    /// @throws ProcessLockedException if somebody has it
    public static ProcessLock acquire(Path lock) throws IOException {
        Path file = lock.toAbsolutePath().normalize();
        synchronized (HELD) {
            if (HELD.containsKey(file)) {
                throw new ProcessLockedException(file, Long.toString(ProcessHandle.current().pid()));
            }
            ProcessLock made = new ProcessLock(file, lockedChannel(file));
            HELD.put(file, made);
            return made;
        }
    }

    private static FileChannel lockedChannel(Path file) throws IOException {
        FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() == null) {
                throw new ProcessLockedException(file, pid(channel));
            }
            channel.truncate(0);
            channel.write(US_ASCII.encode(Long.toString(ProcessHandle.current().pid())));
            return channel;
        } catch (IOException | RuntimeException failed) {
            channel.close();
            throw failed;
        }
    }

    private static String pid(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(PID_CHARS_MAX);
        channel.read(bytes);
        String pid = US_ASCII.decode(bytes.flip()).toString();
        return pid.matches("[0-9]+") ? pid : "unknown";
    }

    public boolean isHeld() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        synchronized (HELD) {
            channel.close();
            HELD.remove(file, this);
        }
    }
}
