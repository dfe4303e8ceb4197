package io.holdfast.hostio.blockdevice;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.testing.BlockDeviceContract;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileBlockDeviceTest extends BlockDeviceContract {
    @TempDir
    Path folder;

    @Override
    protected BlockDevice newDevice() throws IOException {
        return FileBlockDevice.create(folder.resolve("device"), SIZE_BYTES, BlockGeometry.DEFAULT);
    }

    @Override
    protected BlockDevice newReadOnlyDevice() throws IOException {
        return FileBlockDevice.open(folder.resolve("device"), BlockGeometry.DEFAULT, true);
    }

    @Test
    void contentsSurviveClosing() throws IOException {
        Path path = folder.resolve("kept");
        byte[] content = random(1, 4096);
        try (FileBlockDevice device = FileBlockDevice.create(path, SIZE_BYTES, BlockGeometry.DEFAULT)) {
            device.write(8192, ByteBuffer.wrap(content), Durability.DURABLE);
        }
        try (FileBlockDevice device = FileBlockDevice.open(path, BlockGeometry.DEFAULT, false)) {
            ByteBuffer found = ByteBuffer.allocate(4096);
            device.read(8192, found);
            assertArrayEquals(content, found.array());
            assertEquals(Extent.Kind.DATA, device.extents(0, SIZE_BYTES, 1).getFirst().kind());
        }
    }

    @Test
    void growsAndKeepsContentsAndNeverShrinks() throws IOException {
        try (FileBlockDevice device =
                FileBlockDevice.create(folder.resolve("grown"), SIZE_BYTES, BlockGeometry.DEFAULT)) {
            List<Long> heard = new ArrayList<>();
            device.onResize(heard::add);
            device.write(0, ByteBuffer.wrap(random(2, 4096)), Durability.VISIBLE);
            long larger = 5L << 30;

            device.growTo(larger);

            assertEquals(List.of(larger), heard);
            assertEquals(larger, device.sizeBytes());
            int granule = GranuleMap.GRANULE_BYTES;
            assertEquals(
                    List.of(
                            new Extent(0, granule, Extent.Kind.DATA),
                            new Extent(granule, larger - granule, Extent.Kind.HOLE)),
                    device.extents(0, larger, 10));
            device.write(larger - 4096, ByteBuffer.wrap(random(3, 4096)), Durability.DURABLE);
            assertThrows(OutOfRangeException.class, () -> device.growTo(SIZE_BYTES));
        }
    }

    @Test
    void createNeverReplacesAFile() throws IOException {
        Path path = Files.writeString(folder.resolve("mine"), "kept");
        assertThrows(
                FileAlreadyExistsException.class,
                () -> FileBlockDevice.create(path, SIZE_BYTES, BlockGeometry.DEFAULT));
        assertEquals("kept", Files.readString(path));
    }

    @Test
    void unalignedRequestsAreOutOfRange() throws IOException {
        BlockGeometry whole = new BlockGeometry(4096, 4096, 1 << 20);
        try (FileBlockDevice device = FileBlockDevice.create(folder.resolve("whole"), SIZE_BYTES, whole)) {
            assertThrows(OutOfRangeException.class, () -> device.read(512, ByteBuffer.allocate(4096)));
            assertThrows(OutOfRangeException.class, () -> device.read(0, ByteBuffer.allocate(512)));
        }
    }

    @Test
    void aTruncatedFileIsAnErrorNotZeroes() throws IOException {
        Path path = folder.resolve("cut");
        try (FileBlockDevice device = FileBlockDevice.create(path, SIZE_BYTES, BlockGeometry.DEFAULT)) {
            Files.write(path, new byte[4096]);
            DeviceIoException failure =
                    assertThrows(DeviceIoException.class, () -> device.read(0, ByteBuffer.allocate(8192)));
            assertTrue(failure.toString().contains("offset=4096"), failure::toString);
        }
    }
}
