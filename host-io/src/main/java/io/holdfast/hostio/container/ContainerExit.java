package io.holdfast.hostio.container;

import io.holdfast.hostio.process.ProcessExit;
import java.time.Instant;
import java.util.Optional;

/// How a container ended.
///
/// @param how of its first process; empty if it ended while no node watched and the kernel keeps no record
/// @param isOutOfMemory whether its memory limit ended a process of it
/// @param isRequested whether it was asked to stop
public record ContainerExit(
        Optional<ProcessExit> how, boolean isOutOfMemory, boolean isRequested, Instant at) {
    /// One phrase for a person.
    public String explained() {
        String base = how.map(ProcessExit::explained).orElse("ended while nobody watched");
        if (isOutOfMemory) {
            return base + "; it needed more memory than its limit allows";
        }
        return isRequested ? base + "; it was asked to stop" : base;
    }
}
