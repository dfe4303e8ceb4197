package io.holdfast.hostio.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;

/// Any bytes are a part of a checkpoint or refused as none.
class CheckpointFuzzTest {
    @FuzzTest
    void manifest(byte[] bytes) {
        ImageManifest manifest;
        try {
            manifest = ImageManifest.parse(bytes);
        } catch (IOException refused) {
            return;
        }
        assertEquals(manifest, parsed(manifest.toBytes()));
    }

    @FuzzTest
    void message(byte[] bytes) throws IOException {
        ProtobufMessage message;
        try {
            message = ProtobufMessage.parse(bytes);
        } catch (IOException refused) {
            return;
        }
        byte[] written = message.toBytes();
        assertArrayEquals(written, ProtobufMessage.parse(written).toBytes());
    }

    private static ImageManifest parsed(byte[] bytes) {
        try {
            return ImageManifest.parse(bytes);
        } catch (IOException refused) {
            throw new AssertionError("what was written is refused", refused);
        }
    }
}
