package io.holdfast.hostio.chunkstore;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/// What stands on a disk is a header or corrupt. A fuzzer hardly finds a checksum, so that every block is
/// read as it is and once more with the beginning and the checksum that it should have; what is read then is
/// written and read again.
class StoreFormatFuzzTest {
    private static final Place PLACE = new Place("disk", "file", 0);
    private static final long NONCE = 7;
    private static final int EXTENT = 3;

    @FuzzTest
    void superblock(byte[] bytes) {
        readAndWrite(bytes, new Form("HFSB", 36, block -> Checksum.of(block, 0, 36)),
                block -> StoreHeader.decode(block, PLACE), StoreHeader::encode);
    }

    @FuzzTest
    void segment(byte[] bytes) {
        readAndWrite(bytes, new Form("HFSG", 28, block -> Checksum.of(block, 0, 28)),
                block -> SegmentHeader.decode(block, PLACE), SegmentHeader::encode);
    }

    @FuzzTest
    void extent(byte[] bytes) {
        readAndWrite(bytes, new Form("HFEX", 72, block -> Checksum.of(block.putInt(68, EXTENT), 0, 72)),
                block -> ExtentHeader.decode(block, EXTENT, PLACE), ExtentHeader::encode);
    }

    /// Its checksum is that of strip headers, too, so that it cannot be written again alone.
    @FuzzTest
    void batch(byte[] bytes) {
        var _ = accepted(bytes,
                new Form("HFBA", 40, block -> Checksum.around(block, 0, Layout.BLOCK_BYTES, 40)),
                block -> BatchHeader.decode(block, PLACE));
    }

    @FuzzTest
    void footer(byte[] bytes) {
        readAndWrite(bytes, new Form("HFFT", 56, block -> Checksum.around(block, 0, Layout.BLOCK_BYTES, 56)),
                block -> FragmentFooter.decode(block, PLACE), FragmentFooter::encode);
    }

    @FuzzTest
    void strip(byte[] bytes) {
        readAndWrite(bytes,
                new Form("HFST", 92,
                        block -> Checksum.around(block.putLong(24, NONCE), 0, StripHeader.BYTES, 92)),
                block -> StripHeader.decode(block, 0, NONCE, PLACE),
                (header, block) -> header.encode(block, 0, NONCE));
    }

    /// Where the checksum of a format stands, and what it is.
    private record Form(String magic, int checksumOffset, ToIntFunction<ByteBuffer> checksum) {
        void seal(ByteBuffer block) {
            block.putInt(0, Layout.magic(magic));
            block.putShort(4, Layout.VERSION);
            block.putInt(checksumOffset, checksum.applyAsInt(block));
        }
    }

    private static <T> void readAndWrite(
            byte[] bytes, Form form, Function<ByteBuffer, T> decode, BiConsumer<T, ByteBuffer> encode) {
        for (T header : accepted(bytes, form, decode)) {
            ByteBuffer again = Layout.block();
            encode.accept(header, again);
            assertEquals(header, decode.apply(again));
        }
    }

    /// What the block is read as, first as it is and then sealed.
    private static <T> List<T> accepted(byte[] bytes, Form form, Function<ByteBuffer, T> decode) {
        ByteBuffer block = Layout.block();
        block.put(0, bytes, 0, Math.min(bytes.length, Layout.BLOCK_BYTES));
        List<T> headers = new ArrayList<>();
        for (boolean isSealed : new boolean[] {false, true}) {
            if (isSealed) {
                form.seal(block);
            }
            try {
                headers.add(decode.apply(block));
            } catch (CorruptDataException refused) {
                // Nothing was read.
            }
        }
        return headers;
    }
}
