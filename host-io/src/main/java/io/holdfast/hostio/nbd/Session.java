package io.holdfast.hostio.nbd;

import io.holdfast.hostio.blockdevice.BlockDevice;
import io.holdfast.hostio.blockdevice.BlockGeometry;
import io.holdfast.hostio.nbd.wire.NbdWire;

/// What a client and the server agreed on before transmission.
///
/// @param structured whether replies are structured
/// @param allocation whether the client may ask for the allocation of ranges
/// @param requestBytesMax the largest read or write
record Session(Export export, boolean structured, boolean allocation, int requestBytesMax) {
    /// The identity of `base:allocation` in block status replies.
    static final int ALLOCATION_CONTEXT_ID = 1;

    BlockDevice device() {
        return export.device();
    }

    /// The flags that tell the client what it may ask for.
    static int transmissionFlags(Export export, boolean structured) {
        int flags = NbdWire.TRANSMIT_HAS_FLAGS
                | NbdWire.TRANSMIT_FLUSH
                | NbdWire.TRANSMIT_FUA
                | NbdWire.TRANSMIT_CACHE;
        flags |= export.refusesChanges()
                ? NbdWire.TRANSMIT_READ_ONLY
                : NbdWire.TRANSMIT_TRIM | NbdWire.TRANSMIT_WRITE_ZEROES | NbdWire.TRANSMIT_FAST_ZERO;
        flags |= structured ? NbdWire.TRANSMIT_DF : 0;
        flags |= export.multiConnection() ? NbdWire.TRANSMIT_CAN_MULTI_CONN : 0;
        return flags;
    }

    static int requestBytesMax(BlockGeometry geometry, int limit) {
        return Math.max(Math.min(geometry.maximumBytes(), limit), geometry.preferredBytes());
    }
}
