package io.holdfast.hostio.nbd;

import io.holdfast.hostio.blockdevice.BlockDevice;

/// A device under a name. The device is borrowed: who offers the export closes it, after the last client is
/// gone.
///
/// @param name what clients ask for
/// @param description for people; may be empty
/// @param readOnly refuse changes even if the device would take them
/// @param multiConnection whether one client may spread its requests over several connections; true for
///     every device that keeps the promise of [BlockDevice] that what returned is visible to all
public record Export(
        String name, String description, BlockDevice device, boolean readOnly, boolean multiConnection) {
    /// A writable export for any number of connections.
    public static Export of(String name, BlockDevice device) {
        return new Export(name, "", device, false, true);
    }

    /// Whether changes are refused, here or by the device.
    public boolean refusesChanges() {
        return readOnly || device.isReadOnly();
    }
}
