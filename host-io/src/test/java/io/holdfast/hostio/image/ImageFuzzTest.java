package io.holdfast.hostio.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// Any bytes are a part of an image or refused as none, with nothing but an [ImageException].
class ImageFuzzTest {
    private static final int ENTRY_COUNT_MAX = 1_000;

    @FuzzTest
    void layer(byte[] bytes) throws IOException {
        try (TarEntries entries =
                new TarEntries(new ByteArrayInputStream(bytes), "fuzzed", ENTRY_COUNT_MAX)) {
            for (var entry = entries.next(); entry != null; entry = entries.next()) {
                assertFalse(LayerPath.parse(entry.getName()).steps().contains(".."));
            }
        } catch (ImageException refused) {
            return;
        }
    }

    @FuzzTest
    void manifest(byte[] bytes) throws IOException {
        try {
            var _ = new ImageReader(new Platform("linux", "amd64", ""), 128).read(new OneDocument(bytes));
        } catch (ImageException refused) {
            return;
        }
    }

    @FuzzTest
    void reference(byte[] bytes) {
        ImageReference reference;
        try {
            reference = ImageReference.parse(new String(bytes, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException refused) {
            return;
        }
        assertEquals(reference, ImageReference.parse(reference.toString()));
    }

    /// A source whose every piece has these bytes, whatever it is asked for.
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record OneDocument(byte[] bytes) implements ImageSource {
        @Override
        public Blob resolve(Platform platform) {
            return new Blob("", Digests.sha256Of(bytes), bytes.length);
        }

        @Override
        public InputStream open(Blob blob) {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public void close() {}
    }
}
