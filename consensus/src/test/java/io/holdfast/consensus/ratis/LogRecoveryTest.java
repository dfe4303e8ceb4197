package io.holdfast.consensus.ratis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.CorruptLedgerException;
import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.log.ReplicatedLog;
import io.holdfast.consensus.testing.TallyStateMachine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogRecoveryTest {
    private static final PeerId ONLY = new PeerId("n1");
    private static final int PREALLOCATED_BYTES = 16 << 10;

    @TempDir
    Path directory;

    @Test
    void readsTheFilesThatRatisWrites() throws Exception {
        writeThroughRatis(20);
        List<Path> segments = LogSegmentCheck.segments(groupDirectory());
        assertEquals(1, segments.size());
        LogSegmentCheck.Finding.Sound sound = assertInstanceOf(
                LogSegmentCheck.Finding.Sound.class, LogSegmentCheck.inspect(segments.getFirst()));
        assertTrue(sound.entries() >= 20);
    }

    @Test
    void startsAfterATornWrite() throws Exception {
        writeThroughRatis(20);
        Path segment = openSegment();
        byte[] bytes = Files.readAllBytes(segment);
        int end = lengthWithoutZeros(bytes);
        byte[] preallocated = Arrays.copyOf(bytes, end + PREALLOCATED_BYTES);
        System.arraycopy(frame(randomBytes(2_000)), 0, preallocated, end, 700);
        Files.write(segment, preallocated);
        assertEquals(21, proposeAfterRestart());
    }

    @Test
    void refusesToStartOnADamagedEntryAndNamesTheFile() throws Exception {
        writeThroughRatis(20);
        Path segment = openSegment();
        byte[] bytes = Files.readAllBytes(segment);
        bytes[lengthWithoutZeros(bytes) / 2] ^= 1;
        Files.write(segment, bytes);
        CorruptLedgerException refusal =
                assertThrows(CorruptLedgerException.class, this::proposeAfterRestart);
        assertTrue(refusal.getMessage().contains(segment.toString()));
    }

    @Test
    void tellsTornFromDamagedAtTheLastEntry() throws IOException {
        byte[] whole = segment(randomBytes(3_000), randomBytes(3_000));
        int last = 8 + frame(new byte[3_000]).length;
        int end = lengthWithoutZeros(whole);
        Random random = new Random(20_260_107L);
        for (int i = 0; i < 200; i++) {
            byte[] flipped = whole.clone();
            flipped[last + 2 + random.nextInt(3_000)] ^= (byte) (1 << random.nextInt(8));
            assertInstanceOf(LogSegmentCheck.Finding.Corrupt.class, inspect("log_inprogress_0", flipped));
            byte[] torn = whole.clone();
            int kept = last + 1 + random.nextInt(2_900);
            Arrays.fill(torn, kept, end, (byte) 0);
            assertEquals(last, tornOffset(torn));
            byte[] holed = whole.clone();
            int sector = (last / 512 + 1 + random.nextInt(4)) * 512;
            Arrays.fill(holed, sector, sector + 512, (byte) 0);
            assertEquals(last, tornOffset(holed));
            assertInstanceOf(LogSegmentCheck.Finding.Corrupt.class, inspect("log_0-1", torn));
        }
        byte[] first = whole.clone();
        first[100] ^= 1;
        assertInstanceOf(LogSegmentCheck.Finding.Corrupt.class, inspect("log_inprogress_0", first));
    }

    @Test
    void survivesArbitraryBytes() throws IOException {
        Random random = new Random(20_260_108L);
        for (int i = 0; i < 300; i++) {
            byte[] bytes = new byte[random.nextInt(600)];
            random.nextBytes(bytes);
            inspect("log_inprogress_0", bytes);
        }
    }

    private long tornOffset(byte[] bytes) throws IOException {
        return assertInstanceOf(LogSegmentCheck.Finding.Torn.class, inspect("log_inprogress_0", bytes))
                .offset();
    }

    private LogSegmentCheck.Finding inspect(String name, byte[] bytes) throws IOException {
        Path file = directory.resolve(name);
        Files.write(file, bytes);
        return LogSegmentCheck.inspect(file);
    }

    private static byte[] segment(byte[]... entries) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("RaftLog1".getBytes(StandardCharsets.US_ASCII));
        for (byte[] entry : entries) {
            out.writeBytes(frame(entry));
        }
        return Arrays.copyOf(out.toByteArray(), PREALLOCATED_BYTES);
    }

    /// A frame with a two-byte length.
    private static byte[] frame(byte[] entry) {
        ByteBuffer out = ByteBuffer.allocate(2 + entry.length + 4);
        out.put((byte) ((entry.length & 0x7f) | 0x80)).put((byte) (entry.length >> 7)).put(entry);
        CRC32C checksum = new CRC32C();
        checksum.update(out.array(), 0, out.position());
        return out.putInt((int) checksum.getValue()).array();
    }

    private static byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        for (int i = 0; i < length; i++) {
            bytes[i] |= 1;
        }
        bytes[0] = 0x08;
        return bytes;
    }

    private static int lengthWithoutZeros(byte[] bytes) {
        int end = bytes.length;
        while (bytes[end - 1] == 0) {
            end--;
        }
        return end;
    }

    private void writeThroughRatis(int commands) throws Exception {
        try (LedgerPeers peers = LedgerPeers.in(directory)) {
            peers.start(ONLY, List.of(peers.peer("n1")), new TallyStateMachine());
            ReplicatedLog log = peers.leader().log();
            for (int i = 0; i < commands; i++) {
                propose(log);
            }
        }
    }

    private long proposeAfterRestart() throws Exception {
        try (LedgerPeers peers = LedgerPeers.in(directory)) {
            peers.start(ONLY, List.of(peers.peer("n1")), new TallyStateMachine());
            return propose(peers.leader().log());
        }
    }

    private static long propose(ReplicatedLog log) throws Exception {
        Proposal proposal = Proposal.sessionless(TallyStateMachine.command("a"));
        return TallyStateMachine.count(log.propose(proposal).get(30, TimeUnit.SECONDS).reply());
    }

    private Path openSegment() throws IOException {
        return LogSegmentCheck.segments(groupDirectory()).getLast();
    }

    private Path groupDirectory() {
        return directory.resolve("n1/raft").resolve(RatisNames.uuid(LedgerPeers.GROUP).toString());
    }
}
