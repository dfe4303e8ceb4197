package io.holdfast.hostio.nbd.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class OptionRequestTest {
    @Test
    void describeHasNameAndWishes() {
        assertEquals(
                new OptionRequest.Describe("disk", List.of(3, 1), true),
                decode(NbdWire.OPT_GO, "00000004" + "6469736b" + "0002" + "0003" + "0001"));
        assertEquals(
                new OptionRequest.Describe("", List.of(), false), decode(NbdWire.OPT_INFO,
                        "00000000" + "0000"));
    }

    @Test
    void metaContextHasNameAndQueries() {
        assertEquals(
                new OptionRequest.MetaContext("d", List.of("base:", "x:y"), true),
                decode(
                        NbdWire.OPT_SET_META_CONTEXT,
                        "00000001" + "64" + "00000002" + "00000005" + "626173653a" + "00000003" + "783a79"));
        assertEquals(
                new OptionRequest.MetaContext("d", List.of(), false),
                decode(NbdWire.OPT_LIST_META_CONTEXT, "00000001" + "64" + "00000000"));
    }

    @Test
    void exportNameIsTheWholeOption() {
        assertEquals(new OptionRequest.ExportName("é"), decode(NbdWire.OPT_EXPORT_NAME, "c3a9"));
    }

    @Test
    void lengthsThatDoNotFitAreMalformed() {
        for (String content : List.of(
                "", "00", "00000001", "ffffffff" + "6469736b" + "0000", "00000004" + "6469736b",
                "00000004" + "6469736b" + "0001", "00000004" + "6469736b" + "0000" + "00")) {
            assertInstanceOf(OptionRequest.Malformed.class, decode(NbdWire.OPT_GO, content), content);
        }
        for (String content : List.of(
                "", "00000001" + "64", "00000001" + "64" + "ffffffff",
                        "00000001" + "64" + "00000001" + "00000001",
                "00000001" + "64" + "00000000" + "00")) {
            assertInstanceOf(OptionRequest.Malformed.class, decode(NbdWire.OPT_SET_META_CONTEXT,
                    content), content);
        }
    }

    @Test
    void stringsAreUtf8WithoutNulAndAtMost4096Bytes() {
        assertInstanceOf(OptionRequest.Malformed.class, decode(NbdWire.OPT_EXPORT_NAME, "ff"));
        assertInstanceOf(OptionRequest.Malformed.class, decode(NbdWire.OPT_EXPORT_NAME, "6100"));
        assertInstanceOf(OptionRequest.ExportName.class, decode(NbdWire.OPT_EXPORT_NAME, "61".repeat(4096)));
        assertInstanceOf(OptionRequest.Malformed.class, decode(NbdWire.OPT_EXPORT_NAME, "61".repeat(4097)));
    }

    @Test
    void optionsWithoutContentTakeNone() {
        for (int option : List.of(NbdWire.OPT_LIST, NbdWire.OPT_STARTTLS, NbdWire.OPT_STRUCTURED_REPLY)) {
            assertInstanceOf(OptionRequest.Malformed.class, decode(option, "00"));
        }
        assertEquals(new OptionRequest.Abort(), decode(NbdWire.OPT_ABORT, "00"));
    }

    @Test
    void arbitraryBytesAlwaysGiveSomething() {
        long seed = 20_260_101;
        Random random = new Random(seed);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            for (int j = 0; j < bytes.length && random.nextBoolean(); j++) {
                bytes[j] = (byte) random.nextInt(6);
            }
            int option = random.nextInt(14);
            assertNotNull(OptionRequest.decode(option, ByteBuffer.wrap(bytes)), "seed=" + seed + " i=" + i);
        }
    }

    private static OptionRequest decode(int option, String hex) {
        return OptionRequest.decode(option, ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }
}
