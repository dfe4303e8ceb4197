package io.holdfast.hostio.cgroup;

import io.holdfast.hostio.mount.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Where this machine has its control groups. Immutable.
///
/// @param isUnified whether version 2 alone is in use
/// @param hierarchies the folder of each controller of version 1; with version 2 only `unified`
/// @param others folders of hierarchies in which our groups appear because tools make them, without use to
/// us
public record Cgroups(boolean isUnified, Map<String, Path> hierarchies, List<Path> others) {
    static final String UNIFIED = "unified";

    /// Any hierarchy would do.
    private static final String MOVED_IN = "freezer";

    private static final Path OWN = Path.of("/proc/self/cgroup");

    /// What version 1 must have for a container to be limited, frozen and accounted.
    private static final List<String> NEEDED =
            List.of("memory", "cpu", "cpuacct", "pids", "devices", "freezer");

    public Cgroups {
        hierarchies = Map.copyOf(hierarchies);
        others = List.copyOf(others);
    }

    /// Looks at what is mounted.
    ///
    /// @throws IOException if there is neither a complete version 1 nor version 2
    public static Cgroups detect() throws IOException {
        return of(MountTable.read());
    }

    static Cgroups of(MountTable mounts) throws IOException {
        Map<String, Path> found = new TreeMap<>();
        List<Path> others = new ArrayList<>();
        List<Path> unified = new ArrayList<>();
        for (MountTable.Entry entry : mounts.entries()) {
            if (entry.type().equals("cgroup2")) {
                unified.add(entry.point());
            } else if (entry.type().equals("cgroup") && entry.root().equals("/")) {
                List<String> controllers = Arrays.asList(entry.superOptions().split(",", -1));
                NEEDED.stream().filter(controllers::contains)
                        .forEach(name -> found.putIfAbsent(name, entry.point()));
                if (NEEDED.stream().noneMatch(controllers::contains)) {
                    others.add(entry.point());
                }
            }
        }
        if (found.isEmpty() && !unified.isEmpty()) {
            return new Cgroups(true, Map.of(UNIFIED, unified.getFirst()), List.of());
        }
        if (!found.keySet().containsAll(NEEDED)) {
            throw new IOException("this machine has no complete cgroups: version1=" + found.keySet()
                    + " needed=" + NEEDED + " version2=" + !unified.isEmpty());
        }
        others.addAll(unified);
        return new Cgroups(false, found, others);
    }

    /// Has the kernel get ready to move processes. After a pause it takes about ten milliseconds for that (a
    /// grace period of RCU, under the lock of all moves); the moves of some milliseconds afterwards take a
    /// tenth of one. Blocks meanwhile, and changes nothing.
    public void expectMoves() throws IOException {
        Optional<Path> own = own(Files.readAllLines(OWN));
        if (own.isPresent()) {
            long self = ProcessHandle.current().pid();
            Files.writeString(own.get().resolve(Cgroup.PROCESSES), Long.toString(self));
        }
    }

    /// The folder of the group that this process is in.
    ///
    /// @param lines of `/proc/PID/cgroup`: number, controllers, path (`cgroups(7)`)
    Optional<Path> own(List<String> lines) {
        for (String line : lines) {
            String[] parts = line.split(":", 3);
            if (parts.length == 3 && parts[2].startsWith("/")
                    && isMovedIn(Arrays.asList(parts[1].split(",", -1)))) {
                Path hierarchy = hierarchies.get(isUnified ? UNIFIED : MOVED_IN);
                return Optional.ofNullable(hierarchy)
                        .map(folder -> folder.resolve(parts[2].substring(1)).normalize())
                        .filter(folder -> folder.startsWith(hierarchy));
            }
        }
        return Optional.empty();
    }

    private boolean isMovedIn(List<String> controllers) {
        return isUnified ? controllers.equals(List.of("")) : controllers.contains(MOVED_IN);
    }

    /// The group at a path such as `/holdfast-3/web-1`; nothing is made or looked at yet.
    public Cgroup at(String path) {
        return new Cgroup(this, path);
    }
}
