package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.checkpoint.ImageManifest;
import io.holdfast.hostio.container.BindMount;
import io.holdfast.hostio.container.CompatibilityClass;
import io.holdfast.hostio.container.ContainerException;
import io.holdfast.hostio.container.ContainerException.Kind;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.container.HostCapabilities;
import io.holdfast.hostio.container.Program;
import java.util.List;

/// Decides whether a checkpoint may become the container of a specification on this machine.
record Fitness(HostCapabilities capabilities) {
    /// Compares what was saved with what is wanted.
    ///
    /// @throws ContainerException of kind `IMAGE_UNFIT` naming the first difference
    void require(ContainerSpec wanted, ImageManifest manifest) {
        CompatibilityClass here = capabilities
                .compatibility()
                .orElseThrow(() -> new ContainerException(
                        Kind.UNSUPPORTED, "this machine restores no checkpoints: " + capabilities.missing()))
                .forRoot(wanted.root().digest());
        ContainerSpec saved = manifest.origin().spec();
        same("compatibility", manifest.origin().compatibility().key(), here.key());
        same("root", saved.root().digest(), wanted.root().digest());
        same("command", saved.program().command(), wanted.program().command());
        same("environment", saved.program().environment(), wanted.program().environment());
        same("user", saved.program().userId(), wanted.program().userId());
        same("group", saved.program().groupId(), wanted.program().groupId());
        same("capabilities", saved.confinement().capabilities(), wanted.confinement().capabilities());
        same("readOnlyRoot", saved.confinement().isRootReadOnly(), wanted.confinement().isRootReadOnly());
        same("mounts", places(saved), places(wanted));
        same("members", members(saved), members(wanted));
    }

    /// A member as its processes know it.
    private record Part(String name, String rootDigest, Program program) {}

    private static List<Part> members(ContainerSpec spec) {
        return spec.members().stream()
                .map(member -> new Part(member.name(), member.root().digest(), member.program()))
                .toList();
    }

    /// Where a mount comes from may differ between machines; what the program sees may not.
    private static List<String> places(ContainerSpec spec) {
        return spec.mounts().stream().map(Fitness::place).toList();
    }

    private static String place(BindMount mount) {
        return mount.destination() + (mount.isReadOnly() ? " ro" : " rw");
    }

    private static void same(String what, Object saved, Object wanted) {
        if (!saved.equals(wanted)) {
            throw new ContainerException(
                    Kind.IMAGE_UNFIT, "the checkpoint is of something else: difference=" + what
                    + " saved=" + saved + " wanted=" + wanted);
        }
    }
}
