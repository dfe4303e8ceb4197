package io.holdfast.hostio.nativeaccess;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// Writing out what a file system holds back (`unistd.h`).
public final class FileSystemSync {
    private static final MethodHandle SYNCFS =
            CLibrary.function("syncfs", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private FileSystemSync() {}

    /// Writes out everything that was written to the file system of a folder and flushes its device. Waits
    /// as long as that takes, which for a device that does not answer is for ever, so call it on a thread
    /// that may be lost.
    ///
    /// @throws SystemCallException if something could not be written, now or since that was last asked
    public static void sync(Path folder) throws SystemCallException {
        try (Descriptor place = Descriptor.openReadOnly(folder); Arena arena = Arena.ofConfined()) {
            Descriptor.invoke(arena, "syncfs", state -> (int) SYNCFS.invokeExact(state, place.number()));
        }
    }
}
