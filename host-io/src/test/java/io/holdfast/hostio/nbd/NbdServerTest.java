package io.holdfast.hostio.nbd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.blockdevice.DeviceIoException;
import io.holdfast.hostio.blockdevice.Durability;
import io.holdfast.hostio.blockdevice.FencedException;
import io.holdfast.hostio.blockdevice.NoSpaceException;
import io.holdfast.hostio.nbd.wire.NbdWire;
import io.holdfast.hostio.testing.Await;
import io.holdfast.hostio.testing.FaultyBlockDevice;
import io.holdfast.hostio.testing.FixedExports;
import io.holdfast.hostio.testing.MemoryBlockDevice;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The transmission phase of a server on a unix socket, byte by byte.
@Timeout(60)
final class NbdServerTest {
    private static final int SIZE_BYTES = 64 << 20;
    private static final int DONE = NbdWire.REPLY_FLAG_DONE;

    @TempDir
    Path folder;

    private final MemoryBlockDevice memory = new MemoryBlockDevice(SIZE_BYTES);
    private final FaultyBlockDevice device = new FaultyBlockDevice(memory);
    private final FixedExports exports = FixedExports.of(Export.of("disk", device));
    private Path socket = Path.of("");
    private NbdServer server = NbdServer.open(exports, NbdLimits.DEFAULT);

    @BeforeEach
    void listen() throws IOException {
        socket = folder.resolve("nbd.sock");
        server.listen(socket, Optional.empty());
    }

    @AfterEach
    void close() {
        device.release();
        server.close();
    }

    private void restartWith(NbdLimits limits) throws IOException {
        server.close();
        server = NbdServer.open(exports, limits);
        server.listen(socket, Optional.empty());
    }

    private RawNbdClient connect() throws IOException {
        return new RawNbdClient(UnixDomainSocketAddress.of(socket));
    }

    @Test
    void simpleRepliesCarryDataBehindTheirHeader() throws IOException {
        byte[] content = random(1, 4096);
        try (RawNbdClient client = connect().transmit("disk", false)) {
            client.send(RawNbdClient.write(0, 11, 8192, content));
            assertEquals(new RawNbdClient.Reply(false, 0, 0, 11, 0, empty()), client.simpleReply(0));
            client.send(RawNbdClient.request(NbdWire.CMD_READ, 0, 12, 8192, 4096));
            RawNbdClient.Reply reply = client.simpleReply(4096);
            assertEquals(12, reply.cookie());
            assertEquals(ByteBuffer.wrap(content), reply.payload());
            client.send(RawNbdClient.request(NbdWire.CMD_READ, 0, 13, SIZE_BYTES, 4096));
            assertEquals(new RawNbdClient.Reply(false, 0, 0, 13, NbdWire.EINVAL, empty()),
                    client.simpleReply(0));
        }
    }

    @Test
    void structuredReadIsOneChunkOfDataAndErrorsComeAsChunks() throws IOException {
        byte[] content = random(2, 4096);
        memory.write(0, ByteBuffer.wrap(content), Durability.VISIBLE);
        try (RawNbdClient client = connect().transmit("disk", true)) {
            client.send(RawNbdClient.request(NbdWire.CMD_READ, 0, 5, 0, 4096));
            RawNbdClient.Reply chunk = client.reply();
            assertEquals(DONE, chunk.flags());
            assertEquals(NbdWire.REPLY_OFFSET_DATA, chunk.type());
            assertEquals(0, chunk.payload().getLong());
            assertEquals(ByteBuffer.wrap(content), chunk.payload());

            client.send(RawNbdClient.request(NbdWire.CMD_READ, 0, 6, SIZE_BYTES - 1, 4096));
            RawNbdClient.Reply error = client.reply();
            assertEquals(NbdWire.REPLY_ERROR, error.type());
            assertEquals(NbdWire.EINVAL, error.error());
            assertEquals(DONE, error.flags());

            client.send(RawNbdClient.request(NbdWire.CMD_READ, 0, 7, 0, 0));
            assertEquals(NbdWire.REPLY_NONE, client.reply().type());
        }
    }

    @Test
    void largeReadLeavesOutHolesUnlessToldNotToFragment() throws IOException {
        byte[] content = random(3, 1 << 20);
        Arrays.fill(content, 65_536, 983_040, (byte) 0);
        memory.write(0, ByteBuffer.wrap(content, 0, 65_536), Durability.VISIBLE);
        memory.write(983_040, ByteBuffer.wrap(content, 983_040, 65_536), Durability.VISIBLE);
        try (RawNbdClient client = connect().transmit("disk", true)) {
            client.send(RawNbdClient.request(NbdWire.CMD_READ, 0, 5, 0, 1 << 20));
            assertEquals(NbdWire.REPLY_OFFSET_DATA, client.reply().type());
            RawNbdClient.Reply hole = client.reply();
            assertEquals(NbdWire.REPLY_OFFSET_HOLE, hole.type());
            assertEquals(65_536, hole.payload().getLong());
            assertEquals(917_504, hole.payload().getInt());
            RawNbdClient.Reply last = client.reply();
            assertEquals(NbdWire.REPLY_OFFSET_DATA, last.type());
            assertEquals(DONE, last.flags());
            assertArrayEquals(content, client.read(0, 1 << 20));

            client.send(RawNbdClient.request(NbdWire.CMD_READ, NbdWire.CMD_FLAG_DF, 6, 0, 1 << 20));
            RawNbdClient.Reply whole = client.reply();
            assertEquals(DONE, whole.flags());
            assertEquals(ByteBuffer.wrap(content), whole.payload().position(8));
        }
    }

    @Test
    void manyRequestsSentAtOnceAreAllAnswered() throws IOException {
        byte[] content = random(4, 1 << 20);
        int count = 256;
        int bytes = content.length / count;
        try (RawNbdClient client = connect().transmit("disk", true)) {
            ByteBuffer all = ByteBuffer.allocate(content.length + 28 * count);
            for (int i = 0; i < count; i++) {
                byte[] part = Arrays.copyOfRange(content, i * bytes, (i + 1) * bytes);
                all.put(RawNbdClient.write(i % 2, i, (long) i * bytes, part));
            }
            client.send(all.flip());
            Set<Long> answered = new HashSet<>();
            for (int i = 0; i < count; i++) {
                RawNbdClient.Reply reply = client.reply();
                assertEquals(NbdWire.OK, reply.error());
                answered.add(reply.cookie());
            }
            assertEquals(count, answered.size());
            assertArrayEquals(content, client.read(0, content.length));
        }
    }

    @Test
    void aSlowRequestHoldsUpNoQuickOneBesideIt() throws IOException {
        try (RawNbdClient client = connect().transmit("disk", false)) {
            for (int i = 0; i < 20; i++) { // Two at once: the server learns that something waits behind.
                client.send(RawNbdClient.request(NbdWire.CMD_FLUSH, 0, 1, 0, 0));
            }
            for (int i = 0; i < 20; i++) {
                client.simpleReply(0);
            }
            holdOneReadUntilDispatched(client);
            client.send(RawNbdClient.request(NbdWire.CMD_FLUSH, 0, 77, 0, 0));
            assertEquals(77, client.simpleReply(0).cookie());
            device.release();
            assertEquals(99, client.simpleReply(4096).cookie());
        }
    }

    /// Slows reads down until the server moves them off the reading thread, then leaves one of them held.
    private void holdOneReadUntilDispatched(RawNbdClient client) throws IOException {
        long before = server.readCounters().requestsOnOwnThread();
        while (server.readCounters().requestsOnOwnThread() == before) {
            device.holdFrom(1 << 20);
            client.send(RawNbdClient.request(NbdWire.CMD_READ, 0, 1, 1 << 20, 4096));
            client.send(RawNbdClient.request(NbdWire.CMD_READ, 0, 2, 1 << 20, 4096));
            Await.until("a held read", () -> device.heldCount() > 0);
            long started = System.nanoTime();
            Await.until("a slow read", () -> System.nanoTime() - started > 1_000_000);
            device.release();
            client.simpleReply(4096);
            client.simpleReply(4096);
        }
        device.holdFrom(1 << 20);
        client.send(RawNbdClient.request(NbdWire.CMD_READ, 0, 99, 1 << 20, 4096));
        Await.until("the last held read", () -> device.heldCount() == 1);
    }

    @Test
    void aClientThatReadsNoRepliesHoldsUpNobodyElse() throws IOException {
        restartWith(new NbdLimits(4, 32 << 20, 128, 4 << 20, 4 << 20, NbdLimits.Times.DEFAULT));
        try (RawNbdClient deaf = connect().transmit("disk", true);
                RawNbdClient other = connect().transmit("disk", true)) {
            byte[] content = random(5, 2 << 20);
            memory.write(0, ByteBuffer.wrap(content), Durability.VISIBLE);
            for (int i = 0; i < 64; i++) {
                deaf.send(RawNbdClient.request(NbdWire.CMD_READ, NbdWire.CMD_FLAG_DF, i, 0, 65_536));
            }
            for (int i = 0; i < 5; i++) {
                assertArrayEquals(content, other.read(0, content.length));
            }
        }
    }

    @Test
    void withoutBudgetLargeRequestsGoInPieces() throws IOException {
        restartWith(new NbdLimits(4, 32 << 20, 128, 0, 0, NbdLimits.Times.DEFAULT));
        byte[] content = random(6, 5 << 20);
        try (RawNbdClient client = connect().transmit("disk", true);
                RawNbdClient simple = connect().transmit("disk", false)) {
            client.send(RawNbdClient.write(NbdWire.CMD_FLAG_FUA, 1, 4096, content));
            assertEquals(NbdWire.OK, client.reply().error());
            memory.losePower();
            assertArrayEquals(content, client.read(4096, content.length));
            simple.send(RawNbdClient.request(NbdWire.CMD_READ, 0, 2, 4096, content.length));
            assertEquals(ByteBuffer.wrap(content), simple.simpleReply(content.length).payload());
            client.send(RawNbdClient.request(NbdWire.CMD_READ, NbdWire.CMD_FLAG_DF, 3, 0, 5 << 20));
            assertEquals(NbdWire.EOVERFLOW, client.reply().error());
            assertEquals(4, server.readCounters().requestsInPieces());

            device.fail(() -> new NoSpaceException("full"));
            client.send(RawNbdClient.write(0, 4, 0, content));
            assertEquals(NbdWire.ENOSPC, client.reply().error());
            client.send(RawNbdClient.request(NbdWire.CMD_READ, 0, 5, 0, 1 << 20));
            assertEquals(NbdWire.ENOSPC, client.reply().error());
            simple.send(RawNbdClient.request(NbdWire.CMD_READ, 0, 6, 0, 1 << 20));
            simple.awaitEnd();
        }
    }

    @Test
    void failuresOfTheDeviceReachTheClientAndTheConnectionLives() throws IOException {
        try (RawNbdClient client = connect().transmit("disk", true)) {
            device.fail(() -> new DeviceIoException("bad sector"));
            for (int type : new int[] {NbdWire.CMD_READ, NbdWire.CMD_TRIM, NbdWire.CMD_BLOCK_STATUS}) {
                client.send(RawNbdClient.request(type, 0, 1, 0, 4096));
                assertEquals(NbdWire.EIO, client.reply().error());
            }
            client.send(RawNbdClient.request(NbdWire.CMD_READ, 0, 1, 0, 1 << 20));
            assertEquals(NbdWire.EIO, client.reply().error());
            device.fail(() -> new FencedException("token 8"));
            client.send(RawNbdClient.write(0, 2, 0, new byte[4096]));
            assertEquals(NbdWire.ESHUTDOWN, client.reply().error());
            device.fail(() -> new IllegalStateException("a defect"));
            client.send(RawNbdClient.request(NbdWire.CMD_FLUSH, 0, 3, 0, 0));
            assertEquals(NbdWire.EIO, client.reply().error());
            device.recover();
            assertArrayEquals(new byte[4096], client.read(0, 4096));
            assertEquals(6, server.readCounters().requestsFailed());
        }
    }

    @Test
    void refusedWritesAreReadToTheirEnd() throws IOException {
        try (RawNbdClient client = connect().transmit("disk", true)) {
            client.send(RawNbdClient.write(0, 1, SIZE_BYTES, new byte[1 << 20]));
            assertEquals(NbdWire.ENOSPC, client.reply().error());
            client.send(RawNbdClient.write(0, 2, 0, new byte[(32 << 20) + 512]));
            assertEquals(NbdWire.EINVAL, client.reply().error());
            assertArrayEquals(new byte[4096], client.read(0, 4096));
        }
    }

    @Test
    void trimZeroesAndStatusAgree() throws IOException {
        memory.write(0, ByteBuffer.wrap(random(7, 1 << 20)), Durability.VISIBLE);
        try (RawNbdClient client = connect().transmit("disk", true)) {
            client.send(RawNbdClient.request(NbdWire.CMD_TRIM, 0, 1, 0, 65_536));
            assertEquals(NbdWire.OK, client.reply().error());
            int noHole = NbdWire.CMD_FLAG_NO_HOLE | NbdWire.CMD_FLAG_FUA;
            client.send(RawNbdClient.request(NbdWire.CMD_WRITE_ZEROES, noHole, 2, 65_536, 65_536));
            assertEquals(NbdWire.OK, client.reply().error());
            client.send(RawNbdClient.request(NbdWire.CMD_BLOCK_STATUS, 0, 3, 0, 1 << 20));
            ByteBuffer status = client.reply().payload();
            assertEquals(
                    ByteBuffer.allocate(28)
                            .putInt(Session.ALLOCATION_CONTEXT_ID)
                            .putInt(65_536)
                            .putInt(NbdWire.STATE_HOLE | NbdWire.STATE_ZERO)
                            .putInt(65_536)
                            .putInt(NbdWire.STATE_ZERO)
                            .putInt(917_504)
                            .putInt(0)
                            .flip(),
                    status);
            client.send(RawNbdClient.request(NbdWire.CMD_BLOCK_STATUS, NbdWire.CMD_FLAG_REQ_ONE, 4, 0, 4096));
            assertEquals(12, client.reply().payload().remaining());
            int fast = NbdWire.CMD_FLAG_FAST_ZERO;
            client.send(RawNbdClient.request(NbdWire.CMD_WRITE_ZEROES, fast, 5, 1 << 20, 512));
            assertEquals(NbdWire.ENOTSUP, client.reply().error());
            client.send(RawNbdClient.request(NbdWire.CMD_WRITE_ZEROES, fast, 6, 0, 1 << 20));
            assertEquals(NbdWire.OK, client.reply().error());
            client.send(RawNbdClient.request(NbdWire.CMD_CACHE, 0, 7, 0, 1 << 20));
            assertEquals(NbdWire.OK, client.reply().error());
        }
    }

    @Test
    void forcedAndFlushedWritesSurviveALossOfPower() throws IOException {
        byte[] content = random(8, 4096);
        try (RawNbdClient first = connect().transmit("disk", true);
                RawNbdClient second = connect().transmit("disk", true)) {
            first.send(RawNbdClient.write(NbdWire.CMD_FLAG_FUA, 1, 0, content));
            assertEquals(NbdWire.OK, first.reply().error());
            memory.losePower();
            assertArrayEquals(content, second.read(0, 4096));

            first.send(RawNbdClient.write(0, 2, 4096, content));
            assertEquals(NbdWire.OK, first.reply().error());
            second.send(RawNbdClient.request(NbdWire.CMD_FLUSH, 0, 3, 0, 0));
            assertEquals(NbdWire.OK, second.reply().error());
            memory.losePower();
            assertArrayEquals(content, second.read(4096, 4096));
        }
    }

    @Test
    void disconnectIsAnsweredByRepliesAndTheEnd() throws IOException {
        try (RawNbdClient client = connect().transmit("disk", false)) {
            client.send(RawNbdClient.request(NbdWire.CMD_FLUSH, 0, 1, 0, 0));
            client.send(RawNbdClient.request(NbdWire.CMD_DISC, 0, 2, 0, 0));
            assertEquals(16, client.awaitEnd().length);
        }
        Await.until("the client is forgotten", () -> exports.connected().isEmpty());
    }

    @Test
    void nonsenseEndsItsOwnConnectionOnly() throws IOException {
        try (RawNbdClient good = connect().transmit("disk", true);
                RawNbdClient bad = connect().transmit("disk", true)) {
            bad.send(ByteBuffer.allocate(28));
            bad.awaitEnd();
            assertArrayEquals(new byte[4096], good.read(0, 4096));
        }
    }

    @Test
    void aClientThatLeavesInTheMiddleOfAWriteChangesNothingButItsRange() throws IOException {
        byte[] content = random(9, 8192);
        memory.write(0, ByteBuffer.wrap(content), Durability.VISIBLE);
        for (int payload : new int[] {0, 1, 1000, 100_000}) {
            try (RawNbdClient client = connect().transmit("disk", true)) {
                client.send(RawNbdClient.request(NbdWire.CMD_WRITE, 0, 1, 8192, 1 << 20));
                client.send(ByteBuffer.allocate(payload));
            }
        }
        Await.until("all gone", () -> exports.connected().isEmpty());
        try (RawNbdClient client = connect().transmit("disk", true)) {
            assertArrayEquals(content, client.read(0, 8192));
        }
    }

    @Test
    void closingLetsRequestsInFlightFinish() throws Exception {
        try (RawNbdClient client = connect().transmit("disk", false)) {
            device.holdFrom(0);
            client.send(RawNbdClient.write(0, 1, 0, random(10, 4096)));
            Await.until("the write is held", () -> device.heldCount() == 1);
            Thread closing = Thread.ofVirtual().start(server::close);
            Await.until("the socket is gone", () -> !Files.exists(socket));
            device.release();
            assertEquals(new RawNbdClient.Reply(false, 0, 0, 1, 0, empty()), client.simpleReply(0));
            client.awaitEnd();
            closing.join();
        }
    }

    @Test
    void clientsOfOneExportCanBePartedWith() throws IOException {
        exports.add(Export.of("other", new MemoryBlockDevice(4096)));
        try (RawNbdClient leaving = connect().transmit("disk", true);
                RawNbdClient staying = connect().transmit("other", true)) {
            assertEquals(1, server.clientsOf("disk").size());
            server.disconnect("disk");
            leaving.awaitEnd();
            assertArrayEquals(new byte[4096], staying.read(0, 4096));
        }
    }

    @Test
    void moreClientsThanAllowedAreTurnedAway() throws IOException {
        restartWith(new NbdLimits(2, 32 << 20, 16, 1 << 20, 1 << 20, NbdLimits.Times.DEFAULT));
        try (RawNbdClient first = connect().transmit("disk", true);
                RawNbdClient second = connect().transmit("disk", true);
                RawNbdClient third = connect()) {
            assertEquals(0, third.awaitEnd().length);
            first.read(0, 512);
            second.read(0, 512);
            assertEquals(1, server.readCounters().connections().refused());
        }
    }

    @Test
    void aSocketThatAnswersIsNotTakenOverAndAnAbandonedOneIs() throws IOException {
        try (NbdServer second = NbdServer.open(exports, NbdLimits.DEFAULT)) {
            assertThrows(IOException.class, () -> second.listen(socket, Optional.empty()));
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
            Path abandoned = folder.resolve("abandoned.sock");
            try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                channel.bind(UnixDomainSocketAddress.of(abandoned));
            }
            assertTrue(Files.exists(abandoned));
            second.listen(abandoned, Optional.empty());
            new RawNbdClient(UnixDomainSocketAddress.of(abandoned)).transmit("disk", true).close();
        }
        assertFalse(Files.exists(folder.resolve("abandoned.sock")));
    }

    @Test
    void aResizedDeviceTakesRequestsInItsNewPart() throws IOException {
        try (RawNbdClient client = connect().transmit("disk", true)) {
            memory.resize(SIZE_BYTES + 4096);
            client.send(RawNbdClient.write(0, 1, SIZE_BYTES, new byte[4096]));
            assertEquals(NbdWire.OK, client.reply().error());
            memory.resize(4096);
            client.send(RawNbdClient.request(NbdWire.CMD_READ, 0, 1, 4096, 4096));
            assertEquals(NbdWire.EINVAL, client.reply().error());
        }
    }

    private static ByteBuffer empty() {
        return ByteBuffer.allocate(0);
    }

    private static byte[] random(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
