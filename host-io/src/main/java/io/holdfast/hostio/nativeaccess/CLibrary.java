package io.holdfast.hostio.nativeaccess;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.List;

/// Functions of the C library that is linked into every process; each takes the place for `errno` first.
final class CLibrary {
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private CLibrary() {}

    /// A handle that keeps `errno` in the segment given first (see [#state]).
    @SuppressWarnings("restricted") // Linking is what this package is for.
    static MethodHandle function(String name, FunctionDescriptor descriptor) {
        SymbolLookup lookup = Linker.nativeLinker().defaultLookup();
        return Linker.nativeLinker().downcallHandle(
                lookup.findOrThrow(name), descriptor, Linker.Option.captureCallState("errno"));
    }

    /// The same for a function with variable arguments, of which the first `fixed` are always there.
    @SuppressWarnings("restricted") // Linking is what this package is for.
    static MethodHandle variadic(String name, FunctionDescriptor descriptor, int fixed) {
        SymbolLookup lookup = Linker.nativeLinker().defaultLookup();
        return Linker.nativeLinker().downcallHandle(
                lookup.findOrThrow(name),
                descriptor,
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(fixed));
    }

    static MemorySegment state(Arena arena) {
        return arena.allocate(STATE);
    }

    static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    static MemorySegment text(Arena arena, String text) {
        return arena.allocateFrom(text);
    }

    /// An array of C strings that ends with a null pointer.
    static MemorySegment texts(Arena arena, List<String> texts) {
        MemorySegment array = arena.allocate(ValueLayout.ADDRESS, texts.size() + 1L);
        for (int index = 0; index < texts.size(); index++) {
            array.setAtIndex(ValueLayout.ADDRESS, index, text(arena, texts.get(index)));
        }
        array.setAtIndex(ValueLayout.ADDRESS, texts.size(), MemorySegment.NULL);
        return array;
    }

    static IllegalStateException linkFailure(Throwable failure) {
        return new IllegalStateException("a call into the C library does not fit its signature", failure);
    }
}
