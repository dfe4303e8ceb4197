package io.holdfast.hostio.checkpoint;

import io.holdfast.hostio.nativeaccess.Descriptor;
import io.holdfast.hostio.nativeaccess.SystemCallException;
import io.holdfast.hostio.process.InheritingProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One CRIU at work as our child, asked over a socket (`criu swrk`, CRIU's `images/rpc.proto`). It has a
/// mount namespace of its own, so that whatever it mounts goes with it. Confined to one thread.
final class CriuProcess implements AutoCloseable {
    /// The first number that inherited descriptors have in CRIU.
    static final int FIRST_INHERITED = 4;

    private static final int SOCKET_NUMBER = 3;
    private static final int MESSAGE_BYTES_MAX = 64 * 1024;
    private static final Duration END_MAX = Duration.ofSeconds(5);

    /// How often it is looked at while it is silent.
    private static final int LOOK_MILLIS = 100;

    private static final int TYPE = 1;
    private static final int SUCCESS = 2;
    private static final int NOTIFY = 5;
    private static final int ERROR_NUMBER = 7;
    private static final int ERROR_TEXT = 9;
    private static final int TYPE_NOTIFY = 6;
    private static final int REQUEST_NOTIFY_SUCCESS = 3;

    private final InheritingProcess process;
    private final Descriptor socket;

    private CriuProcess(InheritingProcess process, Descriptor socket) {
        this.process = process;
        this.socket = socket;
    }

    /// What is told while it works.
    @FunctionalInterface
    interface Stages {
        /// Hears of a stage; answers whether it may go on.
        ///
        /// @param stage CRIU's name of it, such as `pre-resume`
        /// @param rootPid of the restored tree where it is known, else 0
        boolean reached(String stage, long rootPid) throws IOException;

        /// It has failed and is about to be collected.
        default void failed() {}
    }

    /// Starts it; it does nothing until it is asked.
    ///
    /// @param inherited what it may hand to restored processes, numbered from [#FIRST_INHERITED] on
    static CriuProcess start(Path criu, InheritingProcess.Isolation isolation, List<Descriptor> inherited)
            throws IOException {
        try (Descriptor nothing = Descriptor.openReadWrite(Path.of("/dev/null"));
                Descriptor.Pair pair = Descriptor.openSocketPair()) {
            Map<Integer, Descriptor> descriptors = new HashMap<>();
            descriptors.put(0, nothing);
            descriptors.put(1, nothing);
            descriptors.put(2, nothing);
            descriptors.put(SOCKET_NUMBER, pair.second());
            for (int index = 0; index < inherited.size(); index++) {
                descriptors.put(FIRST_INHERITED + index, inherited.get(index));
            }
            InheritingProcess process = InheritingProcess.startIsolated(
                    List.of(criu.toString(), "swrk", Integer.toString(SOCKET_NUMBER)), descriptors, isolation,
                    criu.getParent() == null ? Path.of("/usr/sbin") : criu.getParent());
            return new CriuProcess(process, pair.first().duplicate());
        }
    }

    long pid() {
        return process.pid();
    }

    /// Sends a request and answers the reply to it; the stages in between are told to `stages`.
    ///
    /// @throws CriuException if CRIU says no, ends, or has not answered by the deadline
    ProtobufMessage call(byte[] request, Stages stages, Duration deadline) throws IOException {
        long until = System.nanoTime() + deadline.toNanos();
        socket.send(request);
        boolean mayGoOn = true;
        while (true) {
            ProtobufMessage reply = receive(until);
            if (reply.number(TYPE, -1) != TYPE_NOTIFY) {
                if (!reply.flag(SUCCESS)) {
                    throw new CriuException(
                            "criu says no: errno=" + reply.number(ERROR_NUMBER, 0) + " message="
                            + reply.text(ERROR_TEXT).strip());
                }
                return reply;
            }
            ProtobufMessage notice = reply.message(NOTIFY)
                    .orElseThrow(() -> new CriuException("a stage without name"));
            mayGoOn = mayGoOn
                    && System.nanoTime() - until < 0
                    && stages.reached(notice.text(1), notice.number(2, 0));
            socket.send(new ProtobufWriter()
                    .number(TYPE, TYPE_NOTIFY)
                    .flag(REQUEST_NOTIFY_SUCCESS, mayGoOn)
                    .toBytes());
        }
    }

    private ProtobufMessage receive(long until) throws IOException {
        awaitMessage(until);
        byte[] bytes;
        try {
            bytes = socket.receive(MESSAGE_BYTES_MAX);
        } catch (SystemCallException reset) {
            throw new CriuException("criu has ended without an answer: pid=" + process.pid(), reset);
        }
        if (bytes.length == 0) {
            throw new CriuException("criu has ended without an answer: pid=" + process.pid());
        }
        return ProtobufMessage.parse(bytes);
    }

    /// Its end alone does not close the socket: what it has started and was making into a tree has it, too.
    private void awaitMessage(long until) throws IOException {
        boolean hasEnded = false;
        while (!socket.awaitReadable(hasEnded ? 0 : LOOK_MILLIS)) {
            if (hasEnded) {
                throw new CriuException("criu has ended without an answer: pid=" + process.pid() + " how="
                        + process.await(Duration.ZERO).explained());
            }
            if (System.nanoTime() - until > 0) {
                throw new CriuException("criu has not answered by the deadline: pid=" + process.pid());
            }
            hasEnded = process.hasEndedWithin(Duration.ZERO);
        }
    }

    /// Lets it end by itself, which it does once the socket is closed, or ends it with all it has started.
    @Override
    public void close() {
        socket.close();
        if (!process.hasEndedWithin(END_MAX)) {
            process.close();
        }
    }

    /// Ends it at once, in the middle of what it does.
    void kill() {
        socket.close();
        process.close();
    }
}
