package io.holdfast.hostio.container;

import java.util.List;

/// All that a container may be and do. What is not asked for here it does not get.
///
/// @param root the files it starts from; what it writes goes to a layer of its own
/// @param mounts folders of the machine it sees besides its root
/// @param files small files put into its root before it starts and again before it goes on after a restore:
///     where its identity is told
public record ContainerSpec(
        ContainerId id,
        RootFileSystem root,
        Program program,
        Confinement confinement,
        List<BindMount> mounts,
        List<ContainerFile> files) {
    public ContainerSpec {
        mounts = List.copyOf(mounts);
        files = List.copyOf(files);
    }

    /// A specification with no further rights, mounts or files.
    public static ContainerSpec of(ContainerId id, RootFileSystem root, Program program) {
        return new ContainerSpec(id, root, program, Confinement.LEAST, List.of(), List.of());
    }

    /// The same for another container: a further copy of the application.
    public ContainerSpec withId(ContainerId changed) {
        return new ContainerSpec(changed, root, program, confinement, mounts, files);
    }

    public ContainerSpec withConfinement(Confinement changed) {
        return new ContainerSpec(id, root, program, changed, mounts, files);
    }

    public ContainerSpec withMounts(List<BindMount> changed) {
        return new ContainerSpec(id, root, program, confinement, changed, files);
    }

    public ContainerSpec withFiles(List<ContainerFile> changed) {
        return new ContainerSpec(id, root, program, confinement, mounts, changed);
    }
}
