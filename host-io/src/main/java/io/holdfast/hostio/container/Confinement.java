package io.holdfast.hostio.container;

import java.util.Set;

/// The rights and limits of a container.
///
/// @param capabilities names such as `CAP_NET_BIND_SERVICE`; no other is even in its bounding set
/// @param isRootReadOnly whether it may write nothing but its mounts and `/dev/shm`
public record Confinement(Set<String> capabilities, ResourceLimits limits, boolean isRootReadOnly) {
    /// No capability at all, the default limits, an own writable layer.
    public static final Confinement LEAST = new Confinement(Set.of(), ResourceLimits.DEFAULT, false);

    public Confinement {
        capabilities = Set.copyOf(capabilities);
        for (String capability : capabilities) {
            if (!capability.matches("CAP_[A-Z_]{2,32}")) {
                throw new IllegalArgumentException("not a capability: capability=" + capability);
            }
        }
    }

    public Confinement withLimits(ResourceLimits changed) {
        return new Confinement(capabilities, changed, isRootReadOnly);
    }

    public Confinement withCapabilities(Set<String> changed) {
        return new Confinement(changed, limits, isRootReadOnly);
    }
}
