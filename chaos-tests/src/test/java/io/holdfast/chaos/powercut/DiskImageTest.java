package io.holdfast.chaos.powercut;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskImageTest {
    private static final int SIZE_BYTES = 40 * DiskImage.BLOCK_BYTES;

    @TempDir
    Path folder;

    private final SplittableRandom random = new SplittableRandom(1);
    private final byte[] model = new byte[SIZE_BYTES];
    private final DiskImage image = DiskImage.ofZeros(SIZE_BYTES);

    private void writeSomething() {
        byte[] bytes = new byte[random.nextInt(3 * DiskImage.BLOCK_BYTES)];
        if (random.nextInt(4) > 0) {
            random.nextBytes(bytes);
        }
        int offset = random.nextInt(SIZE_BYTES - bytes.length);
        System.arraycopy(bytes, 0, model, offset, bytes.length);
        image.write(offset, bytes);
    }

    @Test
    void whatIsWrittenIsReadAlsoFromAFile() throws Exception {
        for (int i = 0; i < 200; i++) {
            writeSomething();
            int offset = random.nextInt(SIZE_BYTES);
            int end = offset + random.nextInt(SIZE_BYTES - offset);
            assertArrayEquals(Arrays.copyOfRange(model, offset, end), image.read(offset, end - offset));
        }
        Path file = folder.resolve("image");
        image.writeTo(file);
        assertArrayEquals(model, Files.readAllBytes(file));
        assertArrayEquals(model, DiskImage.of(file).read(0, SIZE_BYTES));
    }

    @Test
    void partsOfAWriteLandWhereTheyBelong() {
        byte[] bytes = {1, 2, 3, 4, 5};
        image.write(DiskImage.BLOCK_BYTES - 2, bytes, 1, 4);
        assertArrayEquals(new byte[] {0, 2, 3, 4, 0}, image.read(DiskImage.BLOCK_BYTES - 2, 5));
    }

    @Test
    void aCopyIsChangedApart() {
        writeSomething();
        byte[] before = image.read(0, SIZE_BYTES);
        DiskImage copy = image.copy();
        for (int i = 0; i < 50; i++) {
            writeSomething();
        }
        assertArrayEquals(before, copy.read(0, SIZE_BYTES));
    }

    @Test
    void whatLiesBeyondIsRefused() {
        byte[] bytes = new byte[2];
        assertThrows(IllegalArgumentException.class, () -> image.write(SIZE_BYTES - 1, bytes));
        assertThrows(IllegalArgumentException.class, () -> image.read(-1, 1));
    }
}
