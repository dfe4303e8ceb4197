package io.holdfast.hostio.nativeaccess;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.time.Instant;

/// A folder held open, in which things are made by name (`fcntl.h`, `sys/stat.h`, `sys/xattr.h`). Paths are
/// followed as a process would whose root this folder is: no link, `..` or absolute name leads out of it.
/// Names are bytes to the kernel, whatever this process's locale is. Confined to its user.
public final class OpenFolder implements AutoCloseable {
    /// What stands at a name.
    public enum Kind {
        ABSENT,
        FOLDER,
        OTHER
    }

    private static final int O_WRONLY_CREAT_EXCL = 1 | 0x40 | 0x80;
    private static final int O_NOFOLLOW = 0x20000;
    private static final int O_DIRECTORY = 0x10000;
    private static final int O_PATH = 0x200000;
    private static final int O_CLOEXEC = 0x80000;
    private static final int O_NONBLOCK = 0x800;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_REMOVEDIR = 0x200;

    /// `openat2(2)`: neither other file systems nor the links of `/proc`, and this folder as the root.
    private static final long RESOLVE_CONFINED = 0x01 | 0x02 | 0x10;

    /// The same on every architecture (`asm-generic/unistd.h`).
    private static final long SYS_OPENAT2 = 437;

    private static final MethodHandle SYSCALL = CLibrary.variadic(
            "syscall",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG),
            1);
    private static final MethodHandle MKDIRAT = named("mkdirat", ValueLayout.JAVA_INT);
    private static final MethodHandle MKNODAT =
            named("mknodat", ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG);
    private static final MethodHandle UNLINKAT = named("unlinkat", ValueLayout.JAVA_INT);
    private static final MethodHandle FCHMODAT =
            named("fchmodat", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    private static final MethodHandle FCHOWNAT =
            named("fchownat", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    private static final MethodHandle UTIMENSAT =
            named("utimensat", ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    private static final MethodHandle LINKAT =
            named("linkat", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    private static final MethodHandle SYMLINKAT = CLibrary.function(
            "symlinkat",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    private static final MethodHandle LSETXATTR = CLibrary.function(
            "lsetxattr",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT));
    private static final MethodHandle LGETXATTR = CLibrary.function(
            "lgetxattr",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG));
    private static final MethodHandle SYNCFS = CLibrary.function(
            "syncfs", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private final Descriptor descriptor;

    private OpenFolder(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /// A function that takes a folder's number, a name and more.
    private static MethodHandle named(String name, MemoryLayout... more) {
        MemoryLayout[] all = new MemoryLayout[more.length + 2];
        all[0] = ValueLayout.JAVA_INT;
        all[1] = ValueLayout.ADDRESS;
        System.arraycopy(more, 0, all, 2, more.length);
        return CLibrary.function(name, FunctionDescriptor.of(ValueLayout.JAVA_INT, all));
    }

    /// A folder as the root of what is done through it.
    public static OpenFolder root(Path folder) throws SystemCallException {
        return new OpenFolder(Descriptor.openPlace(folder, true));
    }

    /// A folder below; `.` is this one.
    ///
    /// @param path relative, or absolute with this folder as the root
    public OpenFolder descend(String path) throws SystemCallException {
        return new OpenFolder(open(path, O_PATH | O_DIRECTORY | O_CLOEXEC));
    }

    /// A file below, for reading; what is no plain file does not block.
    public Descriptor openFile(String path) throws SystemCallException {
        return open(path, O_CLOEXEC | O_NONBLOCK);
    }

    /// A new file for writing, which nobody else may read yet.
    public Descriptor createFile(String name) throws SystemCallException {
        return open(name, O_WRONLY_CREAT_EXCL | O_NOFOLLOW | O_CLOEXEC);
    }

    /// What stands at a name; a link is not followed.
    public Kind kindOf(String name) throws SystemCallException {
        try (Descriptor _ = open(name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) {
            return Kind.FOLDER;
        } catch (SystemCallException refused) {
            return switch (refused.errno()) {
                case ErrorNumbers.ENOENT -> Kind.ABSENT;
                case ErrorNumbers.ENOTDIR, ErrorNumbers.ELOOP -> Kind.OTHER;
                default -> throw refused;
            };
        }
    }

    private Descriptor open(String path, int flags) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = CLibrary.text(arena, path);
            MemorySegment how = arena.allocate(ValueLayout.JAVA_LONG, 3);
            how.setAtIndex(ValueLayout.JAVA_LONG, 0, flags);
            how.setAtIndex(ValueLayout.JAVA_LONG, 1, (flags & 0x40) == 0 ? 0 : 0600);
            how.setAtIndex(ValueLayout.JAVA_LONG, 2, RESOLVE_CONFINED);
            return new Descriptor(call(arena, "openat2", path, state -> (int) (long) SYSCALL.invokeExact(
                    state, SYS_OPENAT2, (long) descriptor.number(), name, how, how.byteSize())));
        }
    }

    public void makeFolder(String name) throws SystemCallException {
        onName("mkdirat", name,
                (state, at) -> (int) MKDIRAT.invokeExact(state, descriptor.number(), at, 0700));
    }

    /// A device file, or a pipe.
    ///
    /// @param mode with the kind of file
    public void makeNode(String name, int mode, int major, int minor) throws SystemCallException {
        long device = (major & 0xfffL) << 8 | (minor & 0xffL) | (minor & ~0xffL) << 12
                | (major & ~0xfffL) << 32;
        onName("mknodat", name, (state, at) ->
                (int) MKNODAT.invokeExact(state, descriptor.number(), at, mode, device));
    }

    public void makeLink(String name, String target) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = CLibrary.text(arena, target);
            onName("symlinkat", name, (state, at) ->
                    (int) SYMLINKAT.invokeExact(state, text, descriptor.number(), at));
        }
    }

    /// A further name for what has one already; a link itself gets it, not its target.
    public void makeHardLink(String name, OpenFolder folder, String existing) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment fresh = CLibrary.text(arena, name);
            int to = descriptor.number();
            folder.onName("linkat", existing, (state, at) -> (int) LINKAT.invokeExact(
                    state, folder.descriptor.number(), at, to, fresh, 0));
        }
    }

    /// Removes anything but a folder.
    public void removeFile(String name) throws SystemCallException {
        onName("unlinkat", name, (state, at) ->
                (int) UNLINKAT.invokeExact(state, descriptor.number(), at, 0));
    }

    /// Removes an empty folder.
    public void removeFolder(String name) throws SystemCallException {
        onName("unlinkat", name, (state, at) ->
                (int) UNLINKAT.invokeExact(state, descriptor.number(), at, AT_REMOVEDIR));
    }

    /// Of a link: its own.
    public void setOwner(String name, int user, int group) throws SystemCallException {
        onName("fchownat", name, (state, at) -> (int) FCHOWNAT.invokeExact(
                state, descriptor.number(), at, user, group, AT_SYMLINK_NOFOLLOW));
    }

    /// Not of a link, which has none: its target would be changed.
    public void setMode(String name, int mode) throws SystemCallException {
        onName("fchmodat", name, (state, at) ->
                (int) FCHMODAT.invokeExact(state, descriptor.number(), at, mode, 0));
    }

    /// When it was changed and last read; of a link: its own.
    public void setTime(String name, Instant time) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment times = arena.allocate(ValueLayout.JAVA_LONG, 4);
            for (int index = 0; index < 4; index += 2) {
                times.setAtIndex(ValueLayout.JAVA_LONG, index, time.getEpochSecond());
                times.setAtIndex(ValueLayout.JAVA_LONG, index + 1L, time.getNano());
            }
            onName("utimensat", name, (state, at) -> (int) UTIMENSAT.invokeExact(
                    state, descriptor.number(), at, times, AT_SYMLINK_NOFOLLOW));
        }
    }

    /// An extended attribute; of a link: its own.
    public void setAttribute(String name, String attribute, byte[] value) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = CLibrary.text(arena, attribute);
            MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, value);
            String path = "/proc/self/fd/" + descriptor.number() + "/" + name;
            onName("lsetxattr", path, (state, at) ->
                    (int) LSETXATTR.invokeExact(state, at, key, bytes, (long) value.length, 0));
        }
    }

    /// Whether an extended attribute is there; of a link: its own.
    public boolean hasAttribute(String name, String attribute) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = CLibrary.text(arena, attribute);
            String path = "/proc/self/fd/" + descriptor.number() + "/" + name;
            onName("lgetxattr", path, (state, at) ->
                    (int) (long) LGETXATTR.invokeExact(state, at, key, MemorySegment.NULL, 0L));
            return true;
        } catch (SystemCallException refused) {
            if (refused.errno() == ErrorNumbers.ENODATA || refused.errno() == ErrorNumbers.EOPNOTSUPP) {
                return false;
            }
            throw refused;
        }
    }

    /// Waits until all that was written to a folder's file system is on its disk.
    public static void sync(Path folder) throws SystemCallException {
        try (Arena arena = Arena.ofConfined(); Descriptor open = Descriptor.openReadOnly(folder)) {
            int _ = call(arena, "syncfs", folder.toString(), state ->
                    (int) SYNCFS.invokeExact(state, open.number()));
        }
    }

    /// A call that takes `errno`'s place and the name.
    @FunctionalInterface
    private interface NameCall {
        int run(MemorySegment state, MemorySegment name) throws Throwable;
    }

    private void onName(String function, String name, NameCall call) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment at = CLibrary.text(arena, name);
            int _ = call(arena, function, name, state -> call.run(state, at));
        }
    }

    private static int call(Arena arena, String function, String name, Descriptor.Call call)
            throws SystemCallException {
        try {
            return Descriptor.invoke(arena, function, call);
        } catch (SystemCallException failure) {
            throw new SystemCallException(function, failure.errno(), "name=" + name);
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
