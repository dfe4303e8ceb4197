package io.holdfast.node.fragment.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.hostio.chunkstore.CorruptDataException;
import io.holdfast.hostio.chunkstore.FragmentId;
import io.holdfast.hostio.chunkstore.FragmentState;
import io.holdfast.hostio.chunkstore.FragmentStatus;
import io.holdfast.hostio.chunkstore.Place;
import io.holdfast.hostio.chunkstore.StripHeader;
import io.holdfast.hostio.erasure.ErasureProfile;
import io.holdfast.hostio.id.ChunkId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.List;

/// The fields that several frames share. What does not fit throws [FragmentWireException] or
/// [BufferUnderflowException], which the callers turn into it.
final class Fields {
    static final int FRAGMENT_BYTES = 17;
    static final int STATUS_BYTES = FRAGMENT_BYTES + 2 + 1 + 4 + 8 + 4 + 4;

    /// On disk a header carries its fragment's nonce; between nodes there is none.
    private static final long NO_NONCE = 0;

    private static final Place ON_THE_WIRE = new Place("network", "frame", 0);
    private static final int TEXT_BYTES_MAX = 4_096;
    /// By their codes on the wire.
    private static final List<FragmentState> STATES = List.of(
            FragmentState.OPEN, FragmentState.SEALED, FragmentState.DAMAGED, FragmentState.DELETED);

    private Fields() {}

    static void putFragment(ByteBuffer target, FragmentId id) {
        target.putLong(id.chunk().high())
                .putLong(id.chunk().low())
                .put((byte) id.index().value());
    }

    static FragmentId fragment(ByteBuffer source) {
        ChunkId chunk = new ChunkId(source.getLong(), source.getLong());
        byte index = source.get();
        try {
            return FragmentId.of(chunk, index);
        } catch (IllegalArgumentException impossible) {
            throw new FragmentWireException("no fragment: index=" + index, impossible);
        }
    }

    static void putProfile(ByteBuffer target, ErasureProfile profile) {
        target.put((byte) profile.dataStrips()).put((byte) profile.parityStrips());
    }

    static ErasureProfile profile(ByteBuffer source) {
        byte dataStrips = source.get();
        byte parityStrips = source.get();
        try {
            return new ErasureProfile(dataStrips, parityStrips);
        } catch (IllegalArgumentException impossible) {
            throw new FragmentWireException("no profile: " + dataStrips + "+" + parityStrips, impossible);
        }
    }

    static void putStrip(ByteBuffer target, StripHeader header) {
        header.encode(target, target.position(), NO_NONCE);
        target.position(target.position() + StripHeader.BYTES);
    }

    static StripHeader strip(ByteBuffer source) {
        if (source.remaining() < StripHeader.BYTES) {
            throw new BufferUnderflowException();
        }
        try {
            StripHeader header = StripHeader.decode(source, source.position(), NO_NONCE, ON_THE_WIRE);
            source.position(source.position() + StripHeader.BYTES);
            return header;
        } catch (CorruptDataException | IllegalArgumentException damaged) {
            throw new FragmentWireException("no strip: " + damaged.getMessage(), damaged);
        }
    }

    static void putStatus(ByteBuffer target, FragmentStatus status) {
        putFragment(target, status.id());
        putProfile(target, status.profile());
        target.put((byte) STATES.indexOf(status.state()))
                .putInt(status.rowLimit())
                .putInt(status.strips())
                .putLong(status.payloadBytes())
                .putInt(status.extents());
    }

    static FragmentStatus status(ByteBuffer source) {
        FragmentId id = fragment(source);
        ErasureProfile profile = profile(source);
        byte state = source.get();
        if (state < 0 || state >= STATES.size()) {
            throw new FragmentWireException("no state of a fragment: code=" + state);
        }
        return new FragmentStatus(
                id, profile, STATES.get(state), source.getInt(), source.getInt(), source.getLong(),
                source.getInt());
    }

    static int textBytes(String text) {
        return Short.BYTES + utf8(text).length;
    }

    static void putText(ByteBuffer target, String text) {
        byte[] bytes = utf8(text);
        target.putShort((short) bytes.length).put(bytes);
    }

    static String text(ByteBuffer source) {
        int length = Short.toUnsignedInt(source.getShort());
        if (length > TEXT_BYTES_MAX || length > source.remaining()) {
            throw new FragmentWireException("a text's length: bytes=" + length);
        }
        try {
            String text = UTF_8.newDecoder().decode(source.slice(source.position(), length)).toString();
            source.position(source.position() + length);
            return text;
        } catch (CharacterCodingException e) {
            throw new FragmentWireException("a text is not UTF-8", e);
        }
    }

    /// A count that the bytes left can hold.
    static int count(ByteBuffer source, int bytesEach) {
        int count = Short.toUnsignedInt(source.getShort());
        if ((long) count * bytesEach > source.remaining()) {
            throw new FragmentWireException("more is announced than comes: count=" + count);
        }
        return count;
    }

    /// The next bytes as a buffer of their own, sharing the memory.
    static ByteBuffer part(ByteBuffer source, int bytes) {
        if (bytes < 0 || bytes > source.remaining()) {
            throw new FragmentWireException("more is announced than comes: bytes=" + bytes);
        }
        ByteBuffer part = source.slice(source.position(), bytes);
        source.position(source.position() + bytes);
        return part;
    }

    static void end(ByteBuffer source) {
        if (source.hasRemaining()) {
            throw new FragmentWireException("bytes behind the payload: bytes=" + source.remaining());
        }
    }

    /// Cut where it is too long, before a character that would be torn.
    private static byte[] utf8(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        if (bytes.length <= TEXT_BYTES_MAX) {
            return bytes;
        }
        int end = TEXT_BYTES_MAX;
        while (end > 0 && (bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        return Arrays.copyOf(bytes, end);
    }
}
