package io.holdfast.gridstate.codec;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.holdfast.gridstate.catalog.CorruptRecordException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Arbitrary bytes give a value or a refusal, nothing else.
final class GridCodecFuzzTest {
    private static final long SEED = Long.getLong("fuzz.seed", 20_260_101L);
    private static final int MUTATED = 800_000;
    private static final int RANDOM = 300_000;

    private final GridCodec codec = new GridCodec(GridCodec.LEVEL_MAX);

    @Test
    @Timeout(120)
    void mutatedFramesGiveAValueOrARefusal() {
        SplittableRandom random = new SplittableRandom(SEED);
        List<byte[]> corpus = GridCodecTest.sampleFrames(codec);
        int values = 0;
        for (int i = 0; i < MUTATED; i++) {
            byte[] frame = mutate(corpus.get(random.nextInt(corpus.size())), corpus, random);
            values += decode(frame) ? 1 : 0;
        }
        assertTrue(values > MUTATED / 100, "mutations are too wild to test anything: values=" + values);
    }

    @Test
    @Timeout(60)
    void randomBytesGiveAValueOrARefusal() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < RANDOM; i++) {
            byte[] frame = new byte[random.nextInt(200)];
            random.nextBytes(frame);
            if (frame.length > 2 && random.nextInt(4) > 0) {
                frame[0] = 1;
                frame[1] = (byte) random.nextInt(16, 100);
            }
            decode(frame);
        }
    }

    @FuzzTest
    void anyFrameGivesAValueOrARefusal(byte[] frame) {
        decode(frame);
    }

    private boolean decode(byte[] frame) {
        try {
            Record value = codec.decode(Record.class, frame, 0);
            // What was read can be written: an accepted frame never stops the apply thread later.
            codec.encode(value);
            return true;
        } catch (CorruptRecordException e) {
            return false;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            throw new AssertionError(
                    "seed=" + SEED + " frame=" + java.util.HexFormat.of().formatHex(frame), e);
        }
    }

    private static byte[] mutate(byte[] original, List<byte[]> corpus, SplittableRandom random) {
        byte[] frame = original.clone();
        int edits = random.nextInt(1, 4);
        for (int i = 0; i < edits && frame.length > 0; i++) {
            int at = random.nextInt(frame.length);
            switch (random.nextInt(6)) {
                case 0 -> frame[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> frame[at] = (byte) random.nextInt(256);
                case 2 -> frame[at] = (byte) 0xFF;
                case 3 -> frame = Arrays.copyOf(frame, at);
                case 4 -> frame = Arrays.copyOf(frame, frame.length + random.nextInt(1, 9));
                default -> frame = splice(frame, at, corpus.get(random.nextInt(corpus.size())), random);
            }
        }
        return frame;
    }

    private static byte[] splice(byte[] frame, int at, byte[] other, SplittableRandom random) {
        int from = random.nextInt(other.length);
        byte[] joined = Arrays.copyOf(frame, at + other.length - from);
        System.arraycopy(other, from, joined, at, other.length - from);
        return joined;
    }
}
