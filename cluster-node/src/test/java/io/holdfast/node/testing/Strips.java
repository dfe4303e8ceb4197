package io.holdfast.node.testing;

import io.holdfast.hostio.chunkstore.Checksum;
import io.holdfast.hostio.chunkstore.FragmentId;
import io.holdfast.hostio.chunkstore.Strip;
import io.holdfast.hostio.chunkstore.StripBody;
import io.holdfast.hostio.chunkstore.StripHeader;
import io.holdfast.hostio.chunkstore.StripKind;
import io.holdfast.hostio.erasure.ErasureProfile;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/// Strips to try links and stores with.
public final class Strips {
    public static final ErasureProfile PROFILE = new ErasureProfile(2, 1);

    private Strips() {}

    /// A data strip of random blocks.
    public static Strip strip(FragmentId id, int row, long token, int blocks, long seed) {
        byte[] bytes = new byte[blocks * StripHeader.BLOCK_BYTES];
        new SplittableRandom(seed).nextBytes(bytes);
        ByteBuffer payload = ByteBuffer.wrap(bytes);
        ByteBuffer body = StripBody.allocate();
        for (int i = 0; i < blocks; i++) {
            StripBody.put(body, i, row * 16L + i,
                    Checksum.of(payload, i * StripHeader.BLOCK_BYTES, StripHeader.BLOCK_BYTES));
        }
        StripHeader header = new StripHeader(
                id, StripKind.DATA, PROFILE, row, row, token, 1 << id.index().value(), bytes.length,
                Checksum.of(payload), body);
        return new Strip(header, payload);
    }
}
