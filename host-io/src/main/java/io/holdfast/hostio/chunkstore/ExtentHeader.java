package io.holdfast.hostio.chunkstore;

import io.holdfast.hostio.erasure.ErasureProfile;
import io.holdfast.hostio.id.ChunkId;
import java.nio.ByteBuffer;

/// The first block of an extent: whose it is, and where its batches continue from. All of it lies in the
/// first sector, so it is never torn.
///
/// ```
///   0  u32 magic "HFEX"      u16 version        u8 state         u8 fragment index
///   8  u64 chunk, upper half                    u64 chunk, lower half
///  24  u64 nonce of the fragment, drawn when it was created
///  32  u32 ordinal of the extent in the fragment
///  36  u8 k   u8 m   u16 zero
///  40  u64 fencing token of the creator
///  48  u64 sequence of the extent's first batch
///  56  u64 batches known to be durable when the extent was taken
///  64  u32 checksum of the batch before the first
///  68  u32 number of the extent on the disk (tells a misdirected write)
///  72  u32 CRC32C of bytes 0 to 71
/// ```
///
/// A block of zeros is an extent never used.
record ExtentHeader(
        State state,
        FragmentId fragment,
        long nonce,
        int ordinal,
        ErasureProfile profile,
        long token,
        long firstSequence,
        long durableSequence,
        int previousChecksum,
        int extent) {
    static final int BYTES = 76;
    private static final int MAGIC = Layout.magic("HFEX");
    private static final int CHECKSUM_OFFSET = 72;

    /// What the extent is used for.
    enum State {
        USED(1),
        /// Only on extent 0: the fragment is deleted, and its other extents are free whatever they say.
        DELETED(2),
        FREE(3);

        private final byte code;

        State(int code) {
            this.code = (byte) code;
        }

        static State ofCode(byte code, Place place) {
            for (State state : values()) {
                if (state.code == code) {
                    return state;
                }
            }
            throw new CorruptDataException(place, "a state of an extent", "code " + code);
        }
    }

    void encode(ByteBuffer block) {
        block.putInt(0, MAGIC);
        block.putShort(4, Layout.VERSION);
        block.put(6, state.code);
        block.put(7, (byte) fragment.index().value());
        block.putLong(8, fragment.chunk().high());
        block.putLong(16, fragment.chunk().low());
        block.putLong(24, nonce);
        block.putInt(32, ordinal);
        block.put(36, (byte) profile.dataStrips());
        block.put(37, (byte) profile.parityStrips());
        block.putLong(40, token);
        block.putLong(48, firstSequence);
        block.putLong(56, durableSequence);
        block.putInt(64, previousChecksum);
        block.putInt(68, extent);
        block.putInt(CHECKSUM_OFFSET, Checksum.of(block, 0, CHECKSUM_OFFSET));
    }

    static ExtentHeader decode(ByteBuffer block, int expectedExtent, Place place) {
        Layout.requireHeader(block, 0, MAGIC, place);
        Layout.requireChecksum(
                block.getInt(CHECKSUM_OFFSET), Checksum.of(block, 0, CHECKSUM_OFFSET), place);
        int extent = block.getInt(68);
        if (extent != expectedExtent) {
            throw new CorruptDataException(place, "extent " + expectedExtent, "extent " + extent);
        }
        try {
            return new ExtentHeader(
                    State.ofCode(block.get(6), place),
                    FragmentId.of(new ChunkId(block.getLong(8), block.getLong(16)), block.get(7)),
                    block.getLong(24),
                    block.getInt(32),
                    new ErasureProfile(block.get(36), block.get(37)),
                    block.getLong(40),
                    block.getLong(48),
                    block.getLong(56),
                    block.getInt(64),
                    extent);
        } catch (IllegalArgumentException impossible) {
            throw new CorruptDataException(
                    place, "an extent header", String.valueOf(impossible.getMessage()));
        }
    }

    ExtentHeader in(State next) {
        return new ExtentHeader(
                next,
                fragment,
                nonce,
                ordinal,
                profile,
                token,
                firstSequence,
                durableSequence,
                previousChecksum,
                extent);
    }
}
