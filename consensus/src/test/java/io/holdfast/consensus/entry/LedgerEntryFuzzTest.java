package io.holdfast.consensus.entry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.holdfast.consensus.CorruptLedgerException;
import java.nio.ByteBuffer;

/// Any bytes are an entry of the log or corrupt; an entry is written as it was read.
class LedgerEntryFuzzTest {
    @FuzzTest
    void entry(byte[] bytes) {
        LedgerEntry entry;
        try {
            entry = LedgerEntry.decode(ByteBuffer.wrap(bytes));
        } catch (CorruptLedgerException refused) {
            return;
        }
        assertArrayEquals(bytes, entry.encode());
    }
}
