package io.holdfast.chaos.powercut;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A recording as a network block device on a unix socket (fixed newstyle negotiation, simple replies, one
/// client at a time). Handles one request after the other, so that their order is that of the recording; a
/// flush is in the recording before it is answered. A thread of its own serves.
///
/// It offers neither trimming nor forced unit access: clients write zeros and flush instead.
public final class RecordingServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RecordingServer.class);
    private static final long INIT_MAGIC = 0x4e42444d41474943L;
    private static final long OPTION_MAGIC = 0x49484156454f5054L;
    private static final long OPTION_REPLY_MAGIC = 0x3e889045565a9L;
    private static final int REQUEST_MAGIC = 0x25609513;
    private static final int REPLY_MAGIC = 0x67446698;
    private static final int NEWSTYLE_NO_ZEROES = 3;
    private static final int OPTION_ABORT = 2;
    private static final int OPTION_GO = 7;
    private static final int REPLY_ACK = 1;
    private static final int REPLY_INFO = 3;
    private static final int REPLY_UNSUPPORTED = 0x80000001;
    private static final int INFO_BYTES = 12;
    /// Has flags, takes flushes.
    private static final short TRANSMISSION_FLAGS = 1 | 4;
    private static final short READ = 0;
    private static final short WRITE = 1;
    private static final short DISCONNECT = 2;
    private static final short FLUSH = 3;
    private static final int EIO = 5;
    private static final int EINVAL = 22;
    private static final int REQUEST_BYTES_MAX = 32 << 20;
    private static final int OPTION_BYTES_MAX = 1 << 16;
    private static final int BUFFER_BYTES = 1 << 18;

    private final Recording recording;
    private final ServerSocketChannel listener;

    private RecordingServer(Recording recording, ServerSocketChannel listener) {
        this.recording = recording;
        this.listener = listener;
    }

    /// Listens on the socket, which is made.
    public static RecordingServer start(Recording recording, Path socket) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            listener.bind(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            listener.close();
            throw e;
        }
        RecordingServer server = new RecordingServer(recording, listener);
        // A platform thread: where a virtual one's carriers hang in the file system, this one frees them.
        Thread.ofPlatform().daemon().name("recording-server").start(server::serve);
        return server;
    }

    private void serve() {
        while (listener.isOpen()) {
            try (SocketChannel client = listener.accept()) {
                converse(client);
            } catch (ClosedChannelException | EOFException e) {
                LOG.debug("client gone", e);
            } catch (IOException e) {
                LOG.warn("client of the recording fails", e);
            }
        }
    }

    private void converse(SocketChannel client) throws IOException {
        DataInputStream in = new DataInputStream(
                new BufferedInputStream(Channels.newInputStream(client), BUFFER_BYTES));
        DataOutputStream out = new DataOutputStream(
                new BufferedOutputStream(Channels.newOutputStream(client), BUFFER_BYTES));
        if (negotiate(in, out)) {
            while (answer(in, out)) {
                out.flush();
            }
        }
    }

    /// Whether transmission begins.
    private boolean negotiate(DataInputStream in, DataOutputStream out) throws IOException {
        out.writeLong(INIT_MAGIC);
        out.writeLong(OPTION_MAGIC);
        out.writeShort(NEWSTYLE_NO_ZEROES);
        out.flush();
        in.readInt();
        while (true) {
            if (in.readLong() != OPTION_MAGIC) {
                throw new IOException("not an option");
            }
            int option = in.readInt();
            int length = in.readInt();
            if (length < 0 || length > OPTION_BYTES_MAX) {
                throw new IOException("too long an option, bytes=" + length);
            }
            in.skipNBytes(length);
            switch (option) {
                case OPTION_GO -> {
                    reply(out, option, REPLY_INFO, INFO_BYTES);
                    out.writeShort(0);
                    out.writeLong(recording.sizeBytes());
                    out.writeShort(TRANSMISSION_FLAGS);
                    reply(out, option, REPLY_ACK, 0);
                    out.flush();
                    return true;
                }
                case OPTION_ABORT -> {
                    reply(out, option, REPLY_ACK, 0);
                    out.flush();
                    return false;
                }
                default -> {
                    reply(out, option, REPLY_UNSUPPORTED, 0);
                    out.flush();
                }
            }
        }
    }

    private static void reply(DataOutputStream out, int option, int type, int length) throws IOException {
        out.writeLong(OPTION_REPLY_MAGIC);
        out.writeInt(option);
        out.writeInt(type);
        out.writeInt(length);
    }

    /// Handles one request; false if it was the last.
    private boolean answer(DataInputStream in, DataOutputStream out) throws IOException {
        if (in.readInt() != REQUEST_MAGIC) {
            throw new IOException("not a request");
        }
        in.readShort();
        short type = in.readShort();
        long cookie = in.readLong();
        long offset = in.readLong();
        int length = in.readInt();
        if (type == DISCONNECT) {
            return false;
        }
        if (length < 0 || length > REQUEST_BYTES_MAX) {
            throw new IOException("too long a request, bytes=" + Integer.toUnsignedLong(length));
        }
        byte[] sent = new byte[type == WRITE ? length : 0];
        in.readFully(sent);
        byte[] answer = new byte[0];
        int error = 0;
        try {
            switch (type) {
                case READ -> answer = recording.read(offset, length);
                case WRITE -> recording.write(offset, sent);
                case FLUSH -> recording.flush();
                default -> error = EINVAL;
            }
        } catch (IllegalArgumentException e) {
            error = EINVAL;
        } catch (IOException e) {
            LOG.error("recording refuses a write", e);
            error = EIO;
        }
        out.writeInt(REPLY_MAGIC);
        out.writeInt(error);
        out.writeLong(cookie);
        out.write(answer);
        return true;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
