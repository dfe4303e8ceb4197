package io.holdfast.hostio.nativeaccess;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// Mounting and unmounting (`sys/mount.h`), a process start cheaper than the commands.
public final class MountCalls {
    public static final long MS_RDONLY = 1;
    public static final long MS_NOSUID = 2;
    public static final long MS_NODEV = 4;
    public static final long MS_NOEXEC = 8;
    public static final long MS_REMOUNT = 32;
    public static final long MS_BIND = 4_096;
    public static final long MS_REC = 16_384;
    public static final long MS_PRIVATE = 1 << 18;

    private static final int UMOUNT_NOFOLLOW = 8;

    private static final MethodHandle MOUNT = CLibrary.function(
            "mount",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.ADDRESS));
    private static final MethodHandle UMOUNT2 = CLibrary.function(
            "umount2",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

    private MountCalls() {}

    /// `mount(2)`.
    public static void mount(String source, Path target, String type, long flags, String options)
            throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment from = CLibrary.text(arena, source);
            MemorySegment to = CLibrary.text(arena, target.toString());
            MemorySegment kind = CLibrary.text(arena, type);
            MemorySegment extra = CLibrary.text(arena, options);
            Descriptor.invoke(
                    arena, "mount", state -> (int) MOUNT.invokeExact(state, from, to, kind, flags, extra));
        } catch (SystemCallException failure) {
            throw new SystemCallException("mount", failure.errno(), "type=" + type + " target=" + target);
        }
    }

    /// `umount2(2)`: never follows a link, never leaves a mount behind that somebody still uses.
    public static void unmount(Path target) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment place = CLibrary.text(arena, target.toString());
            Descriptor.invoke(
                    arena, "umount2", state -> (int) UMOUNT2.invokeExact(state, place, UMOUNT_NOFOLLOW));
        } catch (SystemCallException failure) {
            throw new SystemCallException("umount2", failure.errno(), "target=" + target);
        }
    }
}
