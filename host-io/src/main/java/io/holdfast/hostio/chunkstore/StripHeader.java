package io.holdfast.hostio.chunkstore;

import io.holdfast.hostio.erasure.ErasureProfile;
import io.holdfast.hostio.id.ChunkId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// All that a strip says about itself; enough to rebuild map and chunk from strips alone. Immutable (the
/// body is not to be changed).
///
/// ```
///   0  u32 magic "HFST"         u16 version          u8 kind        u8 fragment index
///   8  u64 chunk, upper half (the stream)
///  16  u64 chunk, lower half
///  24  u64 nonce of the fragment
///  32  u64 sequence
///  40  u64 fencing token
///  48  u32 row                  u32 payload bytes
///  56  u8 k  u8 m  u16 zero     u32 mask of the row's data strips that exist
///  64  u32 CRC32C of payload    24 bytes zero
///  92  u32 CRC32C of the header but for these four bytes
///  96  160 bytes body
/// ```
///
/// @param fragment the fragment the strip belongs to
/// @param kind what it holds
/// @param profile the chunk's profile
/// @param row the row of the chunk, growing with time
/// @param sequence the writer's position in the stream
/// @param token the writer's fencing token
/// @param existingMask bit i is set if data strip i of the row exists; the others count as zeros
/// @param payloadBytes 0 (notes) or a multiple of 4 KiB up to 64 KiB; the same for all strips of a row
/// @param payloadChecksum CRC32C of the payload
/// @param body [#BODY_BYTES] bytes; see [StripBody]
public record StripHeader(
        FragmentId fragment,
        StripKind kind,
        ErasureProfile profile,
        int row,
        long sequence,
        long token,
        int existingMask,
        int payloadBytes,
        int payloadChecksum,
        ByteBuffer body) {
    public static final int BYTES = 256;
    public static final int BLOCK_BYTES = Layout.BLOCK_BYTES;
    public static final int BODY_BYTES = 160;
    public static final int PAYLOAD_BYTES_MAX = 64 << 10;

    private static final int MAGIC = Layout.magic("HFST");
    private static final int CHECKSUM_OFFSET = 92;
    private static final int BODY_OFFSET = 96;

    public StripHeader {
        if (row < 0 || payloadBytes < 0 || payloadBytes > PAYLOAD_BYTES_MAX
                || payloadBytes % Layout.BLOCK_BYTES != 0) {
            throw new IllegalArgumentException("row=" + row + " payloadBytes=" + payloadBytes);
        }
        if (body.remaining() != BODY_BYTES || (kind == StripKind.NOTE) != (payloadBytes == 0)) {
            throw new IllegalArgumentException(
                    "kind=" + kind + " payloadBytes=" + payloadBytes + " bodyBytes=" + body.remaining());
        }
        if (fragment.index().value() >= profile.strips()) {
            throw new IllegalArgumentException("fragment=" + fragment + " profile=" + profile);
        }
    }

    /// Writes the header at the offset.
    ///
    /// @param nonce of the fragment on disk; any number both sides know on a link
    public void encode(ByteBuffer target, int offset, long nonce) {
        target.putInt(offset, MAGIC);
        target.putShort(offset + 4, Layout.VERSION);
        target.put(offset + 6, kind.code());
        target.put(offset + 7, (byte) fragment.index().value());
        target.putLong(offset + 8, fragment.chunk().high());
        target.putLong(offset + 16, fragment.chunk().low());
        target.putLong(offset + 24, nonce);
        target.putLong(offset + 32, sequence);
        target.putLong(offset + 40, token);
        target.putInt(offset + 48, row);
        target.putInt(offset + 52, payloadBytes);
        target.put(offset + 56, (byte) profile.dataStrips());
        target.put(offset + 57, (byte) profile.parityStrips());
        target.putInt(offset + 60, existingMask);
        target.putInt(offset + 64, payloadChecksum);
        target.put(offset + BODY_OFFSET, body, body.position(), BODY_BYTES);
        target.putInt(offset + CHECKSUM_OFFSET, Checksum.around(target, offset, BYTES, CHECKSUM_OFFSET));
    }

    /// Reads and checks the header at the offset; it must be of the fragment with the nonce.
    public static StripHeader decode(ByteBuffer source, int offset, long nonce, Place place) {
        Layout.requireHeader(source, offset, MAGIC, place);
        Layout.requireChecksum(
                source.getInt(offset + CHECKSUM_OFFSET),
                Checksum.around(source, offset, BYTES, CHECKSUM_OFFSET),
                place);
        long foundNonce = source.getLong(offset + 24);
        if (foundNonce != nonce) {
            throw new CorruptDataException(
                    place, "nonce " + Long.toHexString(nonce), Long.toHexString(foundNonce));
        }
        StripKind kind = StripKind.ofCode(source.get(offset + 6), place);
        ByteBuffer body = ByteBuffer.allocate(BODY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        body.put(0, source, offset + BODY_OFFSET, BODY_BYTES);
        try {
            ChunkId chunk = new ChunkId(source.getLong(offset + 8), source.getLong(offset + 16));
            return new StripHeader(
                    FragmentId.of(chunk, source.get(offset + 7)),
                    kind,
                    new ErasureProfile(source.get(offset + 56), source.get(offset + 57)),
                    source.getInt(offset + 48),
                    source.getLong(offset + 32),
                    source.getLong(offset + 40),
                    source.getInt(offset + 60),
                    source.getInt(offset + 52),
                    source.getInt(offset + 64),
                    body);
        } catch (IllegalArgumentException impossible) {
            throw new CorruptDataException(place, "a strip header", String.valueOf(impossible.getMessage()));
        }
    }
}
