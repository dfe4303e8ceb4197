package io.holdfast.hostio.nativeaccess;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// Children of this process that need descriptors of their own (`spawn.h`, `sys/wait.h`, `sys/prctl.h`),
/// which Java's own children cannot be given.
public final class ChildProcess {
    private static final int POSIX_SPAWN_SETSIGDEF = 0x04;
    private static final int POSIX_SPAWN_SETSIGMASK = 0x08;
    private static final int POSIX_SPAWN_SETSID = 0x80;
    private static final int WNOHANG = 1;
    private static final int PR_SET_CHILD_SUBREAPER = 36;
    private static final int CLONE_NEWNS = 0x00020000;
    private static final int CLONE_FS = 0x00000200;
    private static final Path TEMPORARY = Path.of("/tmp");

    /// More than the C library's structures take, on every architecture.
    private static final long STRUCTURE_BYTES = 1_024;

    private static final long SIGNAL_SET_BYTES = 128;

    private ChildProcess() {}

    /// Linked when the first child is started.
    static final class SpawnCalls {
        static final MethodHandle SPAWN = CLibrary.function(
                "posix_spawn",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS));
        static final MethodHandle ACTIONS_INIT = onStructure("posix_spawn_file_actions_init");
        static final MethodHandle ACTIONS_DESTROY = onStructure("posix_spawn_file_actions_destroy");
        static final MethodHandle ATTRIBUTES_INIT = onStructure("posix_spawnattr_init");
        static final MethodHandle ATTRIBUTES_DESTROY = onStructure("posix_spawnattr_destroy");
        static final MethodHandle ADD_DUP2 = CLibrary.function(
                "posix_spawn_file_actions_adddup2",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT));
        static final MethodHandle ADD_CLOSE_FROM = CLibrary.function(
                "posix_spawn_file_actions_addclosefrom_np",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        static final MethodHandle SET_FLAGS = CLibrary.function(
                "posix_spawnattr_setflags",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_SHORT));
        static final MethodHandle SET_MASK = withSignals("posix_spawnattr_setsigmask");
        static final MethodHandle SET_DEFAULTS = withSignals("posix_spawnattr_setsigdefault");
        static final MethodHandle UNSHARE = CLibrary.function(
                "unshare", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

        private SpawnCalls() {}

        private static MethodHandle onStructure(String name) {
            return CLibrary.function(name, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
        }

        private static MethodHandle withSignals(String name) {
            return CLibrary.function(
                    name,
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
        }
    }

    /// Linked when the first child is collected.
    static final class WaitCalls {
        static final MethodHandle WAITPID = CLibrary.function(
                "waitpid",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT));

        private WaitCalls() {}
    }

    /// Linked when this process becomes a parent of orphans.
    static final class AdoptionCalls {
        static final MethodHandle PRCTL = CLibrary.variadic(
                "prctl",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG),
                1);

        private AdoptionCalls() {}
    }

    /// Starts a program as the leader of a session of its own, with every signal at its default and none
    /// blocked, and with exactly these descriptors.
    ///
    /// @param command an absolute path and the arguments
    /// @param environment of the form `NAME=value`
    /// @param descriptors ours by the number that the child is to see; from 0 on without gaps
    /// @return its process id
    public static long spawn(
            List<String> command, List<String> environment, Map<Integer, Descriptor> descriptors)
            throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = CLibrary.state(arena);
            MemorySegment actions = arena.allocate(STRUCTURE_BYTES, 16);
            MemorySegment attributes = arena.allocate(STRUCTURE_BYTES, 16);
            check("file actions", (int) SpawnCalls.ACTIONS_INIT.invokeExact(state, actions));
            check("attributes", (int) SpawnCalls.ATTRIBUTES_INIT.invokeExact(state, attributes));
            addDescriptors(state, actions, descriptors);
            setSignals(arena, state, attributes);
            MemorySegment pid = arena.allocate(ValueLayout.JAVA_INT);
            int error = (int) SpawnCalls.SPAWN.invokeExact(
                    state,
                    pid,
                    CLibrary.text(arena, command.getFirst()),
                    actions,
                    attributes,
                    CLibrary.texts(arena, command),
                    CLibrary.texts(arena, environment));
            check("actions' end", (int) SpawnCalls.ACTIONS_DESTROY.invokeExact(state, actions));
            check("attributes' end", (int) SpawnCalls.ATTRIBUTES_DESTROY.invokeExact(state, attributes));
            if (error != 0) {
                throw new SystemCallException("posix_spawn", error, "command=" + command.getFirst());
            }
            return pid.get(ValueLayout.JAVA_INT, 0);
        } catch (SystemCallException refused) {
            throw refused;
        } catch (Throwable failure) {
            throw CLibrary.linkFailure(failure);
        }
    }

    /// The same in a mount namespace of its own, in which a folder of ours stands in for `/tmp`: what the
    /// child mounts goes with it, and what it leaves behind stays with us.
    ///
    /// @param kept a folder that keeps its path even if that leads through `/tmp`
    public static long spawnIsolated(
            List<String> command,
            List<String> environment,
            Map<Integer, Descriptor> descriptors,
            Path temporary,
            Path kept)
            throws SystemCallException {
        return OwnThread.run("isolated-spawn", () -> {
            try (Arena arena = Arena.ofConfined()) {
                Descriptor.invoke(arena, "unshare", state ->
                        (int) SpawnCalls.UNSHARE.invokeExact(state, CLONE_NEWNS | CLONE_FS));
            }
            MountCalls.mount("none", Path.of("/"), "none", MountCalls.MS_REC | MountCalls.MS_PRIVATE, "");
            if (kept.startsWith(TEMPORARY)) {
                Path place = temporary.resolve(TEMPORARY.relativize(kept));
                MountCalls.mount(kept.toString(), place, "none", MountCalls.MS_REC | MountCalls.MS_BIND, "");
            }
            MountCalls.mount(
                    temporary.toString(), TEMPORARY, "none", MountCalls.MS_REC | MountCalls.MS_BIND, "");
            return spawn(command, environment, descriptors);
        });
    }

    private static void addDescriptors(
            MemorySegment state, MemorySegment actions, Map<Integer,
                    Descriptor> descriptors) throws Throwable {
        for (int target = 0; target < descriptors.size(); target++) {
            Descriptor source = descriptors.get(target);
            if (source == null || target >= Descriptor.NUMBER_MIN) {
                throw new IllegalArgumentException(
                        "descriptors have no gaps: numbers=" + descriptors.keySet());
            }
            check("dup2", (int) SpawnCalls.ADD_DUP2.invokeExact(state, actions, source.number(), target));
        }
        check("closefrom", (int) SpawnCalls.ADD_CLOSE_FROM.invokeExact(state, actions, descriptors.size()));
    }

    private static void setSignals(
            Arena arena, MemorySegment state, MemorySegment attributes) throws Throwable {
        MemorySegment none = arena.allocate(SIGNAL_SET_BYTES, 8);
        MemorySegment all = arena.allocate(SIGNAL_SET_BYTES, 8).fill((byte) 0xff);
        int flags = POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
        check("flags", (int) SpawnCalls.SET_FLAGS.invokeExact(state, attributes, (short) flags));
        check("mask", (int) SpawnCalls.SET_MASK.invokeExact(state, attributes, none));
        check("defaults", (int) SpawnCalls.SET_DEFAULTS.invokeExact(state, attributes, all));
    }

    private static void check(String what, int error) throws SystemCallException {
        if (error != 0) {
            throw new SystemCallException("posix_spawn (" + what + ")", error, "");
        }
    }

    /// Collects an ended child and answers how it ended, as a shell counts (128 + signal); empty while it
    /// runs.
    ///
    /// @throws SystemCallException with [ErrorNumbers#ECHILD] if it is no child of ours (any more)
    public static OptionalInt collect(long pid) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(ValueLayout.JAVA_INT);
            int found = Descriptor.invoke(arena, "waitpid", state ->
                    (int) WaitCalls.WAITPID.invokeExact(state, (int) pid, status, WNOHANG));
            if (found == 0) {
                return OptionalInt.empty();
            }
            return OptionalInt.of(exitValue(status.get(ValueLayout.JAVA_INT, 0)));
        }
    }

    /// What `waitpid` and `/proc/PID/stat` answer as status, as a shell counts.
    public static int exitValue(int status) {
        int signal = status & 0x7f;
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal;
    }

    /// Makes this process the parent of its descendants whose own parent ends, so that their end can be
    /// told.
    public static void adoptOrphans() throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            Descriptor.invoke(arena, "prctl", state ->
                    (int) AdoptionCalls.PRCTL.invokeExact(state, PR_SET_CHILD_SUBREAPER, 1L));
        }
    }
}
