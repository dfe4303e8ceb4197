package io.holdfast.hostio.nativeaccess;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// The space that a file takes on its file system (`fcntl.h`).
public final class FileSpace {
    private static final int BLOCK_BYTES = 4096;
    private static final int PIECE_BYTES = 1 << 20;

    private static final MethodHandle FALLOCATE = CLibrary.function(
            "fallocate",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG));
    private static final MethodHandle PWRITE = CLibrary.function(
            "pwrite",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG));

    private FileSpace() {}

    /// Gives an existing file room for so many bytes, all zeros, without writing them (`fallocate(2)`).
    ///
    /// @return whether the file system can do that
    /// @throws SystemCallException if it can and would not, for want of room as a rule
    public static boolean reserve(Path file, long bytes) throws SystemCallException {
        try (Descriptor descriptor = Descriptor.openReadWrite(file); Arena arena = Arena.ofConfined()) {
            Descriptor.invoke(arena, "fallocate", state ->
                    (int) FALLOCATE.invokeExact(state, descriptor.number(), 0, 0L, bytes));
            return true;
        } catch (SystemCallException failure) {
            if (failure.errno() == ErrorNumbers.EOPNOTSUPP || failure.errno() == ErrorNumbers.ENOSYS) {
                return false;
            }
            throw failure;
        }
    }

    /// Writes zeros past the page cache, so that a sync by somebody else does not carry them.
    ///
    /// @return whether file system and alignment (4 KiB) allow that; if not, nothing or a part is written
    public static boolean writeZerosDirectly(Path file, long position, long bytes)
            throws SystemCallException {
        if ((position | bytes) % BLOCK_BYTES != 0) {
            return false;
        }
        try (Descriptor descriptor = Descriptor.openDirect(file); Arena arena = Arena.ofConfined()) {
            MemorySegment zeros = arena.allocate(Math.min(bytes, PIECE_BYTES), BLOCK_BYTES);
            long at = position;
            while (at < position + bytes) {
                long from = at;
                long count = Math.min(zeros.byteSize(), position + bytes - at);
                at += Descriptor.invoke(arena, "pwrite", state ->
                        (int) (long) PWRITE.invokeExact(state, descriptor.number(), zeros, count, from));
            }
            return true;
        } catch (SystemCallException failure) {
            if (failure.errno() == ErrorNumbers.EINVAL) {
                return false;
            }
            throw failure;
        }
    }
}
