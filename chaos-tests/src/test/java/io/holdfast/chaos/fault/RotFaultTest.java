package io.holdfast.chaos.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.chaos.network.LinkFaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotFaultTest implements FaultSite {
    private static final int BLOCK_BYTES = 4_096;

    @TempDir
    Path folder;

    @Test
    void lostAndTornWritesLeaveZeros() throws Exception {
        byte[] before = new byte[4 * BLOCK_BYTES];
        Arrays.fill(before, (byte) 7);
        Path file = folder.resolve("segment-00000001");
        Files.write(file, before);
        new RotFault("a", RotFault.Damage.LOST_WRITE, 1, 1).apply(this).heal();
        assertEquals(BLOCK_BYTES, zeros(file));
        Files.write(file, before);
        new RotFault("a", RotFault.Damage.TORN_WRITE, 1, 1).apply(this).heal();
        assertEquals(BLOCK_BYTES / 2, zeros(file));
    }

    private static int zeros(Path file) throws IOException {
        int zeros = 0;
        for (byte one : Files.readAllBytes(file)) {
            zeros += one == 0 ? 1 : 0;
        }
        return zeros;
    }

    @Test
    void soManyBitsFlipInWhatIsWrittenBehindTheHeader() throws Exception {
        byte[] before = new byte[8 * BLOCK_BYTES];
        Arrays.fill(before, 0, BLOCK_BYTES, (byte) 1);
        Arrays.fill(before, 3 * BLOCK_BYTES, 5 * BLOCK_BYTES, (byte) 0x5a);
        Path file = Files.write(Files.createDirectories(folder.resolve("disk")).resolve("segment-00000000"),
                before);
        new RotFault("a", RotFault.Damage.FLIPPED_BIT, 5, 1).apply(this).heal();
        byte[] after = Files.readAllBytes(file);
        int flipped = 0;
        for (int i = 0; i < before.length; i++) {
            int changed = Integer.bitCount((before[i] ^ after[i]) & 0xff);
            assertEquals(0, i < 3 * BLOCK_BYTES || i >= 5 * BLOCK_BYTES ? changed : 0, "offset=" + i);
            flipped += changed;
        }
        assertEquals(5, flipped);
    }

    @Test
    void nothingToRotIsTold() throws Exception {
        assertThrows(UnsupportedOperationException.class,
                () -> new RotFault("a", RotFault.Damage.FLIPPED_BIT, 1, 1).apply(this));
        Files.write(folder.resolve("segment-00000000"), new byte[8 * BLOCK_BYTES]);
        assertThrows(UnsupportedOperationException.class,
                () -> new RotFault("a", RotFault.Damage.FLIPPED_BIT, 1, 1).apply(this));
    }

    @Override
    public Optional<Path> dataFolder(String node) {
        return Optional.of(folder);
    }

    @Override
    public List<String> nodes() {
        return List.of("a");
    }

    @Override
    public Optional<LinkFaults> links() {
        return Optional.empty();
    }

    @Override
    public long pidOf(String node) throws IOException {
        throw new IOException("no process");
    }

    @Override
    public void kill(String node) {}

    @Override
    public void start(String node) {}

    @Override
    public Optional<Path> clockFile(String node) {
        return Optional.empty();
    }
}
