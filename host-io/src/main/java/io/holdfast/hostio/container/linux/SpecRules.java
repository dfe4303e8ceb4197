package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.container.BindMount;
import io.holdfast.hostio.container.ContainerException;
import io.holdfast.hostio.container.ContainerException.Kind;
import io.holdfast.hostio.container.ContainerSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a specification must keep to on this machine.
final class SpecRules {
    private static final List<String> RESERVED = List.of("/proc", "/sys", "/dev", "/run/holdfast");

    private SpecRules() {}

    /// Checks them.
    ///
    /// @throws ContainerException of kind `INVALID_REQUEST` naming the first broken rule
    static void require(ContainerSpec spec) {
        for (Path layer : spec.root().layers()) {
            if (!Files.isDirectory(layer)) {
                throw refused("a layer is not there", "layer=" + layer, spec);
            }
        }
        Set<String> destinations = new HashSet<>();
        for (BindMount mount : spec.mounts()) {
            if (!Files.isDirectory(mount.source())) {
                throw refused("a mount's source is not a folder", "source=" + mount.source(), spec);
            }
            Path destination = Path.of(mount.destination());
            if (RESERVED.stream()
                    .anyMatch(destination::startsWith) || !destinations.add(mount.destination())) {
                throw refused("a mount's place is taken", "destination=" + mount.destination(), spec);
            }
        }
    }

    private static ContainerException refused(String what, String where, ContainerSpec spec) {
        return new ContainerException(Kind.INVALID_REQUEST, what + ": " + where + " container=" + spec.id());
    }
}
