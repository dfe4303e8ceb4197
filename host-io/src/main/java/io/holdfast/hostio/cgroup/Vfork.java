package io.holdfast.hostio.cgroup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Whether a thread waits for its child to take its own memory (vfork(2)), seen from outside.
final class Vfork {
    /// The kernel function in which such a thread sleeps, and the system calls it may have come by.
    private static final String WAITING = "wait_for_vfork_done";

    private static final String CALL = "kernel_clone";

    private Vfork() {}

    static boolean isInProgress(long pid) {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads) {
                String stack = Files.readString(thread.resolve("stack"), StandardCharsets.UTF_8);
                if (stack.contains(WAITING) || stack.contains(CALL)) {
                    return true;
                }
            }
            return false;
        } catch (IOException goneOrHidden) {
            return false;
        }
    }
}
