package io.holdfast.hostio.nbd;

import io.holdfast.hostio.nbd.wire.NbdWire;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A client that sends exactly the bytes a test wants and shows what came back.
final class RawNbdClient implements AutoCloseable {
    /// A reply to an option.
    record OptionReply(int option, int type, ByteBuffer payload) {
        String text() {
            return StandardCharsets.UTF_8.decode(payload.duplicate()).toString();
        }
    }

    /// A simple reply, or a chunk of a structured one (whose payload is then complete).
    record Reply(boolean structured, int flags, int type, long cookie, int error, ByteBuffer payload) {}

    private static final int OPTION_REPLY_HEADER_BYTES = 20;

    private final AutoCloseable socket;
    private final InputStream in;
    private final OutputStream out;

    RawNbdClient(SocketAddress address) throws IOException {
        SocketChannel channel = SocketChannel.open(address);
        socket = channel;
        in = Channels.newInputStream(channel);
        out = Channels.newOutputStream(channel);
    }

    /// Over a connection that has been agreed on elsewhere.
    RawNbdClient(AutoCloseable socket, InputStream in, OutputStream out) {
        this.socket = socket;
        this.in = in;
        this.out = out;
    }

    void send(ByteBuffer bytes) throws IOException {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        out.write(copy);
        out.flush();
    }

    ByteBuffer receive(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("the server closed the connection");
        }
        return ByteBuffer.wrap(bytes);
    }

    /// Waits until the server has closed the connection. Returns what it still had to say.
    byte[] awaitEnd() {
        try {
            return in.readAllBytes();
        } catch (IOException _) {
            return new byte[0]; // Reset, because it had not read everything that was sent.
        }
    }

    RawNbdClient greet(int clientFlags) throws IOException {
        receive(18);
        send(ByteBuffer.allocate(4).putInt(clientFlags).flip());
        return this;
    }

    void sendOption(int option, byte[] content) throws IOException {
        send(ByteBuffer.allocate(16 + content.length)
                .putLong(NbdWire.IHAVEOPT)
                .putInt(option)
                .putInt(content.length)
                .put(content)
                .flip());
    }

    /// Sends an option and takes replies up to the final one.
    List<OptionReply> option(int option, byte[] content) throws IOException {
        sendOption(option, content);
        List<OptionReply> replies = new ArrayList<>();
        do {
            replies.add(optionReply());
        } while (replies.getLast().type() > NbdWire.REP_ACK);
        return replies;
    }

    private OptionReply optionReply() throws IOException {
        ByteBuffer header = receive(OPTION_REPLY_HEADER_BYTES);
        if (header.getLong() != NbdWire.OPTION_REPLY_MAGIC) {
            throw new IOException("not a reply to an option");
        }
        int option = header.getInt();
        int type = header.getInt();
        return new OptionReply(option, type, receive(header.getInt()));
    }

    static byte[] describe(String name, int... wanted) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer content = ByteBuffer.allocate(6 + text.length + 2 * wanted.length);
        content.putInt(text.length).put(text).putShort((short) wanted.length);
        for (int each : wanted) {
            content.putShort((short) each);
        }
        return content.array();
    }

    static byte[] metaContext(String name, String... queries) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer content = ByteBuffer.allocate(1 << 16);
        content.putInt(text.length).put(text).putInt(queries.length);
        for (String query : queries) {
            byte[] bytes = query.getBytes(StandardCharsets.UTF_8);
            content.putInt(bytes.length).put(bytes);
        }
        byte[] exact = new byte[content.position()];
        content.flip().get(exact);
        return exact;
    }

    /// Greets and goes to transmission, with structured replies and allocation if so wanted.
    RawNbdClient transmit(String name, boolean structured) throws IOException {
        greet(NbdWire.FLAG_FIXED_NEWSTYLE | NbdWire.FLAG_NO_ZEROES);
        if (structured) {
            option(NbdWire.OPT_STRUCTURED_REPLY, new byte[0]);
            option(NbdWire.OPT_SET_META_CONTEXT, metaContext(name, NbdWire.BASE_ALLOCATION));
        }
        List<OptionReply> replies = option(NbdWire.OPT_GO, describe(name));
        if (replies.getLast().type() != NbdWire.REP_ACK) {
            throw new IOException("refused: reason=" + replies.getLast().text());
        }
        return this;
    }

    static ByteBuffer request(int type, int flags, long cookie, long offset, int length) {
        return ByteBuffer.allocate(28)
                .putInt(NbdWire.REQUEST_MAGIC)
                .putShort((short) flags)
                .putShort((short) type)
                .putLong(cookie)
                .putLong(offset)
                .putInt(length)
                .flip();
    }

    static ByteBuffer write(int flags, long cookie, long offset, byte[] content) {
        ByteBuffer bytes = ByteBuffer.allocate(28 + content.length);
        bytes.put(request(NbdWire.CMD_WRITE, flags, cookie, offset, content.length));
        return bytes.put(content).flip();
    }

    /// Takes a simple reply; if it is without error, also so many bytes of data.
    Reply simpleReply(int dataBytes) throws IOException {
        ByteBuffer header = receive(16);
        if (header.getInt() != NbdWire.SIMPLE_REPLY_MAGIC) {
            throw new IOException("not a simple reply");
        }
        int error = header.getInt();
        long cookie = header.getLong();
        return new Reply(false, 0, 0, cookie, error, receive(error == NbdWire.OK ? dataBytes : 0));
    }

    /// Takes a simple reply without data, or one chunk.
    Reply reply() throws IOException {
        ByteBuffer magic = receive(4);
        if (magic.getInt() == NbdWire.SIMPLE_REPLY_MAGIC) {
            ByteBuffer rest = receive(12);
            int error = rest.getInt();
            return new Reply(false, NbdWire.REPLY_FLAG_DONE, 0, rest.getLong(), error,
                    ByteBuffer.allocate(0));
        }
        if (magic.getInt(0) != NbdWire.STRUCTURED_REPLY_MAGIC) {
            throw new IOException("not a reply: magic=" + Integer.toHexString(magic.getInt(0)));
        }
        ByteBuffer header = receive(16);
        int flags = header.getShort();
        int type = Short.toUnsignedInt(header.getShort());
        long cookie = header.getLong();
        ByteBuffer payload = receive(header.getInt());
        int error = type == NbdWire.REPLY_ERROR ? payload.getInt(0) : NbdWire.OK;
        return new Reply(true, flags, type, cookie, error, payload);
    }

    /// Reads through structured replies: fills in data and holes. Throws on an error.
    byte[] read(long offset, int length) throws IOException {
        send(request(NbdWire.CMD_READ, 0, 7, offset, length));
        byte[] found = new byte[length];
        Reply chunk;
        do {
            chunk = reply();
            if (chunk.error() != NbdWire.OK) {
                throw new IOException("error=" + chunk.error());
            }
            if (chunk.type() == NbdWire.REPLY_OFFSET_DATA) {
                int at = (int) (chunk.payload().getLong() - offset);
                chunk.payload().get(found, at, chunk.payload().remaining());
            }
        } while ((chunk.flags() & NbdWire.REPLY_FLAG_DONE) == 0);
        return found;
    }

    @Override
    public void close() throws IOException {
        try {
            socket.close();
        } catch (IOException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new IOException(failure);
        }
    }
}
