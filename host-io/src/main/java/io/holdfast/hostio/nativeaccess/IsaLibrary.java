package io.holdfast.hostio.nativeaccess;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// Intel's storage acceleration library (`isa-l/erasure_code.h`), loaded once per process if the host has
/// it. Immutable.
public final class IsaLibrary {
    /// Bytes that [#initTables] writes per coefficient.
    public static final int TABLE_BYTES_PER_COEFFICIENT = 32;

    private static final String SONAME = "libisal.so.2";

    private final MethodHandle initTables;
    private final MethodHandle encode;

    @SuppressWarnings("restricted") // Linking is what this package is for.
    private IsaLibrary(SymbolLookup lookup) {
        Linker linker = Linker.nativeLinker();
        initTables = linker.downcallHandle(
                lookup.findOrThrow("ec_init_tables"),
                FunctionDescriptor.ofVoid(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS));
        encode = linker.downcallHandle(
                lookup.findOrThrow("ec_encode_data"),
                FunctionDescriptor.ofVoid(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS));
    }

    /// The library, or nothing where the host does not have it.
    public static Optional<IsaLibrary> find() {
        return Holder.FOUND;
    }

    /// `ec_init_tables`: expands a coding matrix of one byte per coefficient, row by row, into what
    /// [#encode] takes. The form of the tables depends on the processor; they are never stored.
    public void initTables(int columns, int rows, MemorySegment coefficients, MemorySegment tables) {
        try {
            initTables.invokeExact(columns, rows, coefficients, tables);
        } catch (Throwable failure) {
            throw linkFailure(failure);
        }
    }

    /// `ec_encode_data`: each target strip becomes the sum over the source strips times its coefficients.
    ///
    /// @param sources an array of addresses, one per column
    /// @param targets an array of addresses, one per row
    public void encode(
            int stripBytes, int columns, int rows, MemorySegment tables, MemorySegment sources,
            MemorySegment targets) {
        try {
            encode.invokeExact(stripBytes, columns, rows, tables, sources, targets);
        } catch (Throwable failure) {
            throw linkFailure(failure);
        }
    }

    private static IllegalStateException linkFailure(Throwable failure) {
        return new IllegalStateException("a call into " + SONAME + " does not fit its signature", failure);
    }

    /// Loads on first use, once.
    private static final class Holder {
        static final Optional<IsaLibrary> FOUND = load();

        @SuppressWarnings("restricted") // Linking is what this package is for.
        private static Optional<IsaLibrary> load() {
            try {
                return Optional.of(new IsaLibrary(SymbolLookup.libraryLookup(SONAME, Arena.global())));
            } catch (IllegalArgumentException _) {
                return Optional.empty(); // What libraryLookup throws when there is no such library.
            }
        }
    }
}
