package io.holdfast.hostio.runc;

import io.holdfast.hostio.container.BindMount;
import io.holdfast.hostio.container.ContainerSpec;
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
    public static MountPlan of(ContainerSpec spec, SharedFolders shared, Path sharedMemory, Path bound) {
        List<Planned> mounts = new ArrayList<>();
        mounts.add(new Planned(Kind.OWN, "/proc", "proc", false));
        mounts.add(new Planned(Kind.BIND, "/dev", shared.devices().toString(), true));
        mounts.add(new Planned(Kind.OWN, "/dev/pts", "devpts", false));
        mounts.add(new Planned(Kind.BIND, "/dev/shm", sharedMemory.toString(), false));
        mounts.add(new Planned(Kind.OWN, "/sys", "sysfs", true));
        int number = 0;
        for (BindMount mount : spec.mounts()) {
            String source = bound.resolve(Integer.toString(number++)).toString();
            mounts.add(new Planned(Kind.BIND, mount.destination(), source, mount.isReadOnly()));
        }
        present(READ_ONLY).forEach(path -> mounts.add(new Planned(Kind.READ_ONLY, path, path, true)));
        present(MASKED).forEach(path -> mounts.add(Files.isDirectory(Path.of(path))
                ? new Planned(Kind.MASKED_FOLDER, path, shared.empty().toString(), true)
                : new Planned(Kind.MASKED_FILE, path, "/dev/null", false)));
        return new MountPlan(mounts);
    }

    private static Stream<String> present(List<String> paths) {
        return paths.stream().filter(path -> Files.exists(Path.of(path)));
    }
}
