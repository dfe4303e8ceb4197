package io.holdfast.hostio.container;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// All that a container may be and do. What is not asked for here it does not get.
///
/// @param root the files it starts from; what it writes goes to a layer of its own
/// @param mounts folders of the machine it sees besides its root
/// @param files small files put into its root before it starts and again before it goes on after a restore:
///     where its identity is told; into the root of each member, if there are any
/// @param members what runs in it, each in a root of its own. If there are any, the container's own root
///     holds nothing but theirs, its digest names all of them, and its program is there for the hooks; a
///     mount goes below the place of a member
public record ContainerSpec(
        ContainerId id,
        RootFileSystem root,
        Program program,
        Confinement confinement,
        List<BindMount> mounts,
        List<ContainerFile> files,
        List<Member> members) {
    public ContainerSpec {
        mounts = List.copyOf(mounts);
        files = List.copyOf(files);
        members = List.copyOf(members);
        Member.requireDistinct(members);
    }

    /// One program in one root.
    public ContainerSpec(
            ContainerId id,
            RootFileSystem root,
            Program program,
            Confinement confinement,
            List<BindMount> mounts,
            List<ContainerFile> files) {
        this(id, root, program, confinement, mounts, files, List.of());
    }

    /// A specification with no further rights, mounts or files.
    public static ContainerSpec of(ContainerId id, RootFileSystem root, Program program) {
        return new ContainerSpec(id, root, program, Confinement.LEAST, List.of(), List.of());
    }

    /// The same for another container: a further copy of the application.
    public ContainerSpec withId(ContainerId changed) {
        return new ContainerSpec(changed, root, program, confinement, mounts, files, members);
    }

    public ContainerSpec withConfinement(Confinement changed) {
        return new ContainerSpec(id, root, program, changed, mounts, files, members);
    }

    public ContainerSpec withMounts(List<BindMount> changed) {
        return new ContainerSpec(id, root, program, confinement, changed, files, members);
    }

    public ContainerSpec withFiles(List<ContainerFile> changed) {
        return new ContainerSpec(id, root, program, confinement, mounts, changed, members);
    }

    /// The same with several programs in place of the one.
    public ContainerSpec withMembers(List<Member> changed) {
        return new ContainerSpec(id, root, program, confinement, mounts, files, changed);
    }

    public boolean isGroup() {
        return !members.isEmpty();
    }

    /// Every folder of this machine that its files come from.
    public List<Path> layers() {
        return Stream.concat(Stream.of(root), members.stream().map(Member::root))
                .flatMap(each -> each.layers().stream())
                .distinct()
                .toList();
    }

    /// A member by its name.
    public Optional<Member> member(String name) {
        return members.stream().filter(member -> member.name().equals(name)).findFirst();
    }
}
