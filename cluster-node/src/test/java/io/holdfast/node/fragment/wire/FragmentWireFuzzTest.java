package io.holdfast.node.fragment.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Any bytes from another node are a frame between disks or refused as none.
class FragmentWireFuzzTest {
    @FuzzTest
    void frame(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (in.remaining() < FrameHeader.BYTES) {
            return;
        }
        try {
            FrameHeader header = FrameHeader.read(in);
            switch (header.kind()) {
                case HELLO -> {
                    var _ = Greeting.read(header, in);
                }
                case DONE, STRIPS, STATUSES, HEADER_PAGE, REFUSED -> {
                    var _ = FragmentAnswer.read(header.kind(), in);
                }
                default -> {
                    FragmentRequest request = FragmentRequest.read(header.kind(), in);
                    assertEquals(request, again(request));
                }
            }
        } catch (FragmentWireException refused) {
            return;
        }
    }

    private static FragmentRequest again(FragmentRequest request) {
        ByteBuffer bytes = ByteBuffer.allocate(request.payloadBytes()).order(ByteOrder.LITTLE_ENDIAN);
        request.write(bytes);
        return FragmentRequest.read(request.kind(), bytes.flip());
    }
}
