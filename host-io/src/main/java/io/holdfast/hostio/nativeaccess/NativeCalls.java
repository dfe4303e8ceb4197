package io.holdfast.hostio.nativeaccess;

import java.lang.invoke.MethodHandles;
import java.util.List;

/// Links the calls into the C library that a start does not need, before anybody needs them: each takes
/// milliseconds. Any thread; who needs a call meanwhile waits for it.
public final class NativeCalls {
    private static final List<Class<?>> CALLS = List.of(
            Descriptor.PipeCalls.class,
            Descriptor.SocketCalls.class,
            ChildProcess.SpawnCalls.class,
            ChildProcess.WaitCalls.class,
            MountCalls.class);

    private NativeCalls() {}

    /// Links what is not linked yet.
    ///
    /// @throws LinkageError if the C library lacks a call
    public static void link() {
        for (Class<?> calls : CALLS) {
            try {
                MethodHandles.lookup().ensureInitialized(calls);
            } catch (IllegalAccessException neighbour) {
                throw new IllegalStateException("a class of this package is closed to it", neighbour);
            }
        }
    }
}
