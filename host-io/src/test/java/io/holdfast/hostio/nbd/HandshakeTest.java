package io.holdfast.hostio.nbd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.blockdevice.BlockGeometry;
import io.holdfast.hostio.nbd.wire.NbdWire;
import io.holdfast.hostio.testing.FixedExports;
import io.holdfast.hostio.testing.MemoryBlockDevice;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The handshake phase of a server on a unix socket, byte by byte.
@Timeout(60)
final class HandshakeTest {
    private static final int BOTH = NbdWire.FLAG_FIXED_NEWSTYLE | NbdWire.FLAG_NO_ZEROES;
    private static final byte[] NOTHING = {};

    @TempDir
    Path folder;

    private final MemoryBlockDevice device = new MemoryBlockDevice(1 << 20, new BlockGeometry(512, 8192,
            1 << 24));
    private final FixedExports exports = FixedExports.of(
            new Export("disk", "the first disk", device, false, true), Export.of("ü",
                    new MemoryBlockDevice(512)));
    private NbdServer server = NbdServer.open(exports, NbdLimits.DEFAULT);
    private Path socket = Path.of("");

    @BeforeEach
    void listen() throws IOException {
        socket = folder.resolve("nbd.sock");
        server.listen(socket, Optional.empty());
    }

    @AfterEach
    void close() {
        server.close();
    }

    private RawNbdClient connect() throws IOException {
        return new RawNbdClient(UnixDomainSocketAddress.of(socket));
    }

    @Test
    void greetingIsFixedNewstyle() throws IOException {
        try (RawNbdClient client = connect()) {
            ByteBuffer greeting = client.receive(18);
            assertEquals("NBDMAGICIHAVEOPT", StandardCharsets.US_ASCII.decode(greeting.slice(0,
                    16)).toString());
            assertEquals(BOTH, greeting.getShort(16));
        }
    }

    @Test
    void unknownClientFlagsEndIt() throws IOException {
        try (RawNbdClient client = connect().greet(4)) {
            assertEquals(0, client.awaitEnd().length);
        }
    }

    @Test
    void exportNameIsAnsweredWithOrWithoutZeroes() throws IOException {
        for (int flags : new int[] {BOTH, NbdWire.FLAG_FIXED_NEWSTYLE, 0}) {
            try (RawNbdClient client = connect().greet(flags)) {
                client.sendOption(NbdWire.OPT_EXPORT_NAME, "disk".getBytes(StandardCharsets.UTF_8));
                ByteBuffer answer = client.receive(flags == BOTH ? 10 : 134);
                assertEquals(1 << 20, answer.getLong());
                assertTrue((answer.getShort() & NbdWire.TRANSMIT_HAS_FLAGS) != 0);
                client.send(RawNbdClient.request(NbdWire.CMD_READ, 0, 1, 0, 512));
                assertEquals(512, client.simpleReply(512).payload().remaining());
            }
        }
        try (RawNbdClient client = connect().greet(BOTH)) {
            client.sendOption(NbdWire.OPT_EXPORT_NAME, "none".getBytes(StandardCharsets.UTF_8));
            assertEquals(0, client.awaitEnd().length);
        }
    }

    @Test
    void otherOptionsNeedFixedNewstyle() throws IOException {
        try (RawNbdClient client = connect().greet(0)) {
            client.sendOption(NbdWire.OPT_LIST, NOTHING);
            assertEquals(0, client.awaitEnd().length);
        }
    }

    @Test
    void listNamesEveryExport() throws IOException {
        try (RawNbdClient client = connect().greet(BOTH)) {
            Map<String, String> found = new HashMap<>();
            List<RawNbdClient.OptionReply> replies = client.option(NbdWire.OPT_LIST, NOTHING);
            for (RawNbdClient.OptionReply reply : replies.subList(0, replies.size() - 1)) {
                assertEquals(NbdWire.REP_SERVER, reply.type());
                byte[] name = new byte[reply.payload().getInt()];
                reply.payload().get(name);
                found.put(new String(name, StandardCharsets.UTF_8), reply.text());
            }
            assertEquals(Map.of("disk", "the first disk", "ü", ""), found);
            assertEquals(NbdWire.REP_ACK, replies.getLast().type());
        }
    }

    @Test
    void infoTellsSizesNameAndDescription() throws IOException {
        try (RawNbdClient client = connect().greet(BOTH)) {
            Map<Integer, ByteBuffer> found = new HashMap<>();
            byte[] wanted = RawNbdClient.describe("disk", 3, 1, 2, 999);
            List<RawNbdClient.OptionReply> replies = client.option(NbdWire.OPT_INFO, wanted);
            for (RawNbdClient.OptionReply reply : replies.subList(0, replies.size() - 1)) {
                found.put((int) reply.payload().getShort(), reply.payload());
            }
            assertEquals(1 << 20, found.get(NbdWire.INFO_EXPORT).getLong());
            assertEquals(
                    ByteBuffer.allocate(12).putInt(512).putInt(8192).putInt(1 << 24).flip(),
                    found.get(NbdWire.INFO_BLOCK_SIZE));
            assertEquals("disk", StandardCharsets.UTF_8.decode(found.get(NbdWire.INFO_NAME)).toString());
            assertEquals(4, found.size());
            assertEquals(NbdWire.REP_ERR_UNKNOWN, last(client, NbdWire.OPT_INFO,
                    RawNbdClient.describe("none")));
            assertEquals(NbdWire.REP_ACK, last(client, NbdWire.OPT_GO, RawNbdClient.describe("disk")));
        }
    }

    @Test
    void metaContextsNeedStructuredRepliesAndMatchByName() throws IOException {
        byte[] base = RawNbdClient.metaContext("disk", "base:", "qemu:dirty-bitmap:b");
        byte[] allocation = RawNbdClient.metaContext("disk", "x-y:z", NbdWire.BASE_ALLOCATION);
        try (RawNbdClient client = connect().greet(BOTH)) {
            assertEquals(NbdWire.REP_ERR_INVALID, last(client, NbdWire.OPT_SET_META_CONTEXT, allocation));
            assertEquals(NbdWire.REP_ACK, last(client, NbdWire.OPT_STRUCTURED_REPLY, NOTHING));
            assertEquals(2, client.option(NbdWire.OPT_LIST_META_CONTEXT, base).size());
            assertEquals(
                    2, client.option(NbdWire.OPT_LIST_META_CONTEXT, RawNbdClient.metaContext("disk")).size());
            assertEquals(1, client.option(NbdWire.OPT_SET_META_CONTEXT, base).size());
            List<RawNbdClient.OptionReply> chosen = client.option(NbdWire.OPT_SET_META_CONTEXT, allocation);
            assertEquals(Session.ALLOCATION_CONTEXT_ID, chosen.getFirst().payload().getInt());
            assertEquals(NbdWire.BASE_ALLOCATION, chosen.getFirst().text());
        }
    }

    @Test
    void aContextOfAnotherExportDoesNotCount() throws IOException {
        try (RawNbdClient client = connect().greet(BOTH)) {
            client.option(NbdWire.OPT_STRUCTURED_REPLY, NOTHING);
            client.option(NbdWire.OPT_SET_META_CONTEXT, RawNbdClient.metaContext("ü",
                    NbdWire.BASE_ALLOCATION));
            client.option(NbdWire.OPT_GO, RawNbdClient.describe("disk"));
            client.send(RawNbdClient.request(NbdWire.CMD_BLOCK_STATUS, 0, 1, 0, 512));
            assertEquals(NbdWire.EINVAL, client.reply().error());
        }
    }

    @Test
    void whatIsUnknownMalformedOrTooBigIsRefusedAndTheNextOptionIsUnderstood() throws IOException {
        try (RawNbdClient client = connect().greet(BOTH)) {
            assertEquals(NbdWire.REP_ERR_UNSUP, last(client, 77, new byte[100]));
            assertEquals(NbdWire.REP_ERR_INVALID, last(client, NbdWire.OPT_LIST, new byte[1]));
            assertEquals(NbdWire.REP_ERR_INVALID, last(client, NbdWire.OPT_GO, new byte[3]));
            assertEquals(NbdWire.REP_ERR_TOO_BIG, last(client, NbdWire.OPT_GO, new byte[100_000]));
            assertEquals(NbdWire.REP_ERR_POLICY, last(client, NbdWire.OPT_STARTTLS, NOTHING));
            assertEquals(NbdWire.REP_ACK, last(client, NbdWire.OPT_ABORT, NOTHING));
            assertEquals(0, client.awaitEnd().length);
        }
    }

    @Test
    void anExportThatIsRefusedSaysWhy() throws IOException {
        exports.refuse("disk", "attached elsewhere: holder=node-2");
        try (RawNbdClient client = connect().greet(BOTH)) {
            RawNbdClient.OptionReply reply =
                    client.option(NbdWire.OPT_GO, RawNbdClient.describe("disk")).getLast();
            assertEquals(NbdWire.REP_ERR_POLICY, reply.type());
            assertEquals("attached elsewhere: holder=node-2", reply.text());
        }
    }

    @Test
    void aReadOnlyExportSaysSo() throws IOException {
        exports.add(new Export("fixed", "", device, true, false));
        try (RawNbdClient client = connect().greet(BOTH)) {
            client.sendOption(NbdWire.OPT_EXPORT_NAME, "fixed".getBytes(StandardCharsets.UTF_8));
            int flags = client.receive(10).getShort(8);
            assertEquals(
                    NbdWire.TRANSMIT_HAS_FLAGS
                            | NbdWire.TRANSMIT_READ_ONLY
                            | NbdWire.TRANSMIT_FLUSH
                            | NbdWire.TRANSMIT_FUA
                            | NbdWire.TRANSMIT_CACHE,
                    flags);
            client.send(RawNbdClient.write(0, 1, 0, new byte[512]));
            assertEquals(NbdWire.EPERM, client.simpleReply(0).error());
        }
    }

    @Test
    void aHandshakeThatTakesTooLongIsEnded() throws IOException {
        server.close();
        Duration step = Watch.STEP;
        server = NbdServer.open(
                exports, NbdLimits.DEFAULT.withTimes(new NbdLimits.Times(step, step, Duration.ZERO, step)));
        server.listen(socket, Optional.empty());
        try (RawNbdClient silent = connect();
                RawNbdClient half = connect().transmit("disk", true)) {
            silent.receive(18);
            assertArrayEquals(NOTHING, silent.awaitEnd());
            half.send(RawNbdClient.request(NbdWire.CMD_WRITE, 0, 1, 0, 512));
            assertArrayEquals(NOTHING, half.awaitEnd());
            assertEquals(2, server.readCounters().connections().closedByDeadline());
        }
    }

    @Test
    void aRawClientReportsRefusals() throws IOException {
        try (RawNbdClient client = connect()) {
            assertThrows(IOException.class, () -> client.transmit("none", true));
        }
    }

    private static int last(RawNbdClient client, int option, byte[] content) throws IOException {
        return client.option(option, content).getLast().type();
    }
}
