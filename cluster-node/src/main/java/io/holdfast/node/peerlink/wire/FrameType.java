package io.holdfast.node.peerlink.wire;

/// What a frame is; the codes are part of the wire format and never change their meaning.
public enum FrameType {
    HELLO(1),
    GOODBYE(2),
    PING(3),
    PONG(4),
    PROPOSE(5),
    OUTCOMES(6),
    CALL(7),
    ANSWER(8);

    private static final FrameType[] BY_CODE = new FrameType[9];

    static {
        for (FrameType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final int code;

    FrameType(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static FrameType of(int code) {
        if (code < 1 || code >= BY_CODE.length) {
            throw new WireException("unknown frame type: code=" + code);
        }
        return BY_CODE[code];
    }
}
