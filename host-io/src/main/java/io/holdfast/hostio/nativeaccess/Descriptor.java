package io.holdfast.hostio.nativeaccess;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/// An open file descriptor of this process (`fcntl.h`, `unistd.h`, `sys/socket.h`), closed on execution of
/// another program. Its number is at least [#NUMBER_MIN], out of the way of those a child is given.
/// Concurrent; closing twice is harmless.
public final class Descriptor implements AutoCloseable {
    /// Numbers below may be given to a child in any order without overwriting one of these first.
    static final int NUMBER_MIN = 64;

    private static final int O_WRONLY = 1;
    private static final int O_RDWR = 2;
    private static final int O_DIRECT = 0x4000;
    private static final int O_CLOEXEC = 0x80000;
    private static final int O_DIRECTORY = 0x10000;
    private static final int O_PATH = 0x200000;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int F_SETPIPE_SZ = 1031;
    private static final int AF_UNIX = 1;
    private static final int SOCK_SEQPACKET = 5;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final short POLLIN = 1;

    private static final MethodHandle OPEN = CLibrary.variadic(
            "open",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
            2);
    private static final MethodHandle CLOSE =
            CLibrary.function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle FCNTL = CLibrary.variadic(
            "fcntl",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
            2);

    private final AtomicInteger number;

    Descriptor(int number) {
        this.number = new AtomicInteger(number);
    }

    /// Linked when a descriptor of another process is asked for first. The numbers are the same on every
    /// architecture (`asm-generic/unistd.h`).
    static final class ForeignCalls {
        static final long SYS_PIDFD_OPEN = 434;
        static final long SYS_PIDFD_GETFD = 438;
        static final MethodHandle SYSCALL = CLibrary.variadic(
                "syscall",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG),
                1);

        private ForeignCalls() {}
    }

    /// Linked when the first pipe is made.
    static final class PipeCalls {
        static final MethodHandle PIPE2 = CLibrary.function(
                "pipe2",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

        private PipeCalls() {}
    }

    /// Linked when the first pair of sockets is made.
    static final class SocketCalls {
        static final MethodHandle SOCKETPAIR = CLibrary.function(
                "socketpair",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS));
        static final MethodHandle SEND = transfer("send");
        static final MethodHandle RECV = transfer("recv");
        static final MethodHandle POLL = CLibrary.function(
                "poll",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT));

        private SocketCalls() {}

        private static MethodHandle transfer(String name) {
            return CLibrary.function(
                    name,
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_INT));
        }
    }

    /// The two ends of something, the first for this process.
    public record Pair(Descriptor first, Descriptor second) implements AutoCloseable {
        @Override
        public void close() {
            first.close();
            second.close();
        }
    }

    /// A folder or file as a place only (`O_PATH`); nothing can be read through it.
    public static Descriptor openPlace(Path path, boolean isFolder) throws SystemCallException {
        return open(path.toString(), O_PATH | O_CLOEXEC | (isFolder ? O_DIRECTORY : 0));
    }

    public static Descriptor openReadOnly(Path path) throws SystemCallException {
        return open(path.toString(), O_CLOEXEC);
    }

    public static Descriptor openReadWrite(Path path) throws SystemCallException {
        return open(path.toString(), O_RDWR | O_CLOEXEC);
    }

    /// For writing past the page cache (`O_DIRECT`), in whole blocks from aligned memory.
    static Descriptor openDirect(Path path) throws SystemCallException {
        return open(path.toString(), O_WRONLY | O_DIRECT | O_CLOEXEC);
    }

    /// What another process has open under a number (`pidfd_getfd(2)`), as a further number of ours.
    ///
    /// @throws SystemCallException if the process has ended, has no such number, or is not ours to look into
    public static Descriptor ofProcess(long pid, int foreign) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            int process = invoke(arena, "pidfd_open", state ->
                    (int) (long) ForeignCalls.SYSCALL.invokeExact(
                            state, ForeignCalls.SYS_PIDFD_OPEN, pid, 0L, 0L));
            try (Descriptor opened = new Descriptor(process)) {
                return raised(invoke(arena, "pidfd_getfd", state ->
                        (int) (long) ForeignCalls.SYSCALL.invokeExact(
                                state, ForeignCalls.SYS_PIDFD_GETFD, (long) opened.number(), (long) foreign,
                                0L)));
            }
        }
    }

    /// A further number for the same thing, closed on its own.
    public Descriptor duplicate() throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            return new Descriptor(invoke(arena, "fcntl", state ->
                    (int) FCNTL.invokeExact(state, number(), F_DUPFD_CLOEXEC, NUMBER_MIN)));
        }
    }

    /// A pipe of this size: its reading end, and an end for reading *and* writing, whose holder never meets
    /// a broken pipe.
    public static Pair openPipe(int bytes) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(ValueLayout.JAVA_INT, 2);
            int result = invoke(
                    arena, "pipe2", state -> (int) PipeCalls.PIPE2.invokeExact(state, ends, O_CLOEXEC));
            assert result == 0;
            Descriptor reading = raised(ends.getAtIndex(ValueLayout.JAVA_INT, 0));
            try (Descriptor writing = raised(ends.getAtIndex(ValueLayout.JAVA_INT, 1))) {
                invoke(arena, "fcntl", state ->
                        (int) FCNTL.invokeExact(state, writing.number(), F_SETPIPE_SZ, bytes));
                return new Pair(reading, open("/proc/self/fd/" + writing.number(), O_RDWR | O_CLOEXEC));
            } catch (SystemCallException failure) {
                reading.close();
                throw failure;
            }
        }
    }

    /// Two connected sockets that keep the bounds of messages.
    public static Pair openSocketPair() throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(ValueLayout.JAVA_INT, 2);
            invoke(arena, "socketpair", state -> (int) SocketCalls.SOCKETPAIR.invokeExact(
                    state, AF_UNIX, SOCK_SEQPACKET | O_CLOEXEC, 0, ends));
            return new Pair(
                    raised(ends.getAtIndex(ValueLayout.JAVA_INT, 0)),
                    raised(ends.getAtIndex(ValueLayout.JAVA_INT, 1)));
        }
    }

    private static Descriptor open(String path, int flags) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = CLibrary.text(arena, path);
            try {
                int opened =
                        invoke(arena, "open", state -> (int) OPEN.invokeExact(state, name, flags, 0));
                return raised(opened);
            } catch (SystemCallException failure) {
                throw new SystemCallException("open", failure.errno(), "path=" + path);
            }
        }
    }

    /// Moves a number out of the range that children are given.
    private static Descriptor raised(int low) throws SystemCallException {
        if (low >= NUMBER_MIN) {
            return new Descriptor(low);
        }
        try (Arena arena = Arena.ofConfined(); Descriptor closed = new Descriptor(low)) {
            return new Descriptor(invoke(arena, "fcntl", state ->
                    (int) FCNTL.invokeExact(state, closed.number(), F_DUPFD_CLOEXEC, NUMBER_MIN)));
        }
    }

    /// Its number; -1 once closed.
    public int number() {
        return number.get();
    }

    /// A path that opens the same thing again.
    public Path path() {
        return Path.of("/proc/self/fd/" + number());
    }

    /// Sends one message.
    public void send(byte[] message) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, message);
            invoke(arena, "send", state -> (int) (long) SocketCalls.SEND.invokeExact(
                    state, number(), bytes, (long) message.length, MSG_NOSIGNAL));
        }
    }

    /// Receives one message of at most this size; empty when the other end is closed. Call it when
    /// [#awaitReadable] said yes.
    public byte[] receive(int bytesMax) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(bytesMax);
            int count = invoke(arena, "recv", state ->
                    (int) (long) SocketCalls.RECV.invokeExact(state, number(), bytes, (long) bytesMax, 0));
            return bytes.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    /// Waits until there is something to read or the other end is closed; false if not in time.
    public boolean awaitReadable(int millis) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment entry = arena.allocate(8, 8);
            entry.set(ValueLayout.JAVA_INT, 0, number());
            entry.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
            return invoke(arena, "poll", state ->
                            (int) SocketCalls.POLL.invokeExact(state, entry, 1L, millis))
                    > 0;
        }
    }

    @Override
    public void close() {
        int open = number.getAndSet(-1);
        if (open < 0) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            int ignored = (int) CLOSE.invokeExact(CLibrary.state(arena), open);
            assert ignored <= 0;
        } catch (Throwable failure) {
            throw CLibrary.linkFailure(failure);
        }
    }

    /// One call that answers -1 with `errno` on failure; begun again when a signal interrupts it.
    static int invoke(Arena arena, String name, Call call) throws SystemCallException {
        MemorySegment state = CLibrary.state(arena);
        while (true) {
            int result;
            try {
                result = call.run(state);
            } catch (Throwable failure) {
                throw CLibrary.linkFailure(failure);
            }
            if (result >= 0) {
                return result;
            }
            int errno = CLibrary.errno(state);
            if (errno != ErrorNumbers.EINTR) {
                throw new SystemCallException(name, errno, "");
            }
        }
    }

    /// A call given the place for `errno`.
    @FunctionalInterface
    interface Call {
        int run(MemorySegment state) throws Throwable;
    }
}
