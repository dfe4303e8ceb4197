package io.holdfast.hostio.container;

/// Where a container stands.
public enum ContainerState {
    /// Being started or restored; no instruction of its own program counts yet.
    STARTING,
    RUNNING,
    /// All its processes stand still and keep their memory.
    FROZEN,
    /// Its first process has ended, and with it all others; [Container#exit()] says how.
    ENDED
}
