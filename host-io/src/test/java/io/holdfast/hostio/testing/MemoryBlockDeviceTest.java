package io.holdfast.hostio.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.hostio.blockdevice.BlockDevice;
import io.holdfast.hostio.blockdevice.Durability;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MemoryBlockDeviceTest extends BlockDeviceContract {
    @Override
    protected BlockDevice newDevice() {
        return new MemoryBlockDevice(SIZE_BYTES);
    }

    @Override
    protected BlockDevice newReadOnlyDevice() {
        MemoryBlockDevice device = new MemoryBlockDevice(SIZE_BYTES);
        device.becomeReadOnly();
        return device;
    }

    @Test
    void lossOfPowerUndoesWhatWasNotFlushed() {
        try (MemoryBlockDevice device = new MemoryBlockDevice(SIZE_BYTES)) {
            device.write(0, ByteBuffer.wrap(new byte[] {1, 1}), Durability.DURABLE);
            device.write(1, ByteBuffer.wrap(new byte[] {2}), Durability.VISIBLE);
            device.write(8192, ByteBuffer.wrap(new byte[] {3}), Durability.VISIBLE);

            device.losePower();

            ByteBuffer found = ByteBuffer.allocate(2);
            device.read(0, found);
            assertEquals(ByteBuffer.wrap(new byte[] {1, 1}), found.flip());
            found.clear();
            device.read(8192, found);
            assertEquals(ByteBuffer.allocate(2), found.flip());
        }
    }

    @Test
    void listenersHearOfANewSizeUntilTheyLeave() {
        try (MemoryBlockDevice device = new MemoryBlockDevice(SIZE_BYTES)) {
            List<Long> heard = new ArrayList<>();
            BlockDevice.Registration registration = device.onResize(heard::add);
            device.resize(2L * SIZE_BYTES);
            registration.close();
            device.resize(SIZE_BYTES);
            assertEquals(List.of(2L * SIZE_BYTES), heard);
        }
    }
}
