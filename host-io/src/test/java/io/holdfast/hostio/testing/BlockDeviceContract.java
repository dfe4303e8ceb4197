package io.holdfast.hostio.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.blockdevice.BlockDevice;
import io.holdfast.hostio.blockdevice.BlockGeometry;
import io.holdfast.hostio.blockdevice.DeviceReadOnlyException;
import io.holdfast.hostio.blockdevice.Durability;
import io.holdfast.hostio.blockdevice.Extent;
import io.holdfast.hostio.blockdevice.OutOfRangeException;
import io.holdfast.hostio.blockdevice.ZeroMode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every block device does. A subclass says how to make one: new, all zeroes, of [#SIZE_BYTES].
public abstract class BlockDeviceContract {
    /// The size of the device under test.
    protected static final int SIZE_BYTES = 4 << 20;

    private BlockDevice device = new MemoryBlockDevice(0);

    /// A new, empty, writable device of [#SIZE_BYTES].
    protected abstract BlockDevice newDevice() throws Exception;

    /// The same device, taking no changes.
    protected abstract BlockDevice newReadOnlyDevice() throws Exception;

    @BeforeEach
    void openDevice() throws Exception {
        device = newDevice();
    }

    @AfterEach
    void closeDevice() {
        device.close();
    }

    @Test
    void newDeviceReadsAsZeroesAndIsOneHole() {
        assertEquals(SIZE_BYTES, device.sizeBytes());
        assertArrayEquals(new byte[SIZE_BYTES], bytesAt(0, SIZE_BYTES));
        assertEquals(
                List.of(new Extent(0, SIZE_BYTES, Extent.Kind.HOLE)), device.extents(0, SIZE_BYTES, 100));
    }

    @Test
    void whatWasWrittenIsReadAndNothingElseChanges() {
        byte[] content = random(3, 3 * block());
        ByteBuffer source = ByteBuffer.wrap(content);

        device.write(2L * block(), source, Durability.VISIBLE);

        assertFalse(source.hasRemaining());
        assertArrayEquals(content, bytesAt(2L * block(), content.length));
        assertArrayEquals(new byte[2 * block()], bytesAt(0, 2 * block()));
        assertArrayEquals(new byte[block()], bytesAt(5L * block(), block()));
    }

    @Test
    void buffersAreUsedFromPositionToLimit() {
        ByteBuffer source = ByteBuffer.wrap(random(4, 4 * block())).position(block()).limit(2 * block());
        device.write(0, source, Durability.DURABLE);
        ByteBuffer destination =
                ByteBuffer.allocateDirect(3 * block()).position(block()).limit(2 * block());

        device.read(0, destination);

        assertEquals(2 * block(), destination.position());
        assertEquals(2 * block(), destination.limit());
        assertEquals(source.flip().position(block()), destination.flip().position(block()));
    }

    @Test
    void theLastBlockIsWithinAndTheNextIsNot() {
        device.write(SIZE_BYTES - block(), ByteBuffer.wrap(random(5, block())), Durability.VISIBLE);

        ByteBuffer one = ByteBuffer.allocate(block());
        assertThrows(OutOfRangeException.class, () -> device.read(SIZE_BYTES, one));
        assertThrows(OutOfRangeException.class, () -> device.read(-block(), one));
        assertThrows(OutOfRangeException.class, () -> device.write(SIZE_BYTES, one, Durability.VISIBLE));
        assertThrows(OutOfRangeException.class, () -> device.write(Long.MAX_VALUE, one, Durability.VISIBLE));
        assertThrows(OutOfRangeException.class, () -> device.trim(SIZE_BYTES, block(), Durability.VISIBLE));
        assertThrows(OutOfRangeException.class, () -> device.trim(0, Long.MAX_VALUE, Durability.VISIBLE));
        assertThrows(OutOfRangeException.class, () -> device.extents(SIZE_BYTES, block(), 1));
        assertThrows(
                OutOfRangeException.class,
                () -> device.writeZeroes(
                        SIZE_BYTES - block(), 2L * block(), ZeroMode.MAY_FREE_SPACE, Durability.VISIBLE));
    }

    @Test
    void lengthZeroDoesNothing() {
        device.write(0, ByteBuffer.allocate(0), Durability.DURABLE);
        device.read(SIZE_BYTES, ByteBuffer.allocate(0));
        device.trim(0, 0, Durability.VISIBLE);
        device.writeZeroes(0, 0, ZeroMode.KEEP_ALLOCATED, Durability.VISIBLE);
        device.prefetch(0, 0);

        assertArrayEquals(new byte[SIZE_BYTES], bytesAt(0, SIZE_BYTES));
    }

    @Test
    void zeroesReplaceExactlyTheirRange() {
        byte[] content = random(6, SIZE_BYTES);
        for (ZeroMode mode : ZeroMode.values()) {
            device.write(0, ByteBuffer.wrap(content), Durability.VISIBLE);
            int from = SIZE_BYTES / 4 + block();
            int length = SIZE_BYTES / 2 + block();

            device.writeZeroes(from, length, mode, Durability.DURABLE);

            byte[] expected = content.clone();
            Arrays.fill(expected, from, from + length, (byte) 0);
            assertArrayEquals(expected, bytesAt(0, SIZE_BYTES), mode.name());
        }
    }

    @Test
    void zeroesThatKeepSpaceAreNoHole() {
        device.writeZeroes(0, SIZE_BYTES, ZeroMode.KEEP_ALLOCATED, Durability.VISIBLE);

        for (Extent extent : device.extents(0, SIZE_BYTES, 100)) {
            assertTrue(extent.kind() != Extent.Kind.HOLE, extent::toString);
        }
    }

    @Test
    void trimLeavesTheRestAlone() {
        byte[] content = random(7, SIZE_BYTES);
        device.write(0, ByteBuffer.wrap(content), Durability.VISIBLE);

        device.trim(SIZE_BYTES / 4, SIZE_BYTES / 2, Durability.DURABLE);

        int quarter = SIZE_BYTES / 4;
        assertArrayEquals(Arrays.copyOf(content, quarter), bytesAt(0, quarter));
        assertArrayEquals(
                Arrays.copyOfRange(content, 3 * quarter, SIZE_BYTES), bytesAt(3L * quarter, quarter));
    }

    @Test
    void extentsAdjoinStayWithinAndHoldTheCountAndNoHoleHasBytes() {
        Random random = new Random(8);
        for (int i = 0; i < 20; i++) {
            long at = (long) random.nextInt(SIZE_BYTES / block()) * block();
            device.write(at, ByteBuffer.wrap(random(i, block())), Durability.VISIBLE);
        }
        assertEquals(1, device.extents(0, SIZE_BYTES, 1).size());
        long from = 3L * block();
        long at = from;
        while (at < SIZE_BYTES) {
            List<Extent> extents = device.extents(at, SIZE_BYTES - at, 3);
            assertTrue(!extents.isEmpty() && extents.size() <= 3);
            for (Extent extent : extents) {
                assertEquals(at, extent.offset());
                if (extent.kind() != Extent.Kind.DATA) {
                    int length = (int) extent.length();
                    assertArrayEquals(new byte[length], bytesAt(at, length), extent::toString);
                }
                at = extent.end();
            }
            assertTrue(at <= SIZE_BYTES);
        }
    }

    @Test
    void aHoleCanBeZeroedFast() {
        assertTrue(device.canZeroFast(0, SIZE_BYTES, ZeroMode.MAY_FREE_SPACE));
    }

    @Test
    void readOnlyDeviceRefusesEveryChange() throws Exception {
        try (BlockDevice fixed = newReadOnlyDevice()) {
            assertTrue(fixed.isReadOnly());
            ByteBuffer one = ByteBuffer.allocate(fixed.geometry().minimumBytes());
            int length = one.remaining();
            assertThrows(DeviceReadOnlyException.class, () -> fixed.write(0, one, Durability.VISIBLE));
            assertThrows(DeviceReadOnlyException.class, () -> fixed.trim(0, length, Durability.VISIBLE));
            assertThrows(
                    DeviceReadOnlyException.class,
                    () -> fixed.writeZeroes(0, length, ZeroMode.KEEP_ALLOCATED, Durability.VISIBLE));
            fixed.read(0, one);
            fixed.flush();
        }
    }

    @Test
    void concurrentWritersOfSeparateBlocksDoNotDisturbEachOther() throws Exception {
        int writers = 8;
        int blocksEach = 16;
        try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
            List<Future<?>> done = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                int own = writer;
                done.add(threads.submit(() -> {
                    for (int i = 0; i < blocksEach; i++) {
                        long at = (long) (i * writers + own) * block();
                        device.write(at, ByteBuffer.wrap(random(at, block())), Durability.VISIBLE);
                        device.flush();
                    }
                }));
            }
            for (Future<?> each : done) {
                each.get();
            }
        }
        for (long at = 0; at < (long) writers * blocksEach * block(); at += block()) {
            assertArrayEquals(random(at, block()), bytesAt(at, block()), "at=" + at);
        }
    }

    private int block() {
        BlockGeometry geometry = device.geometry();
        return Math.max(geometry.minimumBytes(), 512);
    }

    private byte[] bytesAt(long offset, int length) {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        device.read(offset, buffer);
        assertFalse(buffer.hasRemaining());
        return buffer.array();
    }

    /// Bytes that depend on the seed alone.
    protected static byte[] random(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
