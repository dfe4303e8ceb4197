package io.holdfast.node.fragment.wire;

import io.holdfast.hostio.chunkstore.FragmentId;
import io.holdfast.hostio.chunkstore.Strip;
import io.holdfast.hostio.chunkstore.StripHeader;
import io.holdfast.hostio.erasure.ErasureProfile;
import io.holdfast.hostio.holder.FragmentHolder;
import io.holdfast.hostio.holder.StripRange;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a holder is asked to do.
public sealed interface FragmentRequest {
    int RANGE_BYTES = Fields.FRAGMENT_BYTES + 4 + 2;

    FrameKind kind();

    int payloadBytes();

    /// Writes the payload into a little-endian buffer with room for it.
    void write(ByteBuffer target);

    /// Whether the connection lives.
    record Ping() implements FragmentRequest {
        @Override
        public FrameKind kind() {
            return FrameKind.PING;
        }

        @Override
        public int payloadBytes() {
            return 0;
        }

        @Override
        public void write(ByteBuffer target) {
            // A ping says all by being there.
        }
    }

    /// See [FragmentHolder#installToken].
    record InstallToken(long stream, long token) implements FragmentRequest {
        @Override
        public FrameKind kind() {
            return FrameKind.INSTALL_TOKEN;
        }

        @Override
        public int payloadBytes() {
            return 2 * Long.BYTES;
        }

        @Override
        public void write(ByteBuffer target) {
            target.putLong(stream).putLong(token);
        }
    }

    /// See [FragmentHolder#create].
    record Create(FragmentId id, ErasureProfile profile, long token) implements FragmentRequest {
        @Override
        public FrameKind kind() {
            return FrameKind.CREATE;
        }

        @Override
        public int payloadBytes() {
            return Fields.FRAGMENT_BYTES + Long.BYTES + 2;
        }

        @Override
        public void write(ByteBuffer target) {
            Fields.putFragment(target, id);
            target.putLong(token);
            Fields.putProfile(target, profile);
        }
    }

    /// See [FragmentHolder#append].
    record Append(FragmentId id, long token, List<Strip> strips) implements FragmentRequest {
        public Append {
            strips = List.copyOf(strips);
        }

        @Override
        public FrameKind kind() {
            return FrameKind.APPEND;
        }

        @Override
        public int payloadBytes() {
            int bytes = Fields.FRAGMENT_BYTES + Long.BYTES + Short.BYTES;
            for (Strip strip : strips) {
                bytes += StripHeader.BYTES + strip.header().payloadBytes();
            }
            return bytes;
        }

        @Override
        public void write(ByteBuffer target) {
            Fields.putFragment(target, id);
            target.putLong(token).putShort((short) strips.size());
            for (Strip strip : strips) {
                Fields.putStrip(target, strip.header());
            }
            for (Strip strip : strips) {
                target.put(strip.payload().duplicate());
            }
        }
    }

    /// See [FragmentHolder#seal].
    record Seal(FragmentId id, long token, int rowLimit) implements FragmentRequest {
        @Override
        public FrameKind kind() {
            return FrameKind.SEAL;
        }

        @Override
        public int payloadBytes() {
            return Fields.FRAGMENT_BYTES + Long.BYTES + Integer.BYTES;
        }

        @Override
        public void write(ByteBuffer target) {
            Fields.putFragment(target, id);
            target.putLong(token).putInt(rowLimit);
        }
    }

    /// See [FragmentHolder#delete].
    record Delete(FragmentId id, long token) implements FragmentRequest {
        @Override
        public FrameKind kind() {
            return FrameKind.DELETE;
        }

        @Override
        public int payloadBytes() {
            return Fields.FRAGMENT_BYTES + Long.BYTES;
        }

        @Override
        public void write(ByteBuffer target) {
            Fields.putFragment(target, id);
            target.putLong(token);
        }
    }

    /// See [FragmentHolder#read].
    record Read(List<StripRange> ranges) implements FragmentRequest {
        public Read {
            ranges = List.copyOf(ranges);
        }

        @Override
        public FrameKind kind() {
            return FrameKind.READ;
        }

        @Override
        public int payloadBytes() {
            return Short.BYTES + ranges.size() * RANGE_BYTES;
        }

        @Override
        public void write(ByteBuffer target) {
            target.putShort((short) ranges.size());
            for (StripRange range : ranges) {
                Fields.putFragment(target, range.fragment());
                target.putInt(range.row()).put((byte) range.firstBlock()).put((byte) range.blockCount());
            }
        }

        /// The most bytes that the answer can bring.
        public long answerBytesMax() {
            long bytes = 0;
            for (StripRange range : ranges) {
                bytes += range.isWhole()
                        ? StripHeader.PAYLOAD_BYTES_MAX
                        : (long) range.blockCount() * StripHeader.BLOCK_BYTES;
            }
            return bytes;
        }
    }

    /// See [FragmentHolder#status].
    record Status(FragmentId id) implements FragmentRequest {
        @Override
        public FrameKind kind() {
            return FrameKind.STATUS;
        }

        @Override
        public int payloadBytes() {
            return Fields.FRAGMENT_BYTES;
        }

        @Override
        public void write(ByteBuffer target) {
            Fields.putFragment(target, id);
        }
    }

    /// See [FragmentHolder#headers].
    record Headers(FragmentId id, int fromRow, int count) implements FragmentRequest {
        @Override
        public FrameKind kind() {
            return FrameKind.HEADERS;
        }

        @Override
        public int payloadBytes() {
            return Fields.FRAGMENT_BYTES + Integer.BYTES + Short.BYTES;
        }

        @Override
        public void write(ByteBuffer target) {
            Fields.putFragment(target, id);
            target.putInt(fromRow).putShort((short) count);
        }
    }

    /// See [FragmentHolder#fragments].
    record Fragments(Optional<FragmentId> after, int count) implements FragmentRequest {
        @Override
        public FrameKind kind() {
            return FrameKind.FRAGMENTS;
        }

        @Override
        public int payloadBytes() {
            return 1 + (after.isPresent() ? Fields.FRAGMENT_BYTES : 0) + Short.BYTES;
        }

        @Override
        public void write(ByteBuffer target) {
            target.put((byte) (after.isPresent() ? 1 : 0));
            after.ifPresent(id -> Fields.putFragment(target, id));
            target.putShort((short) count);
        }
    }

    /// Reads the request that a frame is. Strips' payloads are parts of the buffer.
    ///
    /// @param payload all of it, little-endian
    static FragmentRequest read(FrameKind kind, ByteBuffer payload) {
        try {
            FragmentRequest request = decode(kind, payload);
            Fields.end(payload);
            return request;
        } catch (BufferUnderflowException tooShort) {
            throw new FragmentWireException("a request is too short: kind=" + kind, tooShort);
        } catch (IllegalArgumentException impossible) {
            throw new FragmentWireException("no request: kind=" + kind, impossible);
        }
    }

    private static FragmentRequest decode(FrameKind kind, ByteBuffer in) {
        return switch (kind) {
            case PING -> new Ping();
            case INSTALL_TOKEN -> new InstallToken(in.getLong(), in.getLong());
            case CREATE -> {
                FragmentId id = Fields.fragment(in);
                long token = in.getLong();
                yield new Create(id, Fields.profile(in), token);
            }
            case APPEND -> append(in);
            case SEAL -> new Seal(Fields.fragment(in), in.getLong(), notNegative(in.getInt()));
            case DELETE -> new Delete(Fields.fragment(in), in.getLong());
            case READ -> read(in);
            case STATUS -> new Status(Fields.fragment(in));
            case HEADERS -> new Headers(Fields.fragment(in), notNegative(in.getInt()), listed(in));
            case FRAGMENTS ->
                new Fragments(
                        in.get() == 0 ? Optional.empty() : Optional.of(Fields.fragment(in)), listed(in));
            case HELLO, DONE, STRIPS, STATUSES, HEADER_PAGE, REFUSED ->
                throw new FragmentWireException("not a request: kind=" + kind);
        };
    }

    private static Append append(ByteBuffer in) {
        FragmentId id = Fields.fragment(in);
        long token = in.getLong();
        int count = Fields.count(in, StripHeader.BYTES);
        List<StripHeader> headers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            headers.add(Fields.strip(in));
        }
        List<Strip> strips = new ArrayList<>(count);
        for (StripHeader header : headers) {
            strips.add(new Strip(header, Fields.part(in, header.payloadBytes())));
        }
        return new Append(id, token, strips);
    }

    private static Read read(ByteBuffer in) {
        int count = Fields.count(in, RANGE_BYTES);
        if (count > FragmentHolder.RANGES_MAX) {
            throw new FragmentWireException("too many ranges: count=" + count);
        }
        List<StripRange> ranges = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ranges.add(new StripRange(Fields.fragment(in), in.getInt(), in.get(), in.get()));
        }
        Read read = new Read(ranges);
        if (read.answerBytesMax() > FragmentHolder.READ_BYTES_MAX) {
            throw new FragmentWireException("too much in one read: bytes=" + read.answerBytesMax());
        }
        return read;
    }

    private static int listed(ByteBuffer in) {
        int count = Short.toUnsignedInt(in.getShort());
        if (count < 1 || count > FragmentHolder.LISTED_MAX) {
            throw new FragmentWireException("a count of what is listed: count=" + count);
        }
        return count;
    }

    private static int notNegative(int value) {
        if (value < 0) {
            throw new FragmentWireException("a number is not negative: value=" + value);
        }
        return value;
    }
}
