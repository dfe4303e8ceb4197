package io.holdfast.hostio.nbd.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class RequestHeaderTest {
    private final RequestHeader header = new RequestHeader();

    @Test
    void everyFieldIsReadFromItsPlace() {
        ByteBuffer bytes = hex("25609513" + "0001" + "0001" + "0102030405060708" + "0000000100000200"
                + "80000000" + "ff");

        assertTrue(header.decode(bytes));

        assertEquals(NbdWire.CMD_FLAG_FUA, header.flags());
        assertTrue(header.hasFlag(NbdWire.CMD_FLAG_FUA));
        assertEquals(NbdWire.CMD_WRITE, header.type());
        assertEquals(0x0102030405060708L, header.cookie());
        assertEquals(0x100000200L, header.offset());
        assertEquals(1L << 31, header.length());
        assertEquals(1L << 31, header.payloadBytes());
        assertEquals(1, bytes.remaining());
    }

    @Test
    void onlyAWriteHasAPayload() {
        assertTrue(header.decode(hex("25609513" + "ffff" + "ffff" + "00".repeat(16) + "ffffffff")));
        assertEquals(0xffff, header.type());
        assertEquals(0xffff, header.flags());
        assertEquals(0, header.payloadBytes());
    }

    @Test
    void anotherMagicIsRefused() {
        assertFalse(header.decode(hex("12560953" + "00".repeat(24))));
    }

    private static ByteBuffer hex(String digits) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(digits));
    }
}
