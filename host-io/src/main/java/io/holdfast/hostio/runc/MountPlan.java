package io.holdfast.hostio.runc;

import io.holdfast.hostio.container.BindMount;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.container.Member;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Every mount a container has besides its root, in the order they are made. Immutable; derived from the
/// specification alone, so that a checkpoint's mounts can be compared with it.
public record MountPlan(List<Planned> mounts) {
    private static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");
    private static final List<String> MASKED = List.of(
            "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/scsi",
            "/proc/sched_debug", "/proc/timer_list", "/proc/timer_stats", "/sys/firmware");

    private static final String DEVICES = "/dev";

    public MountPlan {
        mounts = List.copyOf(mounts);
    }

    /// What a mount is made of.
    public enum Kind {
        /// A file system the container owns; its type is the source.
        OWN,
        /// A folder of this machine.
        BIND,
        /// A part of `/proc` that may be read only.
        READ_ONLY,
        /// A file hidden behind `/dev/null`.
        MASKED_FILE,
        /// A folder hidden behind an empty one.
        MASKED_FOLDER
    }

    /// One mount.
    ///
    /// @param source a file system type or an absolute path of this machine
    public record Planned(Kind kind, String destination, String source, boolean isReadOnly) {
        /// Whether it comes from this machine: a checkpoint keeps its place, not its content.
        public boolean isExternal() {
            return kind == Kind.BIND || kind == Kind.MASKED_FOLDER;
        }
    }

    /// Where this machine keeps what all containers are shown.
    ///
    /// @param devices a folder with the harmless device files
    /// @param empty a folder with nothing in it
    public record SharedFolders(Path devices, Path empty) {}

    /// The plan for a specification on this kernel.
    ///
    /// @param sharedMemory the folder that is its `/dev/shm`
    /// @param bound where the specification's mounts stand ready, by their place in it
    /// @param members where the roots of its members stand ready, by their names
    public static MountPlan of(
            ContainerSpec spec, SharedFolders shared, Path sharedMemory, Path bound, Path members) {
        List<Planned> mounts = new ArrayList<>(usual("", shared, sharedMemory));
        for (Member member : spec.members()) {
            String root = members.resolve(member.name()).toString();
            mounts.add(new Planned(Kind.BIND, member.place(), root, false));
            mounts.addAll(usual(member.place(), shared, sharedMemory));
        }
        int number = 0;
        for (BindMount mount : spec.mounts()) {
            String source = bound.resolve(Integer.toString(number++)).toString();
            mounts.add(new Planned(Kind.BIND, mount.destination(), source, mount.isReadOnly()));
        }
        mounts.addAll(guarded("", shared));
        spec.members().forEach(member -> mounts.addAll(guarded(member.place(), shared)));
        return new MountPlan(mounts);
    }

    /// What every root has.
    private static List<Planned> usual(String root, SharedFolders shared, Path sharedMemory) {
        return List.of(
                new Planned(Kind.OWN, root + "/proc", "proc", false),
                new Planned(Kind.BIND, root + DEVICES, shared.devices().toString(), true),
                new Planned(Kind.OWN, root + "/dev/pts", "devpts", false),
                new Planned(Kind.BIND, root + "/dev/shm", sharedMemory.toString(), false),
                new Planned(Kind.OWN, root + "/sys", "sysfs", true));
    }

    /// What no root shows of the kernel, or not to be changed.
    private static List<Planned> guarded(String root, SharedFolders shared) {
        List<Planned> mounts = new ArrayList<>();
        present(READ_ONLY).forEach(path ->
                mounts.add(new Planned(Kind.READ_ONLY, root + path, root + path, true)));
        present(MASKED).forEach(path -> mounts.add(Files.isDirectory(Path.of(path))
                ? new Planned(Kind.MASKED_FOLDER, root + path, shared.empty().toString(), true)
                : new Planned(Kind.MASKED_FILE, root + path, "/dev/null", false)));
        return mounts;
    }

    /// The mounts that a member sees besides its root, as it sees them.
    public List<Planned> within(Member member) {
        String root = member.place();
        return mounts.stream()
                .filter(mount -> mount.destination().startsWith(root + "/"))
                .map(mount -> new Planned(
                        mount.kind(), mount.destination().substring(root.length()), mount.source(),
                        mount.isReadOnly()))
                .toList();
    }

    /// Whether a place is that of the harmless device files, in the container's root or a member's.
    public static boolean isDevices(ContainerSpec spec, String destination) {
        return destination.equals(DEVICES)
                || spec.members().stream().anyMatch(member -> destination.equals(member.place() + DEVICES));
    }

    private static Stream<String> present(List<String> paths) {
        return paths.stream().filter(path -> Files.exists(Path.of(path)));
    }
}
