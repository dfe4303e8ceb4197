package io.holdfast.hostio.container;

import java.util.List;
import java.util.Optional;

/// What this machine can do with containers, found out when the runtime was opened.
///
/// @param compatibility the class of checkpoints made here, before an application's root is known; empty if
///     this machine can make none
/// @param canShareMemory whether the kernel can keep equal pages of several containers once
/// @param missing one line for each thing that is not there, with what it costs
public record HostCapabilities(
        boolean canRun,
        boolean canCheckpoint,
        Optional<CompatibilityClass> compatibility,
        boolean canShareMemory,
        List<String> missing) {
    public HostCapabilities {
        missing = List.copyOf(missing);
    }
}
