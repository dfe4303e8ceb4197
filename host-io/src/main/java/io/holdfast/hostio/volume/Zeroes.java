package io.holdfast.hostio.volume;

import java.nio.ByteBuffer;

/// Zero bytes.
final class Zeroes {
    static final ByteBuffer AREA = ByteBuffer.allocateDirect(256 << 10).asReadOnlyBuffer();

    private Zeroes() {}

    static void fill(ByteBuffer target, int offset, int length) {
        int at = 0;
        while (at < length) {
            int part = Math.min(length - at, AREA.capacity());
            target.put(offset + at, AREA, 0, part);
            at += part;
        }
    }
}
