package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.container.ContainerId;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/// The containers whose memory the kernel may keep once where it is equal. It compares every such page of
/// the machine with every other, whosesoever they are; so all of them are of one circle at a time.
/// Concurrent, by its monitor.
final class MemoryCircle {
    private final Map<ContainerId, String> members = new HashMap<>();

    /// Whether a container that is about to be made may be in a circle; if so, it is.
    ///
    /// @param isThere whether a container is still there, or being made
    synchronized boolean join(ContainerId id, String name, Predicate<ContainerId> isThere) {
        members.keySet().removeIf(member -> !member.equals(id) && !isThere.test(member));
        boolean isTheirs = members.values().stream().allMatch(name::equals);
        if (isTheirs) {
            members.put(id, name);
        }
        return isTheirs;
    }

    /// A container is in a circle, whatever the others are.
    synchronized void keep(ContainerId id, String name) {
        members.put(id, name);
    }
}
