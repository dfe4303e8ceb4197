package io.holdfast.node.volume;

import java.util.function.Predicate;

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

    /// Takes away what is left of devices that an earlier run of this node made and nobody uses any more.
    ///
    /// @param isKept volumes that stay as they are, because they are to be attached again
    void sweep(Predicate<String> isKept);
}
