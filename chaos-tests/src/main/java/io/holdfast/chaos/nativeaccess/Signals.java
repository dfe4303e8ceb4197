package io.holdfast.chaos.nativeaccess;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Signals to processes, as in `kill(2)`.
public final class Signals {
    private static final int ESRCH = 3;

    private static final MethodHandle KILL =
            Native.function("kill", FunctionDescriptor.of(Native.INT, Native.INT, Native.INT));

    private Signals() {}

    /// Sends the signal; a process that is gone already is no failure.
    public static void send(long pid, Signal signal) throws IOException {
        if (pid <= 1) {
            // 0 and -1 address whole groups, 1 is the system's.
            throw new IllegalArgumentException("not a process of ours, pid=" + pid);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Native.newState(arena);
            int result = (int) KILL.invokeExact(state, Math.toIntExact(pid), signal.number());
            if (result < 0 && Native.errno(state) != ESRCH) {
                throw new IOException("kill failed, errno=" + Native.errno(state) + ", pid=" + pid);
            }
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw Native.impossible(e);
        }
    }
}
