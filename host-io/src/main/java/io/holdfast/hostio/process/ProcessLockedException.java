package io.holdfast.hostio.process;

import java.io.IOException;
import java.nio.file.Path;

/// Somebody else has a [ProcessLock].
public final class ProcessLockedException extends IOException {
    private static final long serialVersionUID = 1L;

    ProcessLockedException(Path file, String pid) {
        super("another process has the lock: file=" + file + " pid=" + pid);
    }
}
