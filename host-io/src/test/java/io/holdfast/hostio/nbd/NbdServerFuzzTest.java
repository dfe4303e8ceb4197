package io.holdfast.hostio.nbd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.blockdevice.Durability;
import io.holdfast.hostio.nbd.wire.NbdWire;
import io.holdfast.hostio.testing.Await;
import io.holdfast.hostio.testing.FixedExports;
import io.holdfast.hostio.testing.MemoryBlockDevice;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Random and mutated bytes in both phases, while another client checks that it is not disturbed. The seed is
/// in each message; `-Dfuzz.seed=N` replays one.
@Timeout(300)
final class NbdServerFuzzTest {
    private static final int CASE_COUNT = 50_000;
    private static final int CASES_PER_CONNECTION = 50;
    private static final int CHECK_EVERY = 1_000;
    private static final int SIZE_BYTES = 1 << 20;
    private static final long DIRECT_BYTES_MAX = 64 << 20;
    private static final long[] INTERESTING = {
        0, 1, 2, 27, 28, 511, 512, 4096, 65_535, 65_536, SIZE_BYTES - 1, SIZE_BYTES, SIZE_BYTES + 1, 32 << 20,
        (32 << 20) + 1, Integer.MAX_VALUE, 0xffffffffL, Long.MAX_VALUE, Long.MIN_VALUE, -1
    };

    @TempDir
    Path folder;

    private final long seed = Long.getLong("fuzz.seed", 20_260_101L);
    private final Random random = new Random(seed);
    private final byte[] kept = new byte[SIZE_BYTES];
    private final MemoryBlockDevice good = new MemoryBlockDevice(SIZE_BYTES);
    private final FixedExports exports =
            FixedExports.of(Export.of("good", good), Export.of("fuzzed", new MemoryBlockDevice(SIZE_BYTES)));
    private final NbdLimits limits =
            new NbdLimits(16, 32 << 20, 16, 4 << 20, 16 << 20, NbdLimits.Times.DEFAULT);
    private final NbdServer server = NbdServer.open(exports, limits);
    private Path socket = Path.of("");

    private long directBytesBefore;

    @BeforeEach
    void listen() throws IOException {
        socket = folder.resolve("nbd.sock");
        server.listen(socket, Optional.empty());
        directBytesBefore = directBytes();
        new Random(1).nextBytes(kept);
        good.write(0, ByteBuffer.wrap(kept), Durability.VISIBLE);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void fiftyThousandHandshakes() throws IOException {
        try (RawNbdClient other = transmit("good")) {
            for (int i = 0; i < CASE_COUNT; i += CASES_PER_CONNECTION) {
                fuzzOneHandshake();
                checkEvery(i, other);
            }
        }
        checkEnd();
    }

    @Test
    void fiftyThousandRequests() throws IOException {
        try (RawNbdClient other = transmit("good")) {
            for (int i = 0; server.readCounters().requests() < CASE_COUNT; i += CASES_PER_CONNECTION) {
                fuzzOneTransmission();
                checkEvery(i, other);
            }
        }
        checkEnd();
    }

    private RawNbdClient transmit(String export) throws IOException {
        return new RawNbdClient(UnixDomainSocketAddress.of(socket)).transmit(export, true);
    }

    private void checkEvery(int done, RawNbdClient other) throws IOException {
        if (done % CHECK_EVERY == 0) {
            assertArrayEquals(kept, other.read(0, SIZE_BYTES), "seed=" + seed + " done=" + done);
        }
    }

    private void checkEnd() throws IOException {
        Await.until("all are gone, seed=" + seed, () -> exports.connected().isEmpty());
        assertEquals(0, server.clientsOf("fuzzed").size(), "seed=" + seed);
        long grownBytes = directBytes() - directBytesBefore;
        assertTrue(grownBytes < DIRECT_BYTES_MAX, "seed=" + seed + " grownBytes=" + grownBytes);
        try (RawNbdClient late = transmit("good")) {
            assertArrayEquals(kept, late.read(0, SIZE_BYTES), "seed=" + seed);
        }
    }

    /// Of the whole process, so that only growth says something about this test.
    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(each -> each.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    /// Options until the server closes; a thread takes the replies, so that neither side waits for the other.
    private void fuzzOneHandshake() throws IOException {
        List<ByteBuffer> messages = new ArrayList<>();
        boolean sane = random.nextInt(8) != 0;
        messages.add(ByteBuffer.allocate(4).putInt(sane ? random.nextInt(4) | 1 : random.nextInt()).flip());
        for (int i = 0; i < CASES_PER_CONNECTION; i++) {
            messages.add(option());
        }
        send(messages);
    }

    private ByteBuffer option() {
        byte[] content =
                switch (random.nextInt(6)) {
                    case 0 -> new byte[0];
                    case 1 -> RawNbdClient.describe(name(), random.nextInt(6), random.nextInt(70_000));
                    case 2 -> RawNbdClient.metaContext(name(), "base:allocation", name());
                    case 3 -> RawNbdClient.metaContext(name());
                    default -> randomBytes(random.nextInt(200));
                };
        int length = random.nextInt(20) == 0 ? (int) interesting() : content.length;
        ByteBuffer bytes = ByteBuffer.allocate(16 + content.length)
                .putLong(random.nextInt(200) == 0 ? random.nextLong() : NbdWire.IHAVEOPT)
                .putInt(optionNumber())
                .putInt(length)
                .put(content)
                .flip();
        return mutated(bytes, 16);
    }

    /// Seldom one that ends the negotiation, so that most of a connection's options are reached.
    private int optionNumber() {
        int[] staying = {3, 4, 5, 6, 8, 9, 10, 11, 12, 255};
        return random.nextInt(40) == 0 ? random.nextInt(8) : staying[random.nextInt(staying.length)];
    }

    private void fuzzOneTransmission() throws IOException {
        List<ByteBuffer> messages = new ArrayList<>();
        messages.add(ByteBuffer.allocate(4).putInt(3).flip());
        if (random.nextBoolean()) {
            messages.add(optionOf(NbdWire.OPT_STRUCTURED_REPLY, new byte[0]));
            messages.add(optionOf(
                    NbdWire.OPT_SET_META_CONTEXT, RawNbdClient.metaContext("fuzzed", "base:allocation")));
        }
        messages.add(optionOf(NbdWire.OPT_GO, RawNbdClient.describe("fuzzed")));
        for (int i = 0; i < CASES_PER_CONNECTION; i++) {
            messages.add(request());
        }
        send(messages);
    }

    private static ByteBuffer optionOf(int option, byte[] content) {
        return ByteBuffer.allocate(16 + content.length)
                .putLong(NbdWire.IHAVEOPT)
                .putInt(option)
                .putInt(content.length)
                .put(content)
                .flip();
    }

    private ByteBuffer request() {
        int type = random.nextInt(30) == 0 ? random.nextInt(70_000) : random.nextInt(9);
        int flags = random.nextInt(3) == 0 ? random.nextInt(70_000) : random.nextInt(32);
        boolean fitting = random.nextInt(3) != 0;
        int length = fitting ? random.nextInt(8192) : (int) interesting();
        long offset = fitting ? random.nextInt(SIZE_BYTES) : interesting();
        if (type == NbdWire.CMD_DISC && random.nextInt(20) != 0) {
            type = NbdWire.CMD_READ;
        }
        if (type == NbdWire.CMD_WRITE) {
            byte[] content = randomBytes(random.nextInt(8192));
            return mutated(RawNbdClient.write(flags, random.nextLong(), offset, content), 28);
        }
        return mutated(RawNbdClient.request(type, flags, random.nextLong(), offset, length), 28);
    }

    private ByteBuffer mutated(ByteBuffer bytes, int headerBytes) {
        if (random.nextInt(60) == 0) {
            int at = random.nextInt(headerBytes);
            bytes.put(at, (byte) (bytes.get(at) ^ 1 << random.nextInt(8)));
        }
        return bytes;
    }

    private String name() {
        return switch (random.nextInt(4)) {
            case 0 -> "good";
            case 1 -> "fuzzed";
            case 2 -> "";
            default -> Long.toString(random.nextLong());
        };
    }

    private long interesting() {
        return INTERESTING[random.nextInt(INTERESTING.length)] + random.nextInt(3) - 1;
    }

    private byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private void send(List<ByteBuffer> messages) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            Thread reader = Thread.ofPlatform().start(() -> readToEnd(channel));
            try {
                int size = messages.stream().mapToInt(ByteBuffer::remaining).sum();
                ByteBuffer all = ByteBuffer.allocate(size);
                messages.forEach(all::put);
                all.flip();
                while (all.hasRemaining()) {
                    channel.write(all);
                }
                channel.shutdownOutput();
            } catch (IOException _) {
                // The server has closed the connection, which is one of the two right answers.
            }
            joinUninterruptibly(reader);
        }
    }

    private static void readToEnd(SocketChannel channel) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
        try {
            int got = 0;
            while (got >= 0) {
                got = channel.read(buffer.clear());
            }
        } catch (IOException _) {
            // Reset: the server closed without reading everything.
        }
    }

    private void joinUninterruptibly(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            throw new AssertionError("the server did not end the connection: seed=" + seed, interrupted);
        }
    }
}
