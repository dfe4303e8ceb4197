package io.holdfast.hostio.nbd;

import io.holdfast.hostio.nbd.transport.Transport;
import io.holdfast.hostio.nbd.wire.NbdWire;
import io.holdfast.hostio.nbd.wire.OptionRequest;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;

/// The bytes of the handshake phase (proto.md, "Fixed newstyle negotiation"): greets, reads options, writes
/// replies; what they mean is decided by [Negotiation]. Confined to the connection's reading thread.
///
/// ```
///  S: NBDMAGIC (8) | IHAVEOPT (8) | handshake flags (2)
///  C: client flags (4)
///  C: IHAVEOPT (8) | option (4) | length (4) | data           repeated
///  S: reply magic (8) | option (4) | type (4) | length (4) | data
/// ```
final class Handshake implements Negotiation.Replies {
    private static final int OPTION_BYTES_MAX = 64 << 10;
    private static final long SKIPPED_BYTES_MAX = 1 << 20;
    private static final int OPTION_COUNT_MAX = 1024;
    private static final int REPLY_HEADER_BYTES = 20;
    private static final int RESERVED_ZEROES = 124;

    private final ByteBuffer in = ByteBuffer.allocate(4096).flip();
    private final ByteBuffer out = ByteBuffer.allocate(8192);
    private Transport transport;
    private boolean zeroes = true;
    private boolean fixed;
    private int optionCount;

    Handshake(Transport transport) {
        this.transport = transport;
    }

    /// Goes on through another transport, encrypted.
    void continueThrough(Transport encrypted) {
        transport = encrypted;
    }

    /// Bytes that came after the last option.
    ByteBuffer early() {
        return in;
    }

    void greet() throws IOException {
        out.putLong(NbdWire.INIT_PASSWD)
                .putLong(NbdWire.IHAVEOPT)
                .putShort((short) (NbdWire.FLAG_FIXED_NEWSTYLE | NbdWire.FLAG_NO_ZEROES));
        flush();
        buffer(Integer.BYTES);
        int flags = in.getInt();
        if ((flags & ~(NbdWire.FLAG_FIXED_NEWSTYLE | NbdWire.FLAG_NO_ZEROES)) != 0) {
            throw new ProtocolException("unknown client flags: flags=" + flags);
        }
        zeroes = (flags & NbdWire.FLAG_NO_ZEROES) == 0;
        fixed = (flags & NbdWire.FLAG_FIXED_NEWSTYLE) != 0;
    }

    /// Lets the negotiation answer options until one of them ends this.
    Negotiation.Next negotiate(Negotiation negotiation) throws IOException {
        Negotiation.Next next = Negotiation.Next.NEXT_OPTION;
        while (next == Negotiation.Next.NEXT_OPTION) {
            if (++optionCount > OPTION_COUNT_MAX) {
                throw new ProtocolException("no end of options: count=" + optionCount);
            }
            next = oneOption(negotiation);
            flush();
        }
        return next;
    }

    private Negotiation.Next oneOption(Negotiation negotiation) throws IOException {
        buffer(OptionRequest.HEADER_BYTES);
        long magic = in.getLong();
        int option = in.getInt();
        long length = Integer.toUnsignedLong(in.getInt());
        if (magic != NbdWire.IHAVEOPT) {
            throw new ProtocolException("not an option: magic=" + Long.toHexString(magic));
        }
        if (!fixed && option != NbdWire.OPT_EXPORT_NAME) {
            throw new ProtocolException("an option without fixed newstyle: option=" + option);
        }
        if (length > OPTION_BYTES_MAX) {
            skip(length);
            return negotiation.onTooBig(option);
        }
        return negotiation.onOption(option, OptionRequest.decode(option, bytes((int) length)));
    }

    private ByteBuffer bytes(int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            buffer(1);
            int some = Math.min(bytes.remaining(), in.remaining());
            bytes.put(bytes.position(), in, in.position(), some).position(bytes.position() + some);
            in.position(in.position() + some);
        }
        return bytes.flip();
    }

    private void skip(long length) throws IOException {
        if (length > SKIPPED_BYTES_MAX) {
            throw new ProtocolException("an option that long is an attack: length=" + length);
        }
        long left = length;
        while (left > 0) {
            buffer(1);
            int some = (int) Math.min(left, in.remaining());
            in.position(in.position() + some);
            left -= some;
        }
    }

    private void buffer(int count) throws IOException {
        while (in.remaining() < count) {
            in.compact();
            int got;
            try {
                got = transport.read(in);
            } finally {
                in.flip();
            }
            if (got < 0) {
                throw new EOFException("the client left during the handshake");
            }
        }
    }

    @Override
    public void reply(int option, int type, ByteBuffer payload) throws IOException {
        reserve(REPLY_HEADER_BYTES);
        out.putLong(NbdWire.OPTION_REPLY_MAGIC).putInt(option).putInt(type).putInt(payload.remaining());
        if (payload.remaining() > out.capacity()) {
            flush();
            transport.write(payload);
        } else {
            reserve(payload.remaining());
            out.put(payload);
        }
    }

    @Override
    public void exportChosen(long sizeBytes, int transmissionFlags) throws IOException {
        reserve(Long.BYTES + Short.BYTES + RESERVED_ZEROES);
        out.putLong(sizeBytes).putShort((short) transmissionFlags);
        if (zeroes) {
            out.put(new byte[RESERVED_ZEROES]);
        }
    }

    private void reserve(int bytes) throws IOException {
        if (out.remaining() < bytes) {
            flush();
        }
    }

    private void flush() throws IOException {
        transport.write(out.flip());
        out.clear();
    }
}
