package io.holdfast.node.fragment.wire;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalInt;

/// The first frame each way.
///
/// @param versionMin the oldest version that the sender speaks
/// @param versionMax the newest; the server's answer has both alike
/// @param node the sender's name, which must be the one in its certificate
public record Greeting(int versionMin, int versionMax, String node) {
    private static final int VERSION = 1;
    private static final int MAGIC = 0x5246_4648;

    /// What this build says of itself.
    public static Greeting ofThisBuild(String node) {
        return new Greeting(VERSION, VERSION, node);
    }

    /// The whole frame, ready to be sent.
    public ByteBuffer frame() {
        int bytes = Integer.BYTES + 2 + Fields.textBytes(node);
        ByteBuffer frame = ByteBuffer.allocate(FrameHeader.BYTES + bytes).order(ByteOrder.LITTLE_ENDIAN);
        new FrameHeader(bytes, FrameKind.HELLO, 0, 0).write(frame);
        frame.putInt(MAGIC).put((byte) versionMin).put((byte) versionMax);
        Fields.putText(frame, node);
        return frame.flip();
    }

    public static Greeting read(FrameHeader header, ByteBuffer payload) {
        try {
            if (header.kind() != FrameKind.HELLO || payload.getInt() != MAGIC) {
                throw new FragmentWireException("a greeting comes first: kind=" + header.kind());
            }
            Greeting greeting = new Greeting(payload.get(), payload.get(), Fields.text(payload));
            Fields.end(payload);
            return greeting;
        } catch (BufferUnderflowException tooShort) {
            throw new FragmentWireException("a greeting is too short", tooShort);
        }
    }

    /// The newest version that both speak.
    public OptionalInt common(Greeting other) {
        int newest = Math.min(versionMax, other.versionMax);
        return newest >= Math.max(versionMin, other.versionMin)
                ? OptionalInt.of(newest)
                : OptionalInt.empty();
    }

    public Greeting choosing(int version) {
        return new Greeting(version, version, node);
    }
}
