package io.holdfast.node.fragment.wire;

import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.chunkstore.FragmentStatus;
import io.holdfast.hostio.chunkstore.StripHeader;
import io.holdfast.hostio.holder.HeaderPage;
import io.holdfast.hostio.holder.StripAnswer;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// What a holder answers.
public sealed interface FragmentAnswer {
    FrameKind kind();

    int payloadBytes();

    /// Writes the payload into a little-endian buffer with room for it.
    void write(ByteBuffer target);

    /// It is done, and durable.
    record Done() implements FragmentAnswer {
        @Override
        public FrameKind kind() {
            return FrameKind.DONE;
        }

        @Override
        public int payloadBytes() {
            return 0;
        }

        @Override
        public void write(ByteBuffer target) {
            // Done says all by being there.
        }
    }

    /// What was read.
    record Strips(List<StripAnswer> strips) implements FragmentAnswer {
        public Strips {
            strips = List.copyOf(strips);
        }

        @Override
        public FrameKind kind() {
            return FrameKind.STRIPS;
        }

        @Override
        public int payloadBytes() {
            int bytes = Short.BYTES;
            for (StripAnswer strip : strips) {
                bytes += switch (strip) {
                    case StripAnswer.Found found ->
                        1 + StripHeader.BYTES + Integer.BYTES + found.bytes().remaining();
                    case StripAnswer.Failed failed -> Refusal.bytes(failed.reason());
                };
            }
            return bytes;
        }

        @Override
        public void write(ByteBuffer target) {
            target.putShort((short) strips.size());
            for (StripAnswer strip : strips) {
                switch (strip) {
                    case StripAnswer.Found found -> {
                        target.put((byte) 0);
                        Fields.putStrip(target, found.header());
                        target.putInt(found.bytes().remaining());
                    }
                    case StripAnswer.Failed failed -> Refusal.write(target, failed.reason());
                }
            }
            for (StripAnswer strip : strips) {
                if (strip instanceof StripAnswer.Found found) {
                    target.put(found.bytes().duplicate());
                }
            }
        }
    }

    /// Fragments and how they are.
    record Statuses(List<FragmentStatus> statuses) implements FragmentAnswer {
        public Statuses {
            statuses = List.copyOf(statuses);
        }

        @Override
        public FrameKind kind() {
            return FrameKind.STATUSES;
        }

        @Override
        public int payloadBytes() {
            return Short.BYTES + statuses.size() * Fields.STATUS_BYTES;
        }

        @Override
        public void write(ByteBuffer target) {
            target.putShort((short) statuses.size());
            statuses.forEach(status -> Fields.putStatus(target, status));
        }
    }

    /// Headers of a fragment's strips.
    record Headers(HeaderPage page) implements FragmentAnswer {
        @Override
        public FrameKind kind() {
            return FrameKind.HEADER_PAGE;
        }

        @Override
        public int payloadBytes() {
            return Integer.BYTES + Short.BYTES + page.headers().size() * StripHeader.BYTES;
        }

        @Override
        public void write(ByteBuffer target) {
            target.putInt(page.nextRow()).putShort((short) page.headers().size());
            page.headers().forEach(header -> Fields.putStrip(target, header));
        }
    }

    /// It was not done, or may have been done without being durable.
    record Refused(ChunkStoreException reason) implements FragmentAnswer {
        @Override
        public FrameKind kind() {
            return FrameKind.REFUSED;
        }

        @Override
        public int payloadBytes() {
            return Refusal.bytes(reason);
        }

        @Override
        public void write(ByteBuffer target) {
            Refusal.write(target, reason);
        }
    }

    /// Reads the answer that a frame is. Bytes that were read are parts of the buffer.
    ///
    /// @param payload all of it, little-endian
    static FragmentAnswer read(FrameKind kind, ByteBuffer payload) {
        try {
            FragmentAnswer answer = decode(kind, payload);
            Fields.end(payload);
            return answer;
        } catch (BufferUnderflowException tooShort) {
            throw new FragmentWireException("an answer is too short: kind=" + kind, tooShort);
        }
    }

    private static FragmentAnswer decode(FrameKind kind, ByteBuffer in) {
        return switch (kind) {
            case DONE -> new Done();
            case STRIPS -> strips(in);
            case STATUSES -> {
                int count = Fields.count(in, Fields.STATUS_BYTES);
                List<FragmentStatus> statuses = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    statuses.add(Fields.status(in));
                }
                yield new Statuses(statuses);
            }
            case HEADER_PAGE -> {
                int nextRow = in.getInt();
                int count = Fields.count(in, StripHeader.BYTES);
                List<StripHeader> headers = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    headers.add(Fields.strip(in));
                }
                yield new Headers(new HeaderPage(headers, nextRow));
            }
            case REFUSED -> new Refused(Refusal.read(in.get(), in));
            case HELLO, PING, INSTALL_TOKEN, CREATE, APPEND, SEAL, DELETE, READ, STATUS, HEADERS, FRAGMENTS ->
                throw new FragmentWireException("not an answer: kind=" + kind);
        };
    }

    private static Strips strips(ByteBuffer in) {
        int count = Fields.count(in, 1);
        List<StripAnswer> strips = new ArrayList<>(count);
        int[] lengths = new int[count];
        List<StripHeader> headers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            byte code = in.get();
            if (code == 0) {
                headers.add(Fields.strip(in));
                lengths[i] = in.getInt();
                strips.add(new StripAnswer.Found(headers.getLast(), ByteBuffer.allocate(0)));
            } else {
                strips.add(new StripAnswer.Failed(Refusal.read(code, in)));
            }
        }
        for (int i = 0; i < count; i++) {
            if (strips.get(i) instanceof StripAnswer.Found found) {
                ByteBuffer bytes = Fields.part(in, lengths[i]).order(ByteOrder.LITTLE_ENDIAN);
                strips.set(i, new StripAnswer.Found(found.header(), bytes));
            }
        }
        return new Strips(strips);
    }
}
