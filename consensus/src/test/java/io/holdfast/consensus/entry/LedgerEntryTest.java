package io.holdfast.consensus.entry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.consensus.CorruptLedgerException;
import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.SessionId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LedgerEntryTest {
    /// The bytes of version 1; they stand in logs and must be read for ever.
    private static final String GOLDEN = "01" + "000000000000002a" + "00000002"
            + "0000000000000001" + "0000000000000002" + "0000000000000007" + "0000000000000003"
            + "00000002" + "cafe"
            + "0000000000000000" + "0000000000000000" + "0000000000000000" + "0000000000000000"
            + "00000001" + "09";

    @Test
    void writesAndReadsVersionOne() {
        byte[] golden = HexFormat.of().parseHex(GOLDEN);
        LedgerEntry entry = LedgerEntry.decode(ByteBuffer.wrap(golden));
        assertEquals(42, entry.stampedMillis());
        assertEquals(new SessionId(1, 2), entry.proposals().getFirst().session());
        assertEquals(7, entry.proposals().getFirst().sequence());
        assertEquals(3, entry.proposals().getFirst().acknowledged());
        assertArrayEquals(new byte[] {9}, entry.proposals().getLast().command());
        assertArrayEquals(golden, entry.encode());
    }

    @Test
    void readsBackWhatItWrote() {
        Random random = new Random(20_260_104L);
        for (int round = 0; round < 200; round++) {
            LedgerEntry entry = randomEntry(random);
            byte[] bytes = entry.encode();
            assertArrayEquals(bytes, LedgerEntry.decode(ByteBuffer.wrap(bytes)).encode());
        }
    }

    @Test
    void refusesEveryTruncationAndEveryTail() {
        byte[] golden = HexFormat.of().parseHex(GOLDEN);
        for (int length = 0; length < golden.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(golden, 0, length).slice();
            assertThrows(CorruptLedgerException.class, () -> LedgerEntry.decode(cut));
        }
        ByteBuffer longer = ByteBuffer.allocate(golden.length + 1).put(0, golden);
        assertThrows(CorruptLedgerException.class, () -> LedgerEntry.decode(longer));
    }

    @Test
    void refusesAnUnknownVersion() {
        byte[] newer = HexFormat.of().parseHex(GOLDEN);
        newer[0] = 2;
        assertThrows(CorruptLedgerException.class, () -> LedgerEntry.decode(ByteBuffer.wrap(newer)));
    }

    /// Whatever the bytes claim, the decoder gives an entry or says that they are corrupt.
    @Test
    void survivesArbitraryBytes() {
        long seed = 20_260_105L;
        Random random = new Random(seed);
        for (int round = 0; round < 300_000; round++) {
            byte[] bytes = round % 2 == 0 ? damaged(random) : noise(random);
            try {
                LedgerEntry entry = LedgerEntry.decode(ByteBuffer.wrap(bytes));
                assertArrayEquals(bytes, entry.encode(), () -> "seed=" + seed);
            } catch (CorruptLedgerException expected) {
                assertEquals(CorruptLedgerException.class, expected.getClass());
            }
        }
    }

    private static byte[] damaged(Random random) {
        byte[] bytes = HexFormat.of().parseHex(GOLDEN);
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    private static byte[] noise(Random random) {
        byte[] bytes = new byte[random.nextInt(80)];
        random.nextBytes(bytes);
        if (bytes.length > 0) {
            bytes[0] = 1;
        }
        return bytes;
    }

    private static LedgerEntry randomEntry(Random random) {
        List<Proposal> proposals = new ArrayList<>();
        int count = 1 + random.nextInt(20);
        for (int i = 0; i < count; i++) {
            byte[] command = new byte[1 + random.nextInt(300)];
            random.nextBytes(command);
            long sequence = random.nextInt(1_000);
            long acknowledged = sequence == 0 ? 0 : random.nextLong(sequence);
            SessionId session = new SessionId(random.nextLong(), random.nextLong());
            proposals.add(new Proposal(session, sequence, acknowledged, command));
        }
        return new LedgerEntry(random.nextLong(), proposals);
    }
}
