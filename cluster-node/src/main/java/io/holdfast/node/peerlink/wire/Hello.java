package io.holdfast.node.peerlink.wire;

import java.util.OptionalInt;

/// The first frame each way.
///
/// @param versionMin the oldest version that the sender speaks
/// @param versionMax the newest; the server's answer has both alike
/// @param node the sender's name, which must be the one in its certificate
public record Hello(int versionMin, int versionMax, String node) {
    /// What this build says of itself.
    public static Hello ofThisBuild(String node) {
        return new Hello(Wire.VERSION_MIN, Wire.VERSION, node);
    }

    public void write(FrameWriter writer) {
        writer.begin(FrameType.HELLO, 0)
                .putInt(Wire.MAGIC)
                .putByte(versionMin)
                .putByte(versionMax)
                .putText8(node)
                .end();
    }

    public static Hello read(PayloadReader payload) {
        int magic = payload.signedInt();
        if (magic != Wire.MAGIC) {
            throw new WireException("not a node's greeting: magic=" + Integer.toHexString(magic));
        }
        Hello hello = new Hello(payload.unsignedByte(), payload.unsignedByte(), payload.text8());
        payload.end();
        if (hello.versionMin > hello.versionMax) {
            throw new WireException(
                    "versions: min=" + hello.versionMin + " max=" + hello.versionMax);
        }
        return hello;
    }

    /// The newest version that both speak.
    public OptionalInt common(Hello other) {
        int newest = Math.min(versionMax, other.versionMax);
        return newest >= Math.max(versionMin, other.versionMin)
                ? OptionalInt.of(newest)
                : OptionalInt.empty();
    }
}
