package io.holdfast.hostio.nbd;

import io.holdfast.hostio.blockdevice.BlockDevice;
import io.holdfast.hostio.blockdevice.BlockDeviceException;
import io.holdfast.hostio.blockdevice.Durability;
import io.holdfast.hostio.nbd.wire.NbdWire;
import io.holdfast.hostio.nbd.wire.ReplyFrame;
import io.holdfast.hostio.nbd.wire.RequestHeader;
import java.io.IOException;
import java.nio.ByteBuffer;

/// A large read or write without a buffer of its own, which a used-up budget denies: it goes through the
/// buffers of the connection piece by piece. Confined to the reading thread.
final class Pieces {
    // A multiple of every smallest block, and room for the frame within the buffers of a connection.
    private static final int PIECE_BYTES_MAX = 128 << 10;

    private final Session session;
    private final BlockDevice device;
    private final Transmission transmission;

    Pieces(Session session, Transmission transmission) {
        this.session = session;
        this.device = session.device();
        this.transmission = transmission;
    }

    void serve(RequestHeader request) throws IOException {
        if (request.type() == NbdWire.CMD_WRITE) {
            write(request);
        } else if (request.hasFlag(NbdWire.CMD_FLAG_DF)) {
            transmission.replyError(NbdWire.EOVERFLOW);
        } else if (session.structured()) {
            readChunks(request);
        } else {
            readBehindOneHeader(request);
        }
    }

    private void write(RequestHeader request) throws IOException {
        long left = request.length();
        long at = request.offset();
        int error = NbdWire.OK;
        while (left > 0 && error == NbdWire.OK) {
            int piece = (int) Math.min(left, PIECE_BYTES_MAX);
            if (!transmission.buffer(piece, false)) {
                return;
            }
            error = writePiece(at, piece);
            left -= piece;
            at += piece;
        }
        if (error == NbdWire.OK && request.hasFlag(NbdWire.CMD_FLAG_FUA)) {
            error = flush();
        }
        if (!transmission.skip(left)) {
            return;
        }
        if (error == NbdWire.OK) {
            transmission.reserveOut(ReplyFrame.SIMPLE_BYTES);
            ReplyFrame.simple(transmission.out(), request.cookie(), NbdWire.OK);
        } else {
            transmission.replyError(error);
        }
    }

    private int writePiece(long at, int piece) {
        ByteBuffer in = transmission.in();
        int limit = in.limit();
        int end = in.position() + piece;
        in.limit(end);
        try {
            device.write(at, in, Durability.VISIBLE);
            return NbdWire.OK;
        } catch (BlockDeviceException failure) {
            return RequestRules.errorOf(failure, NbdWire.CMD_WRITE);
        } finally {
            in.limit(limit).position(end);
        }
    }

    private int flush() {
        try {
            device.flush();
            return NbdWire.OK;
        } catch (BlockDeviceException failure) {
            return RequestRules.errorOf(failure, NbdWire.CMD_FLUSH);
        }
    }

    private void readChunks(RequestHeader request) throws IOException {
        long end = request.offset() + request.length();
        for (long at = request.offset(); at < end; at += PIECE_BYTES_MAX) {
            int piece = (int) Math.min(end - at, PIECE_BYTES_MAX);
            transmission.reserveOut(ReplyFrame.DATA_BYTES + piece);
            ByteBuffer out = transmission.out();
            int start = out.position();
            ReplyFrame.offsetData(out, request.cookie(), false, at, piece);
            try {
                readPiece(out, at, piece);
            } catch (BlockDeviceException failure) {
                out.clear().position(start);
                transmission.replyError(RequestRules.errorOf(failure, NbdWire.CMD_READ));
                return;
            }
        }
        transmission.reserveOut(ReplyFrame.CHUNK_BYTES);
        ReplyFrame.none(transmission.out(), request.cookie());
    }

    private void readPiece(ByteBuffer out, long at, int piece) {
        out.limit(out.position() + piece);
        device.read(at, out);
        out.limit(out.capacity());
    }

    /// A simple reply has said that all went well before the bytes follow; a failure after that ends the
    /// connection (proto.md, "NBD_CMD_READ").
    private void readBehindOneHeader(RequestHeader request) throws IOException {
        long end = request.offset() + request.length();
        transmission.reserveOut(ReplyFrame.SIMPLE_BYTES);
        ReplyFrame.simple(transmission.out(), request.cookie(), NbdWire.OK);
        for (long at = request.offset(); at < end; at += PIECE_BYTES_MAX) {
            int piece = (int) Math.min(end - at, PIECE_BYTES_MAX);
            transmission.reserveOut(piece);
            try {
                readPiece(transmission.out(), at, piece);
            } catch (BlockDeviceException failure) {
                throw new IOException("a read failed after its reply had begun: offset=" + at, failure);
            }
        }
    }
}
