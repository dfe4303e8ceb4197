package io.holdfast.node.volume;

/// Volumes as devices of this host. Concurrent.
public interface Attachments {
    /// Makes the volume a device and answers its path; one that is a device already stays it.
    ///
    /// @throws VolumeRefusedException if this host cannot, with the remedy
    String attach(String volume);

    /// Takes the device away, once everything that was written to it is with the volume. If there is none,
    /// that is fine.
    ///
    /// @throws VolumeRefusedException if somebody still uses the device
    void detach(String volume);
}
