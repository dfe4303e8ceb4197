package io.holdfast.hostio.nativeaccess;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// The host name of another UTS namespace (`sched.h`, `unistd.h`).
public final class HostName {
    private static final int CLONE_NEWUTS = 0x04000000;

    private static final MethodHandle SETNS = CLibrary.function(
            "setns", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle SETHOSTNAME = CLibrary.function(
            "sethostname",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));

    private HostName() {}

    /// Sets it, on a thread of its own that joins the namespace and ends.
    ///
    /// @param namespace such as `/proc/PID/ns/uts`
    public static void set(Path namespace, String name) throws SystemCallException {
        OwnThread.run("host-name", () -> setHere(namespace, name));
    }

    private static long setHere(Path namespace, String name) throws SystemCallException {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        try (Arena arena = Arena.ofConfined(); Descriptor file = Descriptor.openReadOnly(namespace)) {
            MemorySegment text = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            Descriptor.invoke(
                    arena, "setns", state -> (int) SETNS.invokeExact(state, file.number(), CLONE_NEWUTS));
            Descriptor.invoke(arena, "sethostname", state ->
                    (int) SETHOSTNAME.invokeExact(state, text, (long) bytes.length));
            return 0;
        }
    }
}
