package io.holdfast.node.fragment.wire;

import static io.holdfast.node.testing.Strips.strip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.chunkstore.ConflictException;
import io.holdfast.hostio.chunkstore.CorruptDataException;
import io.holdfast.hostio.chunkstore.FencedException;
import io.holdfast.hostio.chunkstore.FragmentId;
import io.holdfast.hostio.chunkstore.FragmentNotFoundException;
import io.holdfast.hostio.chunkstore.FragmentState;
import io.holdfast.hostio.chunkstore.FragmentStatus;
import io.holdfast.hostio.chunkstore.Place;
import io.holdfast.hostio.chunkstore.StoreUnavailableException;
import io.holdfast.hostio.chunkstore.Strip;
import io.holdfast.hostio.chunkstore.StripNotFoundException;
import io.holdfast.hostio.holder.HeaderPage;
import io.holdfast.hostio.holder.StripAnswer;
import io.holdfast.hostio.holder.StripRange;
import io.holdfast.hostio.id.ChunkId;
import io.holdfast.node.testing.Strips;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class FragmentWireTest {
    private static final long SEED = Long.getLong("fuzz.seed", 20_260_101L);
    private static final FragmentId ID = FragmentId.of(new ChunkId(7, 3), 1);
    private static final Strip STRIP = strip(ID, 4, 9, 2, 1);
    private static final List<FragmentRequest> REQUESTS = List.of(
            new FragmentRequest.Ping(),
            new FragmentRequest.InstallToken(7, 9),
            new FragmentRequest.Create(ID, Strips.PROFILE, 9),
            new FragmentRequest.Append(ID, 9, List.of(STRIP, strip(ID, 5, 9, 1, 2))),
            new FragmentRequest.Seal(ID, 9, 6),
            new FragmentRequest.Delete(ID, 9),
            new FragmentRequest.Read(List.of(new StripRange(ID, 4, 1, 1), StripRange.whole(ID, 5))),
            new FragmentRequest.Status(ID),
            new FragmentRequest.Headers(ID, 2, 100),
            new FragmentRequest.Fragments(Optional.of(ID), 10),
            new FragmentRequest.Fragments(Optional.empty(), 10));
    private static final List<ChunkStoreException> REASONS = List.of(
            new ConflictException("sealed"),
            new CorruptDataException(new Place("d0", "segment-1", 8_192), "crc32c 1", "crc32c 2"),
            new FencedException(7, 9, 11),
            new FragmentNotFoundException("no such fragment"),
            new StripNotFoundException("no strip"),
            new StoreUnavailableException("grüße"));

    @Test
    void everyRequestComesBackEqual() {
        for (FragmentRequest request : REQUESTS) {
            ByteBuffer bytes = payload(request.payloadBytes(), request::write);
            assertEquals(request, FragmentRequest.read(request.kind(), bytes));
        }
    }

    @Test
    void everyAnswerComesBackEqual() {
        FragmentStatus status = new FragmentStatus(ID, Strips.PROFILE, FragmentState.SEALED, 6, 5, 20_480, 1);
        List<FragmentAnswer> answers = List.of(
                new FragmentAnswer.Done(),
                new FragmentAnswer.Strips(List.of(new StripAnswer.Found(STRIP.header(), STRIP.payload()))),
                new FragmentAnswer.Statuses(List.of(status)),
                new FragmentAnswer.Headers(new HeaderPage(List.of(STRIP.header()), 5)));
        for (FragmentAnswer answer : answers) {
            ByteBuffer bytes = payload(answer.payloadBytes(), answer::write);
            assertEquals(answer, FragmentAnswer.read(answer.kind(), bytes));
        }
    }

    @Test
    void everyReasonComesBackOfItsKind() {
        List<StripAnswer> failed = new ArrayList<>();
        for (ChunkStoreException reason : REASONS) {
            FragmentAnswer answer = new FragmentAnswer.Refused(reason);
            ByteBuffer bytes = payload(answer.payloadBytes(), answer::write);
            FragmentAnswer back = FragmentAnswer.read(answer.kind(), bytes);
            ChunkStoreException said = ((FragmentAnswer.Refused) back).reason();
            assertEquals(reason.getClass(), said.getClass());
            assertTrue(String.valueOf(said.getMessage()).contains(String.valueOf(reason.getMessage())));
            failed.add(new StripAnswer.Failed(reason));
        }
        failed.add(new StripAnswer.Found(STRIP.header(), STRIP.payload()));
        FragmentAnswer mixed = new FragmentAnswer.Strips(failed);
        ByteBuffer bytes = payload(mixed.payloadBytes(), mixed::write);
        List<StripAnswer> back = ((FragmentAnswer.Strips) FragmentAnswer.read(mixed.kind(), bytes)).strips();
        assertEquals(failed.getLast(), back.getLast());
        assertEquals(11, ((FencedException) ((StripAnswer.Failed) back.get(2)).reason()).newestToken());
        assertEquals(
                new Place("d0", "segment-1", 8_192),
                ((CorruptDataException) ((StripAnswer.Failed) back.get(1)).reason()).where());
    }

    @Test
    void aTextTooLongIsCutBeforeACharacter() {
        ChunkStoreException reason = new ConflictException("ü".repeat(4_000));
        FragmentAnswer answer = new FragmentAnswer.Refused(reason);
        ByteBuffer bytes = payload(answer.payloadBytes(), answer::write);
        FragmentAnswer.Refused back = (FragmentAnswer.Refused) FragmentAnswer.read(answer.kind(), bytes);
        assertEquals("ü".repeat(2_048), back.reason().getMessage());
    }

    @Test
    void aGreetingSaysWhatIsSpoken() {
        Greeting ours = Greeting.ofThisBuild("node-1");
        ByteBuffer frame = ours.frame();
        FrameHeader header = FrameHeader.read(frame);
        assertEquals(ours, Greeting.read(header, frame));
        assertEquals(1, ours.common(new Greeting(1, 9, "b")).orElseThrow());
        assertTrue(ours.common(new Greeting(2, 9, "b")).isEmpty());
        ByteBuffer other = ours.frame();
        FrameHeader of = FrameHeader.read(other);
        other.putInt(other.position(), 1);
        assertThrows(FragmentWireException.class, () -> Greeting.read(of, other));
    }

    @Test
    void lengthsAreChecked() {
        ByteBuffer frame = ByteBuffer.allocate(FrameHeader.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(0, Integer.MAX_VALUE).put(4, (byte) 2);
        assertThrows(FragmentWireException.class, () -> FrameHeader.read(frame));
        frame.putInt(0, 3);
        assertThrows(FragmentWireException.class, () -> FrameHeader.read(frame.rewind()));
    }

    @Test
    void arbitraryBytesGiveAValueOrARefusal() {
        SplittableRandom random = new SplittableRandom(SEED);
        FrameKind[] kinds = FrameKind.values();
        List<byte[]> corpus = new ArrayList<>();
        REQUESTS.forEach(request -> corpus.add(payload(request.payloadBytes(), request::write).array()));
        REASONS.forEach(reason -> {
            FragmentAnswer answer = new FragmentAnswer.Refused(reason);
            corpus.add(payload(answer.payloadBytes(), answer::write).array());
        });
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = corpus.get(random.nextInt(corpus.size())).clone();
            bytes = java.util.Arrays.copyOf(bytes, random.nextInt(Math.min(bytes.length, 600) + 40));
            for (int edits = random.nextInt(4); edits > 0 && bytes.length > 0; edits--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            FrameKind kind = kinds[random.nextInt(kinds.length)];
            decode(kind, bytes);
        }
    }

    private static void decode(FrameKind kind, byte[] bytes) {
        ByteBuffer payload = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        try {
            FragmentRequest.read(kind, payload);
        } catch (FragmentWireException _) {
            // That is the answer to most of them.
        } catch (RuntimeException | OutOfMemoryError e) {
            throw failed(kind, bytes, e);
        }
        try {
            FragmentAnswer.read(kind, payload.rewind());
        } catch (FragmentWireException _) {
            // Likewise.
        } catch (RuntimeException | OutOfMemoryError e) {
            throw failed(kind, bytes, e);
        }
    }

    private static AssertionError failed(FrameKind kind, byte[] bytes, Throwable cause) {
        return new AssertionError(
                "seed=" + SEED + " kind=" + kind + " bytes=" + HexFormat.of().formatHex(bytes), cause);
    }

    private static ByteBuffer payload(int bytes, java.util.function.Consumer<ByteBuffer> writer) {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        writer.accept(buffer);
        assertEquals(0, buffer.remaining());
        return buffer.flip();
    }
}
