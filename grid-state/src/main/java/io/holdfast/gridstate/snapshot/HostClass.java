package io.holdfast.gridstate.snapshot;

import io.holdfast.gridstate.catalog.Check;

/// What a host must be like to restore a snapshot: hosts of one class can restore each other's.
///
/// @param kernel the kernel's release
/// @param cpuFeatures a hash of the processor's features
/// @param criuVersion the version of CRIU
public record HostClass(String kernel, String cpuFeatures, String criuVersion) {
    public HostClass {
        Check.text("a kernel's release", kernel, 64);
        Check.text("a hash of processor features", cpuFeatures, 64);
        Check.text("a version of CRIU", criuVersion, 32);
    }

    /// The text by which queries and indexes know it.
    public String label() {
        return kernel + "|" + cpuFeatures + "|" + criuVersion;
    }
}
