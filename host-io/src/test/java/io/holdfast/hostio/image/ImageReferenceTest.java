package io.holdfast.hostio.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.image.ImageReference.Archive;
import io.holdfast.hostio.image.ImageReference.Layout;
import io.holdfast.hostio.image.ImageReference.Registry;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ImageReferenceTest {
    @Test
    void referencesAreReadAsPeopleWriteThem() {
        String digest = "sha256:" + "a".repeat(64);
        assertEquals(new Layout(Path.of("/srv/x"), Optional.empty()), ImageReference.parse("oci:/srv/x"));
        assertEquals(new Layout(Path.of("/srv/x"), Optional.of("v1")), ImageReference.parse("oci:/srv/x:v1"));
        assertEquals(new Archive(Path.of("/srv/x.tar"), Optional.of("v1")),
                ImageReference.parse("oci-archive:/srv/x.tar:v1"));
        assertEquals(new Registry("ghcr.io", "a/b", "latest", false), ImageReference.parse("ghcr.io/a/b"));
        assertEquals(new Registry("r.example:5000", "a", "v1", false),
                ImageReference.parse("r.example:5000/a:v1"));
        assertEquals(new Registry("host:5000", "a", "v1", true),
                ImageReference.parse("http://host:5000/a:v1"));
        assertEquals(new Registry("localhost:5000", "a/b", digest, true),
                ImageReference.parse("localhost:5000/a/b@" + digest));
        assertEquals(new Registry("127.0.0.1:5000", "a", "t", false),
                ImageReference.parse("https://127.0.0.1:5000/a:t"));
        assertEquals(new Registry("r.example", "a", digest, false),
                ImageReference.parse("r.example/a:v1@" + digest));
    }

    @Test
    void whatIsNoReferenceIsRefused() {
        for (String text : List.of("", "shop", "library/shop", "oci:relative", "oci:/a:b c", "r.example/",
                "r.example/A", "r.example/a:", "r.example/a@sha256:12", "r.example/../a", "ftp://r.example/a",
                "r.example/a?b", "r.example/a/manifests/../b", "x".repeat(600))) {
            assertThrows(IllegalArgumentException.class, () -> ImageReference.parse(text), text);
        }
    }

    @Test
    void anyTextIsAReferenceOrRefused() {
        long seed = Long.getLong("holdfast.seed", System.nanoTime());
        Random random = new Random(seed);
        String letters = "aZ09.-_:/@[]% \0oci";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "oci:/" : "r.example/");
            for (int count = random.nextInt(20); count > 0; count--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            try {
                ImageReference read = ImageReference.parse(text.toString());
                assertEquals(read, ImageReference.parse(read.toString()), "seed=" + seed);
            } catch (IllegalArgumentException refused) {
                assertTrue(text.length() > 0, "seed=" + seed);
            }
        }
    }
}
