package io.holdfast.hostio.container;

import io.holdfast.hostio.process.ProcessExit;
import java.time.Instant;
import java.util.Optional;

/// How a container ended.
///
/// @param how of its first process, or of the member whose end was that of all; empty if it ended while no
///     node watched and the kernel keeps no record
/// @param isOutOfMemory whether its memory limit ended a process of it
/// @param isRequested whether it was asked to stop
/// @param member the one whose end was that of all; empty if it has none, or was ended as a whole
public record ContainerExit(
        Optional<ProcessExit> how, boolean isOutOfMemory, boolean isRequested, Instant at,
                Optional<String> member) {
    /// Of a container as a whole.
    public ContainerExit(
            Optional<ProcessExit> how, boolean isOutOfMemory, boolean isRequested, Instant at) {
        this(how, isOutOfMemory, isRequested, at, Optional.empty());
    }

    /// One phrase for a person.
    public String explained() {
        String base = member.map(name -> "member " + name + " ").orElse("")
                + how.map(ProcessExit::explained).orElse("ended while nobody watched");
        if (isOutOfMemory) {
            return base + "; it needed more memory than its limit allows";
        }
        return isRequested ? base + "; it was asked to stop" : base;
    }
}
