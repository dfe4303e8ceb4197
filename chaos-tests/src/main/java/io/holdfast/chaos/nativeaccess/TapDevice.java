package io.holdfast.chaos.nativeaccess;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/// An Ethernet device whose frames are read and written by this process (`tun(4)`, mode TAP). One thread may
/// read while others write (guarded by a lock); `close` only after all have stopped.
public final class TapDevice implements AutoCloseable {
    /// Larger than any frame of a device with the usual MTU of 1,500, offloads being off.
    public static final int FRAME_BYTES_MAX = 65_536;

    private static final int O_RDONLY = 0;
    private static final int O_RDWR = 2;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;
    private static final int CLONE_NEWNET = 0x40000000;
    private static final long TUNSETIFF = 0x400454caL;
    private static final short IFF_TAP_NO_PI = 0x1002;
    private static final int IFREQ_BYTES = 40;
    private static final int NAME_BYTES = 16;
    private static final short POLLIN = 1;

    private static final MethodHandle OPEN = Native.variadic(
            "open", FunctionDescriptor.of(Native.INT, ValueLayout.ADDRESS, Native.INT, Native.INT), 2);
    private static final MethodHandle SETNS =
            Native.function("setns", FunctionDescriptor.of(Native.INT, Native.INT, Native.INT));
    private static final MethodHandle IOCTL = Native.variadic(
            "ioctl", FunctionDescriptor.of(Native.INT, Native.INT, Native.LONG, ValueLayout.ADDRESS), 2);
    private static final MethodHandle READ = Native.function(
            "read", FunctionDescriptor.of(Native.LONG, Native.INT, ValueLayout.ADDRESS, Native.LONG));
    private static final MethodHandle WRITE = Native.function(
            "write", FunctionDescriptor.of(Native.LONG, Native.INT, ValueLayout.ADDRESS, Native.LONG));
    private static final MethodHandle POLL = Native.function(
            "poll", FunctionDescriptor.of(Native.INT, ValueLayout.ADDRESS, Native.LONG, Native.INT));
    private static final MethodHandle CLOSE =
            Native.function("close", FunctionDescriptor.of(Native.INT, Native.INT));

    private final int descriptor;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment readState = Native.newState(arena);
    private final MemorySegment readMemory = arena.allocate(FRAME_BYTES_MAX);
    private final MemorySegment pollMemory = arena.allocate(8, 4);
    private final ReentrantLock writing = new ReentrantLock();
    private final MemorySegment writeState = Native.newState(arena);
    private final MemorySegment writeMemory = arena.allocate(FRAME_BYTES_MAX);

    private TapDevice(int descriptor) {
        this.descriptor = descriptor;
        pollMemory.set(Native.INT, 0, descriptor);
        pollMemory.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
    }

    /// Makes a device of this name in the network namespace behind the path.
    ///
    /// A namespace belongs to a thread: a thread of its own enters it, makes the device and ends.
    public static TapDevice open(Path networkNamespace, String name) throws IOException,
            InterruptedException {
        Opening opening = new Opening(networkNamespace, name);
        Thread thread = Thread.ofPlatform().name("tap-open-" + name).start(opening);
        thread.join();
        return opening.result();
    }

    /// Reads a frame into the buffer; returns its length, or 0 if none came within the time.
    public int read(byte[] frame, Duration limit) throws IOException {
        try {
            long count = (long) READ.invokeExact(readState, descriptor, readMemory, (long) FRAME_BYTES_MAX);
            if (count < 0) {
                return awaitReadable(Native.errno(readState), limit);
            }
            int length = (int) Math.min(count, frame.length);
            MemorySegment.copy(readMemory, ValueLayout.JAVA_BYTE, 0, frame, 0, length);
            return length;
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw Native.impossible(e);
        }
    }

    private int awaitReadable(int errno, Duration limit) throws Throwable {
        if (errno != Native.EAGAIN && errno != Native.EINTR) {
            throw new IOException("read failed, errno=" + errno);
        }
        int result = (int) POLL.invokeExact(readState, pollMemory, 1L, (int) limit.toMillis());
        if (result < 0 && Native.errno(readState) != Native.EINTR) {
            throw new IOException("poll failed, errno=" + Native.errno(readState));
        }
        return 0;
    }

    /// Hands a frame to the namespace's kernel; one that its device does not take is lost, as on a wire.
    public void write(byte[] frame, int length) {
        writing.lock();
        try {
            MemorySegment.copy(frame, 0, writeMemory, ValueLayout.JAVA_BYTE, 0, length);
            long _ = (long) WRITE.invokeExact(writeState, descriptor, writeMemory, (long) length);
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw Native.impossible(e);
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void close() {
        Opening.close(descriptor);
        arena.close();
    }

    /// The work of the thread that enters the namespace.
    private static final class Opening implements Runnable {
        private final Path networkNamespace;
        private final String name;
        private int descriptor = -1;
        private IOException failure = new IOException("device was not opened");

        Opening(Path networkNamespace, String name) {
            this.networkNamespace = networkNamespace;
            this.name = name;
        }

        TapDevice result() throws IOException {
            if (descriptor < 0) {
                throw new IOException("no TAP device " + name + " in " + networkNamespace, failure);
            }
            return new TapDevice(descriptor);
        }

        @Override
        public void run() {
            try (Arena arena = Arena.ofConfined()) {
                enter(arena);
                descriptor = make(arena);
            } catch (IOException e) {
                failure = e;
            } catch (RuntimeException e) {
                throw e;
            } catch (Throwable e) {
                throw Native.impossible(e);
            }
        }

        private void enter(Arena arena) throws Throwable {
            MemorySegment state = Native.newState(arena);
            MemorySegment path = arena.allocateFrom(networkNamespace.toString());
            int namespace = Native.orThrow("open " + networkNamespace,
                    (int) OPEN.invokeExact(state, path, O_RDONLY | O_CLOEXEC, 0), state);
            int result = (int) SETNS.invokeExact(state, namespace, CLONE_NEWNET);
            close(namespace);
            Native.orThrow("setns", result, state);
        }

        private int make(Arena arena) throws Throwable {
            MemorySegment state = Native.newState(arena);
            MemorySegment path = arena.allocateFrom("/dev/net/tun");
            int device = Native.orThrow("open /dev/net/tun",
                    (int) OPEN.invokeExact(state, path, O_RDWR | O_NONBLOCK | O_CLOEXEC, 0), state);
            MemorySegment request = arena.allocate(IFREQ_BYTES, 8);
            byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
            MemorySegment.copy(bytes, 0, request, ValueLayout.JAVA_BYTE, 0, bytes.length);
            request.set(ValueLayout.JAVA_SHORT, NAME_BYTES, IFF_TAP_NO_PI);
            int result = (int) IOCTL.invokeExact(state, device, TUNSETIFF, request);
            if (result < 0) {
                close(device);
            }
            Native.orThrow("ioctl TUNSETIFF", result, state);
            return device;
        }

        static void close(int descriptor) {
            try (Arena arena = Arena.ofConfined()) {
                int _ = (int) CLOSE.invokeExact(Native.newState(arena), descriptor);
            } catch (RuntimeException e) {
                throw e;
            } catch (Throwable e) {
                throw Native.impossible(e);
            }
        }
    }
}
