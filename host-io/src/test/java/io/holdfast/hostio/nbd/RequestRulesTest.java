package io.holdfast.hostio.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.hostio.blockdevice.BlockGeometry;
import io.holdfast.hostio.blockdevice.DeviceIoException;
import io.holdfast.hostio.blockdevice.DeviceReadOnlyException;
import io.holdfast.hostio.blockdevice.FencedException;
import io.holdfast.hostio.blockdevice.NoSpaceException;
import io.holdfast.hostio.blockdevice.OutOfRangeException;
import io.holdfast.hostio.nbd.wire.NbdWire;
import io.holdfast.hostio.nbd.wire.RequestHeader;
import io.holdfast.hostio.testing.MemoryBlockDevice;
import org.junit.jupiter.api.Test;

final class RequestRulesTest {
    private static final int SIZE_BYTES = 64 << 20;
    private static final int MAX_BYTES = 32 << 20;

    private final MemoryBlockDevice device =
            new MemoryBlockDevice(SIZE_BYTES, new BlockGeometry(512, 4096, MAX_BYTES));
    private final Session structured = new Session(Export.of("d", device), true, true, MAX_BYTES);
    private final Session plain = new Session(Export.of("d", device), false, false, MAX_BYTES);

    @Test
    void unknownCommandsAndFlagsAreInvalid() {
        assertEquals(NbdWire.EINVAL, check(8, 0, 0, 0));
        assertEquals(NbdWire.EINVAL, check(0xffff, 0, 0, 0));
        for (int type = 0; type < 8; type++) {
            assertEquals(NbdWire.EINVAL, check(type, 1 << 5, 0, 512));
        }
        assertEquals(NbdWire.EINVAL, check(NbdWire.CMD_READ, NbdWire.CMD_FLAG_NO_HOLE, 0, 512));
        assertEquals(NbdWire.EINVAL, check(NbdWire.CMD_WRITE, NbdWire.CMD_FLAG_REQ_ONE, 0, 512));
        assertEquals(NbdWire.EINVAL, check(NbdWire.CMD_TRIM, NbdWire.CMD_FLAG_FAST_ZERO, 0, 512));
    }

    @Test
    void forceUnitAccessIsFineOnEverything() {
        for (int type : new int[] {0, 1, 4, 5, 6, 7}) {
            assertEquals(NbdWire.OK, check(type, NbdWire.CMD_FLAG_FUA, 0, 512));
        }
        assertEquals(NbdWire.OK, check(NbdWire.CMD_FLUSH, NbdWire.CMD_FLAG_FUA, 0, 0));
    }

    @Test
    void beyondTheEndIsNoSpaceForWhatStoresAndInvalidForTheRest() {
        for (int type : new int[] {NbdWire.CMD_WRITE, NbdWire.CMD_WRITE_ZEROES}) {
            assertEquals(NbdWire.ENOSPC, check(type, 0, SIZE_BYTES, 512));
            assertEquals(NbdWire.ENOSPC, check(type, 0, -512, 1024));
            assertEquals(NbdWire.ENOSPC, check(type, 0, Long.MAX_VALUE - 511, 512));
        }
        for (int type : new int[] {NbdWire.CMD_READ, NbdWire.CMD_TRIM, NbdWire.CMD_CACHE,
                NbdWire.CMD_BLOCK_STATUS}) {
            assertEquals(NbdWire.EINVAL, check(type, 0, SIZE_BYTES - 512, 1024));
            assertEquals(NbdWire.EINVAL, check(type, 0, Long.MIN_VALUE, 512));
        }
    }

    @Test
    void theSizeOfNowCounts() {
        device.resize(SIZE_BYTES + 512);
        assertEquals(NbdWire.OK, check(NbdWire.CMD_WRITE, 0, SIZE_BYTES, 512));
        device.resize(SIZE_BYTES - 512);
        assertEquals(NbdWire.ENOSPC, check(NbdWire.CMD_WRITE, 0, SIZE_BYTES - 512, 512));
    }

    @Test
    void unalignedIsInvalid() {
        assertEquals(NbdWire.EINVAL, check(NbdWire.CMD_READ, 0, 1, 512));
        assertEquals(NbdWire.EINVAL, check(NbdWire.CMD_WRITE, 0, 512, 511));
    }

    @Test
    void largerThanTheLargestIsRefusedButTrimIsNot() {
        assertEquals(NbdWire.EOVERFLOW, check(NbdWire.CMD_READ, 0, 0, MAX_BYTES + 512));
        assertEquals(NbdWire.EINVAL, RequestRules.check(header(NbdWire.CMD_READ, 0, 0, MAX_BYTES + 512),
                plain));
        assertEquals(NbdWire.EINVAL, check(NbdWire.CMD_WRITE, 0, 0, MAX_BYTES + 512));
        assertEquals(NbdWire.OK, check(NbdWire.CMD_TRIM, 0, 0, SIZE_BYTES));
        assertEquals(NbdWire.OK, check(NbdWire.CMD_WRITE_ZEROES, 0, 0, SIZE_BYTES));
    }

    @Test
    void whatWasNotAgreedOnIsInvalid() {
        assertEquals(
                NbdWire.EINVAL,
                RequestRules.check(header(NbdWire.CMD_READ, NbdWire.CMD_FLAG_DF, 0, 512), plain));
        assertEquals(NbdWire.OK, check(NbdWire.CMD_READ, NbdWire.CMD_FLAG_DF, 0, 512));
        assertEquals(NbdWire.EINVAL, RequestRules.check(header(NbdWire.CMD_BLOCK_STATUS, 0, 0, 512), plain));
        assertEquals(NbdWire.OK, check(NbdWire.CMD_BLOCK_STATUS, NbdWire.CMD_FLAG_REQ_ONE, 0, 512));
        assertEquals(NbdWire.EINVAL, check(NbdWire.CMD_FLUSH, 0, 0, 512));
    }

    @Test
    void readOnlyRefusesChangesOnly() {
        device.becomeReadOnly();
        assertEquals(NbdWire.EPERM, check(NbdWire.CMD_WRITE, 0, 0, 512));
        assertEquals(NbdWire.EPERM, check(NbdWire.CMD_TRIM, 0, 0, 512));
        assertEquals(NbdWire.EPERM, check(NbdWire.CMD_WRITE_ZEROES, 0, 0, 512));
        assertEquals(NbdWire.OK, check(NbdWire.CMD_READ, 0, 0, 512));
        assertEquals(NbdWire.OK, check(NbdWire.CMD_FLUSH, 0, 0, 0));
    }

    @Test
    void everyFailureHasItsError() {
        assertEquals(NbdWire.EIO, RequestRules.errorOf(new DeviceIoException(""), NbdWire.CMD_READ));
        assertEquals(NbdWire.ENOSPC, RequestRules.errorOf(new NoSpaceException(""), NbdWire.CMD_WRITE));
        assertEquals(NbdWire.EPERM, RequestRules.errorOf(new DeviceReadOnlyException(""), NbdWire.CMD_WRITE));
        assertEquals(NbdWire.ESHUTDOWN, RequestRules.errorOf(new FencedException(""), NbdWire.CMD_WRITE));
        assertEquals(NbdWire.EINVAL, RequestRules.errorOf(new OutOfRangeException(""), NbdWire.CMD_READ));
        assertEquals(NbdWire.ENOSPC, RequestRules.errorOf(new OutOfRangeException(""), NbdWire.CMD_WRITE));
    }

    private int check(int type, int flags, long offset, int length) {
        return RequestRules.check(header(type, flags, offset, length), structured);
    }

    private static RequestHeader header(int type, int flags, long offset, int length) {
        RequestHeader header = new RequestHeader();
        assertEquals(true, header.decode(RawNbdClient.request(type, flags, 1, offset, length)));
        return header;
    }
}
