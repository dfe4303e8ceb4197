package io.holdfast.gridstate.chunkmap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.gridstate.testing.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StoredBlobTest {
    @Test
    void textIsReadBack() {
        StoredBlob blob = new StoredBlob(Samples.STREAM, 0x12_3000, 0, Samples.DIGEST);
        assertEquals("1122334455667788/123000+0@" + Samples.DIGEST, blob.toString());
        assertEquals(blob, StoredBlob.parse(blob.toString()));
    }

    @Test
    void otherTextIsRefused() {
        String digest = Samples.DIGEST.value();
        for (String text : List.of(
                "", "1/0+0@" + digest, "1122334455667788/-1+0@" + digest,
                "1122334455667788/1+0123456789abc@" + digest, "1122334455667788/0+0@md5:00")) {
            assertThrows(IllegalArgumentException.class, () -> StoredBlob.parse(text), text);
        }
    }
}
