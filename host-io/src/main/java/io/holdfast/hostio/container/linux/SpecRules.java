package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.container.BindMount;
import io.holdfast.hostio.container.ContainerException;
import io.holdfast.hostio.container.ContainerException.Kind;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.init.GroupInit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a specification must keep to on this machine.
final class SpecRules {
    private static final List<String> RESERVED = List.of("/proc", "/sys", "/dev", "/run/holdfast");

    /// What a group's first process is written for.
    private static final String PROCESSOR = "amd64";

    private SpecRules() {}

    /// Checks them.
    ///
    /// @throws ContainerException of kind `INVALID_REQUEST` naming the first broken rule
    static void require(ContainerSpec spec) {
        requireMembers(spec);
        for (Path layer : spec.layers()) {
            if (!Files.isDirectory(layer)) {
                throw refused("a layer is not there", "layer=" + layer, spec);
            }
        }
        Set<String> destinations = new HashSet<>();
        for (BindMount mount : spec.mounts()) {
            if (!Files.isDirectory(mount.source())) {
                throw refused("a mount's source is not a folder", "source=" + mount.source(), spec);
            }
            Path destination = Path.of(within(spec, mount));
            if (RESERVED.stream()
                    .anyMatch(destination::startsWith) || !destinations.add(mount.destination())) {
                throw refused("a mount's place is taken", "destination=" + mount.destination(), spec);
            }
        }
    }

    private static void requireMembers(ContainerSpec spec) {
        if (!spec.isGroup()) {
            return;
        }
        if (!PROCESSOR.equals(System.getProperty("os.arch"))) {
            throw refused("several members need another processor",
                    "processor=" + System.getProperty("os.arch") + " needed=" + PROCESSOR, spec);
        }
        if (spec.members().size() > GroupInit.MEMBERS_MAX) {
            throw refused("too many members",
                    "members=" + spec.members().size() + " membersMax=" + GroupInit.MEMBERS_MAX, spec);
        }
        if (!spec.confinement().capabilities().isEmpty()) {
            throw refused("members have no capabilities",
                    "capabilities=" + spec.confinement().capabilities(), spec);
        }
    }

    /// Where the program sees a mount that goes there.
    private static String within(ContainerSpec spec, BindMount mount) {
        if (!spec.isGroup()) {
            return mount.destination();
        }
        return spec.members().stream()
                .filter(member -> mount.destination().startsWith(member.place() + "/"))
                .map(member -> mount.destination().substring(member.place().length()))
                .findFirst()
                .orElseThrow(() -> refused(
                        "a mount goes to no member", "destination=" + mount.destination(), spec));
    }

    private static ContainerException refused(String what, String where, ContainerSpec spec) {
        return new ContainerException(Kind.INVALID_REQUEST, what + ": " + where + " container=" + spec.id());
    }
}
