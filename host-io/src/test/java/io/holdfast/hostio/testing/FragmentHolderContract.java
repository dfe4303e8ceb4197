package io.holdfast.hostio.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.chunkstore.ConflictException;
import io.holdfast.hostio.chunkstore.FencedException;
import io.holdfast.hostio.chunkstore.FragmentId;
import io.holdfast.hostio.chunkstore.FragmentNotFoundException;
import io.holdfast.hostio.chunkstore.FragmentState;
import io.holdfast.hostio.chunkstore.FragmentStatus;
import io.holdfast.hostio.chunkstore.Strip;
import io.holdfast.hostio.chunkstore.StripHeader;
import io.holdfast.hostio.chunkstore.StripNotFoundException;
import io.holdfast.hostio.erasure.ErasureCodecs;
import io.holdfast.hostio.erasure.ErasureProfile;
import io.holdfast.hostio.holder.FragmentHolder;
import io.holdfast.hostio.holder.HeaderPage;
import io.holdfast.hostio.holder.StripAnswer;
import io.holdfast.hostio.holder.StripRange;
import io.holdfast.hostio.id.ChunkId;
import io.holdfast.hostio.log.Answers;
import io.holdfast.hostio.row.RowEncoder;
import io.holdfast.hostio.row.StripContent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// What every holder of fragments does, wherever it is. A subclass says how to reach one that is empty.
public abstract class FragmentHolderContract {
    private static final ErasureProfile PROFILE = new ErasureProfile(1, 0);
    private static final ChunkId CHUNK = new ChunkId(77, 5);
    private static final FragmentId FRAGMENT = FragmentId.of(CHUNK, 0);
    private static final int BLOCK = StripHeader.BLOCK_BYTES;
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    /// A holder without fragments.
    protected abstract FragmentHolder holder();

    private static <T> T await(CompletableFuture<T> answer) {
        return Answers.await(answer, PATIENCE_NANOS);
    }

    private static <E extends ChunkStoreException> E failure(Class<E> kind, CompletableFuture<?> answer) {
        return assertThrows(kind, () -> await(answer));
    }

    private static Strip strip(int row, int blocks) {
        ByteBuffer payload = payload(row, blocks);
        RowEncoder encoder =
                new RowEncoder(ErasureCodecs.best(PROFILE), CHUNK, 3, ByteBuffer::allocateDirect);
        return encoder.encode(row, 100 + row, List.of(StripContent.ofRange(payload, row * 100L))).getFirst();
    }

    private static ByteBuffer payload(int row, int blocks) {
        byte[] bytes = new byte[blocks * BLOCK];
        new Random(row).nextBytes(bytes);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    private static Strip note(int row) {
        RowEncoder encoder =
                new RowEncoder(ErasureCodecs.best(PROFILE), CHUNK, 3, ByteBuffer::allocateDirect);
        ByteBuffer body = ByteBuffer.allocate(StripHeader.BODY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        return encoder.note(row, 100 + row, body.putLong(0, 4711)).getFirst();
    }

    private static FragmentHolder filled(FragmentHolder holder) {
        await(holder.create(FRAGMENT, PROFILE, 3));
        await(holder.append(FRAGMENT, 3, List.of(strip(0, 1), strip(1, 16), note(2))));
        await(holder.append(FRAGMENT, 3, List.of(strip(3, 2))));
        return holder;
    }

    @Test
    void stripsAreReadInPartsAndWholeInOneMessage() {
        FragmentHolder holder = filled(holder());

        List<StripAnswer> answers = await(holder.read(List.of(
                new StripRange(FRAGMENT, 1, 3, 2),
                StripRange.whole(FRAGMENT, 3),
                new StripRange(FRAGMENT, 9, 0, 1),
                new StripRange(FRAGMENT, 0, 0, 1))));

        StripAnswer.Found part = assertInstanceOf(StripAnswer.Found.class, answers.get(0));
        assertEquals(payload(1, 16).slice(3 * BLOCK, 2 * BLOCK), part.bytes());
        assertEquals(101, part.header().sequence());
        StripAnswer.Found whole = assertInstanceOf(StripAnswer.Found.class, answers.get(1));
        assertEquals(payload(3, 2), whole.bytes());
        StripAnswer.Failed missing = assertInstanceOf(StripAnswer.Failed.class, answers.get(2));
        assertInstanceOf(StripNotFoundException.class, missing.reason());
        assertInstanceOf(StripAnswer.Found.class, answers.get(3));
    }

    @Test
    void headersComeInPagesAndAsTheyWereWritten() {
        FragmentHolder holder = filled(holder());

        List<StripHeader> found = new ArrayList<>();
        int from = 0;
        while (from != HeaderPage.END) {
            HeaderPage page = await(holder.headers(FRAGMENT, from, 2));
            found.addAll(page.headers());
            from = page.nextRow();
        }

        assertEquals(4, found.size());
        assertEquals(strip(1, 16).header(), found.get(1));
        assertEquals(note(2).header(), found.get(2));
    }

    @Test
    void sealingEndsAFragmentAndRepeatingIsHarmless() {
        FragmentHolder holder = filled(holder());
        await(holder.append(FRAGMENT, 3, List.of(strip(3, 2))));

        await(holder.seal(FRAGMENT, 3, 3));
        await(holder.seal(FRAGMENT, 3, 3));

        FragmentStatus status = await(holder.status(FRAGMENT)).orElseThrow();
        assertEquals(FragmentState.SEALED, status.state());
        assertEquals(3, status.rowLimit());
        assertEquals(3, status.strips());
        failure(ConflictException.class, holder.append(FRAGMENT, 3, List.of(strip(4, 1))));
        assertEquals(3, await(holder.headers(FRAGMENT, 0, 10)).headers().size());
    }

    @Test
    void olderTokenIsRefusedEverywhere() {
        FragmentHolder holder = filled(holder());
        await(holder.installToken(CHUNK.high(), 8));

        FencedException fenced =
                failure(FencedException.class, holder.append(FRAGMENT, 3, List.of(strip(4, 1))));
        assertEquals(8, fenced.newestToken());
        failure(FencedException.class, holder.seal(FRAGMENT, 7, 3));
        failure(FencedException.class, holder.installToken(CHUNK.high(), 7));
        await(holder.seal(FRAGMENT, 8, 4));
    }

    @Test
    void whatIsNotThereIsSaidSo() {
        FragmentHolder holder = holder();

        assertTrue(await(holder.status(FRAGMENT)).isEmpty());
        assertEquals(List.of(), await(holder.fragments(Optional.empty(), 10)));
        failure(FragmentNotFoundException.class, holder.headers(FRAGMENT, 0, 10));
        failure(FragmentNotFoundException.class, holder.append(FRAGMENT, 3, List.of(strip(0, 1))));
        await(holder.delete(FRAGMENT, 3));
        StripAnswer answer = await(holder.read(List.of(StripRange.whole(FRAGMENT, 0)))).getFirst();
        assertInstanceOf(
                FragmentNotFoundException.class,
                assertInstanceOf(StripAnswer.Failed.class, answer).reason());
    }

    @Test
    void fragmentsAreListedInParts() {
        FragmentHolder holder = filled(holder());
        FragmentId other = FragmentId.of(new ChunkId(77, 6), 0);
        await(holder.create(other, PROFILE, 3));

        List<FragmentStatus> first = await(holder.fragments(Optional.empty(), 1));
        List<FragmentStatus> rest = await(holder.fragments(Optional.of(first.getFirst().id()), 10));

        assertEquals(FRAGMENT, first.getFirst().id());
        assertEquals(List.of(other), rest.stream().map(FragmentStatus::id).toList());
        await(holder.delete(FRAGMENT, 3));
        assertTrue(await(holder.status(FRAGMENT)).isEmpty());
    }
}
