package io.holdfast.chaos.nativeaccess;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// Handles to functions of the C library that report failure through errno. Immutable.
@SuppressWarnings("restricted") // calling C is what this package is for
final class Native {
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private Native() {}

    /// A function whose first argument, before its own, is the memory that takes errno.
    static MethodHandle function(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), descriptor,
                        Linker.Option.captureCallState("errno"));
    }

    /// A variadic function, of whose arguments the first `fixedCount` are not.
    static MethodHandle variadic(String name, FunctionDescriptor descriptor, int fixedCount) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                descriptor,
                Linker.Option.firstVariadicArg(fixedCount),
                Linker.Option.captureCallState("errno"));
    }

    static MemorySegment newState(Arena arena) {
        return arena.allocate(STATE);
    }

    static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    static int orThrow(String call, int result, MemorySegment state) throws IOException {
        if (result < 0) {
            throw new IOException(call + " failed, errno=" + errno(state));
        }
        return result;
    }

    /// What a method handle may throw besides its own failures is a mistake of ours.
    static IllegalStateException impossible(Throwable thrown) {
        return new IllegalStateException("a system call threw", thrown);
    }
}
