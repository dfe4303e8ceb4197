package io.holdfast.node.peerlink.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.holdfast.consensus.Committed;
import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.NotLeaderException;
import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.SessionId;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

class FrameFuzzTest {
    private static final long SEED = Long.getLong("holdfast.seed", 20_261_121L);
    private static final int ROUNDS = 1_000_000;

    @Test
    void framesAreReadHoweverTheStreamIsCut() {
        byte[] stream = sampleStream();
        Random random = new Random(SEED);
        List<String> whole = new ArrayList<>();
        new FrameDecoder((_, type, _, payload) -> whole.add(type + ":" + payload.remaining()))
                .feed(stream);
        assertEquals(6, whole.size());
        for (int round = 0; round < 1_000; round++) {
            List<String> cut = new ArrayList<>();
            FrameDecoder decoder =
                    new FrameDecoder(
                            (_, type, _, payload) -> cut.add(type + ":" + payload.remaining()));
            int at = 0;
            while (at < stream.length) {
                int next = Math.min(stream.length, at + 1 + random.nextInt(64));
                decoder.feed(Arrays.copyOfRange(stream, at, next));
                at = next;
            }
            assertEquals(whole, cut, "seed=" + SEED);
        }
    }

    @Test
    void aMillionRandomOrMutatedFramesAreReadOrRefused() {
        Random random = new Random(SEED);
        byte[] sample = sampleStream();
        long read = 0;
        long refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] stream = random.nextInt(8) == 0 ? noise(random) : mutated(sample, random);
            int[] frames = new int[1];
            FrameDecoder decoder =
                    new FrameDecoder(
                            (_, type, _, payload) -> {
                                frames[0]++;
                                parse(type, payload);
                            });
            try {
                decoder.feed(stream);
                read += frames[0];
            } catch (WireException expected) {
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("seed=" + SEED + " round=" + round, e);
            }
            assertTrue(
                    decoder.heldCapacityBytes() <= 64 * 1024, "seed=" + SEED + " round=" + round);
        }
        assertTrue(
                read > ROUNDS / 2 && refused > ROUNDS / 10, "read=" + read + " refused=" + refused);
    }

    @FuzzTest
    void anyStreamIsReadOrRefused(byte[] stream) {
        FrameDecoder decoder = new FrameDecoder((_, type, _, payload) -> parse(type, payload));
        try {
            decoder.feed(stream);
        } catch (WireException refused) {
            return;
        }
        assertTrue(decoder.heldCapacityBytes() <= 64 * 1024);
    }

    @Test
    void aClaimedLengthAllocatesNothing() {
        FrameDecoder decoder = new FrameDecoder((_, _, _, _) -> {});
        decoder.feed(new byte[] {0, 0x3F, (byte) 0xFF, 0});
        assertTrue(decoder.heldCapacityBytes() <= 8 * 1024);
        assertThrows(
                WireException.class,
                () -> new FrameDecoder((_, _, _, _) -> {}).feed(new byte[] {0x7F, 0, 0, 0}));
    }

    private static void parse(FrameType type, PayloadReader payload) {
        switch (type) {
            case HELLO -> Hello.read(payload);
            case GOODBYE -> payload.text16();
            case PING, PONG -> payload.signedLong();
            case PROPOSE -> {
                int count = payload.unsignedShort();
                for (int i = 0; i < count; i++) {
                    payload.signedLong();
                    Outcome.readProposal(payload);
                }
                payload.end();
            }
            case OUTCOMES -> {
                int count = payload.unsignedShort();
                for (int i = 0; i < count; i++) {
                    Outcome.read(payload);
                }
                payload.end();
            }
            case CALL -> {
                payload.unsignedShort();
                payload.signedInt();
                payload.rest();
            }
            case ANSWER -> {
                payload.unsignedByte();
                payload.rest();
            }
        }
    }

    private static byte[] sampleStream() {
        FrameWriter writer = new FrameWriter();
        Hello.ofThisBuild("node-a").write(writer);
        writer.begin(FrameType.PING, 1).putLong(42).end();
        writer.begin(FrameType.PROPOSE, 0).putShort(2);
        Outcome.writeProposal(writer, 7, new Proposal(new SessionId(1, 2), 3, 1, new byte[100]));
        Outcome.writeProposal(writer, 8, Proposal.sessionless(new byte[10]));
        writer.end();
        writer.begin(FrameType.OUTCOMES, 0).putShort(2);
        Outcome.write(writer, new Outcome.Done(7, new Committed(new LogIndex(9), 1, new byte[20])));
        Outcome.write(
                writer,
                new Outcome.Failed(8, new NotLeaderException(Optional.of(new PeerId("node-c")))));
        writer.end();
        writer.begin(FrameType.CALL, 9).putShort(1).putInt(1_000).putRest(new byte[30]).end();
        writer.begin(FrameType.ANSWER, 9).putByte(1).putText16("no").end();
        return writer.take();
    }

    private static byte[] noise(Random random) {
        byte[] stream = new byte[random.nextInt(200)];
        random.nextBytes(stream);
        return stream;
    }

    private static byte[] mutated(byte[] sample, Random random) {
        byte[] stream =
                Arrays.copyOf(sample, sample.length - random.nextInt(4) * random.nextInt(40));
        int changes = random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            stream[random.nextInt(stream.length)] = (byte) random.nextInt(256);
        }
        return stream;
    }
}
