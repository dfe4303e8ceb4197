package io.holdfast.hostio.chunkstore;

/// What a strip holds.
public enum StripKind {
    /// Bytes of the stream; the body says which blocks, with a checksum each.
    DATA(1),
    /// Parity over the row's payloads; the body is the parity over the row's bodies.
    PARITY(2),
    /// No payload; the body is the writer's own (trims, marks), repeated on as many fragments as it needs.
    NOTE(3);

    private final byte code;

    StripKind(int code) {
        this.code = (byte) code;
    }

    byte code() {
        return code;
    }

    static StripKind ofCode(byte code, Place place) {
        for (StripKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new CorruptDataException(place, "a kind of strip", "code " + code);
    }
}
