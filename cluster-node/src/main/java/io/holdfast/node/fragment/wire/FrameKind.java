package io.holdfast.node.fragment.wire;

/// What a frame is; the codes are part of the wire format and never change their meaning.
public enum FrameKind {
    HELLO(1),
    PING(2),
    INSTALL_TOKEN(3),
    CREATE(4),
    APPEND(5),
    SEAL(6),
    DELETE(7),
    READ(8),
    STATUS(9),
    HEADERS(10),
    FRAGMENTS(11),
    DONE(32),
    STRIPS(33),
    STATUSES(34),
    HEADER_PAGE(35),
    REFUSED(36);

    private static final FrameKind[] BY_CODE = new FrameKind[64];

    static {
        for (FrameKind kind : values()) {
            BY_CODE[kind.code] = kind;
        }
    }

    private final byte code;

    FrameKind(int code) {
        this.code = (byte) code;
    }

    byte code() {
        return code;
    }

    static FrameKind of(byte code) {
        FrameKind kind = code < 0 || code >= BY_CODE.length ? null : BY_CODE[code];
        if (kind == null) {
            throw new FragmentWireException("unknown kind of frame: code=" + code);
        }
        return kind;
    }
}
