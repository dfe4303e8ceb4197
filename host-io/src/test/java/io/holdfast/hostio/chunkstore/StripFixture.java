package io.holdfast.hostio.chunkstore;

import io.holdfast.hostio.erasure.ErasureProfile;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/// Strips whose content follows from a number.
final class StripFixture {
    static final ErasureProfile PROFILE = new ErasureProfile(2, 1);

    private StripFixture() {}

    static Strip strip(FragmentId id, int row, long token, int blocks, long seed) {
        byte[] bytes = new byte[blocks * Layout.BLOCK_BYTES];
        new SplittableRandom(seed).nextBytes(bytes);
        ByteBuffer payload = ByteBuffer.wrap(bytes);
        ByteBuffer body = StripBody.allocate();
        for (int i = 0; i < blocks; i++) {
            int checksum = Checksum.of(payload, i * Layout.BLOCK_BYTES, Layout.BLOCK_BYTES);
            StripBody.put(body, i, seed + i, checksum);
        }
        ByteBuffer onHeap = ByteBuffer.allocate(StripHeader.BODY_BYTES).put(body).flip();
        StripKind kind = blocks == 0 ? StripKind.NOTE : StripKind.DATA;
        StripHeader header = new StripHeader(
                id, kind, PROFILE, row, seed, token, 1, bytes.length, Checksum.of(payload), onHeap);
        return new Strip(header, payload);
    }

    /// Commits what waits, and prepares the space that it needs.
    static void commit(DiskFragmentStore store) {
        store.commit();
        while (store.isWaitingForSpace()) {
            store.segments().prepare();
            store.commit();
        }
    }
}
