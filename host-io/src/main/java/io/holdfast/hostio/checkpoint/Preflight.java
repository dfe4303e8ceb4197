package io.holdfast.hostio.checkpoint;

import io.holdfast.hostio.container.Obstacle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Looks through running processes for what CRIU cannot save, before it is asked to. A list of known
/// reasons: finding none does not promise that a dump succeeds, only that a failure would be news.
///
/// @param keepsConnections whether connections that lead outside are to be saved
/// @param mountPoints every mount the processes should see, by place within the container
public record Preflight(boolean keepsConnections, Set<String> mountPoints) {
    /// TIME_WAIT, CLOSE and LISTEN (net/tcp_states.h).
    private static final Set<String> UNCONNECTED = Set.of("06", "07", "0A");

    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int STATE = 3;
    private static final int INODE = 9;
    private static final String SOCKET = "socket:[";

    /// In which column of which table the kernel lists the sockets that are in use.
    private static final Map<String, Integer> LISTED_AT = Map.of(
            "tcp", INODE, "tcp6", INODE, "udp", INODE, "udp6", INODE, "raw", INODE, "raw6", INODE, "netlink",
                    INODE,
            "unix", 6, "packet", 8);

    /// Kinds of descriptors by how the kernel names them, with what to do about each.
    private static final Map<String, Kind> BY_NAME = Map.of(
            "anon_inode:[io_uring]",
                    new Kind("an io_uring instance",
                            "let the program use epoll (for example UV_USE_IO_URING=0)"),
            "anon_inode:[userfaultfd]", new Kind("a userfaultfd", "run the program without it"),
            "anon_inode:[perf_event]", new Kind("a performance counter", "stop the profiler first"),
            "anon_inode:bpf-map", new Kind("a BPF map", "load it from outside of the container"),
            "anon_inode:bpf-prog", new Kind("a BPF program", "load it from outside of the container"),
            "anon_inode:[fanotify]", new Kind("a fanotify group", "use inotify"),
            "/secretmem (deleted)", new Kind("secret memory", "run the program without memfd_secret"));

    /// Tables of `/proc/PID/net` whose sockets cannot be saved, with what to do about each.
    private static final Map<String, Kind> BY_TABLE = Map.of(
            "raw", new Kind("a raw socket", "close it, or take CAP_NET_RAW from the container"),
            "raw6", new Kind("a raw IPv6 socket", "close it, or take CAP_NET_RAW from the container"),
            "mptcp", new Kind("a Multipath TCP socket", "use plain TCP (for Go: GODEBUG=multipathtcp=0)"),
            "sctp/eps", new Kind("an SCTP socket", "use TCP"),
            "vsock", new Kind("a vsock socket", "use TCP or a unix socket"));

    private static final Kind UNREACHABLE = new Kind(
            "a file of a mount that the container does not have, or a POSIX message queue",
            "close it around the checkpoint");

    /// Number of the capability, capabilities(7).
    private static final int CAP_SYS_RESOURCE = 24;

    /// The one obstacle that goes away by itself: a connection that is being closed.
    private static final Kind OUTSIDE = new Kind(
            "a TCP connection that leads outside", "close it before, or ask for connections to be kept");

    public Preflight {
        mountPoints = Set.copyOf(mountPoints);
    }

    private record Kind(String what, String remedy) {}

    /// Whether waiting a moment may help: connections are closed all the time.
    public static boolean mayPass(List<Obstacle> obstacles) {
        return obstacles.stream().allMatch(obstacle -> obstacle.what().equals(OUTSIDE.what()));
    }

    /// Looks at processes of one network namespace.
    public List<Obstacle> examine(Collection<Long> processes) {
        List<Obstacle> found = new ArrayList<>();
        Map<Long, Kind> sockets = new HashMap<>();
        for (long pid : processes) {
            String name = nameOf(pid);
            if (sockets.isEmpty()) {
                sockets.putAll(unsavableSockets(pid));
            }
            examineDescriptors(pid, name, sockets, found);
            examineProcess(pid, name, found);
        }
        return found;
    }

    /// Whether a process still holds a socket that no table of the kernel lists: it was shut down and is
    /// about to be closed. Saved as it is, it could not be restored under another address.
    public static boolean holdsClosingSocket(Collection<Long> processes) {
        for (long pid : processes) {
            Set<Long> listed = new HashSet<>();
            LISTED_AT.forEach((table, column) -> listed.addAll(inodes(pid, table, column)));
            try (DirectoryStream<Path> descriptors =
                    Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
                for (Path descriptor : descriptors) {
                    String target = Files.readSymbolicLink(descriptor).toString();
                    if (target.startsWith(SOCKET) && !listed.contains(inodeOf(target))) {
                        return true;
                    }
                }
            } catch (IOException gone) {
                return false;
            }
        }
        return false;
    }

    private static long inodeOf(String socket) {
        return Long.parseLong(socket.substring(SOCKET.length(), socket.length() - 1));
    }

    private static void examineDescriptors(
            long pid, String name, Map<Long, Kind> sockets, List<Obstacle> found) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            Set<String> mountIds = mountIds(pid);
            for (Path descriptor : descriptors) {
                int number = Integer.parseInt(descriptor.getFileName().toString());
                String target = Files.readSymbolicLink(descriptor).toString();
                Kind kind = isUnreachable(descriptor, target, mountIds) ? UNREACHABLE
                        : kindOf(target, sockets);
                if (kind != null) {
                    found.add(new Obstacle(pid, name, number, kind.what(), kind.remedy()));
                }
            }
        } catch (IOException gone) {
            // A process or descriptor that ended meanwhile is no obstacle any more.
            return;
        }
    }

    private static @Nullable Kind kindOf(String target, Map<Long, Kind> sockets) {
        Kind named = BY_NAME.get(target);
        if (named != null) {
            return named;
        }
        if (target.startsWith(SOCKET)) {
            return sockets.get(inodeOf(target));
        }
        if (target.startsWith("/dev/") && !isSavableDevice(target)) {
            return new Kind("the device " + target,
                    "close it; only terminals and the memory devices are saved");
        }
        return null;
    }

    private static boolean isSavableDevice(String target) {
        return Set.of("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty",
                "/dev/ptmx")
                        .contains(target)
                || target.startsWith("/dev/pts/")
                || target.startsWith("/dev/shm/");
    }

    /// A file of a mount that the process does not have: nobody could open it again. Message queues are such
    /// files too.
    private static boolean isUnreachable(
            Path descriptor, String target, Set<String> mountIds) throws IOException {
        Path parent = descriptor.getParent();
        if (parent == null || !target.startsWith("/") || target.startsWith("/memfd:")
                || target.startsWith("/SYSV") || target.equals("/dev/zero (deleted)")) {
            return false;
        }
        Path information = parent.resolveSibling("fdinfo").resolve(descriptor.getFileName());
        return Files.readAllLines(information, StandardCharsets.UTF_8).stream()
                .filter(line -> line.startsWith("mnt_id:"))
                .noneMatch(line -> mountIds.contains(line.substring("mnt_id:".length()).strip()));
    }

    private static Set<String> mountIds(long pid) throws IOException {
        Set<String> ids = new HashSet<>();
        for (String line : Files.readAllLines(
                Path.of("/proc/" + pid + "/mountinfo"), StandardCharsets.UTF_8)) {
            ids.add(line.substring(0, line.indexOf(' ')));
        }
        return ids;
    }

    private void examineProcess(long pid, String name, List<Obstacle> found) {
        try {
            List<String> status = status(Long.toString(pid));
            for (String line : status) {
                if (line.startsWith("TracerPid:") && !line.endsWith("\t0")) {
                    found.add(new Obstacle(pid, name, -1, "a debugger is attached", "detach it"));
                }
            }
            if (hidesLimits(status, status("self"))) {
                found.add(new Obstacle(pid, name, -1,
                        "it runs as another user than this node, which may not read its limits",
                        "run the node with CAP_SYS_RESOURCE, or the image as root"));
            }
            for (String line : Files.readAllLines(
                    Path.of("/proc/" + pid + "/mountinfo"), StandardCharsets.UTF_8)) {
                String point = line.split(" ", 6)[4];
                if (!point.equals("/") && !mountPoints.contains(point)) {
                    found.add(new Obstacle(
                            pid, name, -1, "a mount made inside, at " + point,
                                    "ask for it in the specification"));
                }
            }
        } catch (IOException gone) {
            return;
        }
    }

    private static List<String> status(String process) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process + "/status"), StandardCharsets.UTF_8);
    }

    /// Whether the kernel keeps the limits of a process from this one (prlimit(2)).
    static boolean hidesLimits(List<String> statusOfProcess, List<String> statusOfSelf) {
        boolean mayReadAll = field(statusOfSelf, "CapEff:")
                .map(mask -> ((Long.parseUnsignedLong(mask, 16) >>> CAP_SYS_RESOURCE) & 1) == 1)
                .orElse(true);
        return !mayReadAll && !field(statusOfProcess, "Uid:").equals(field(statusOfSelf, "Uid:"));
    }

    private static Optional<String> field(List<String> status, String name) {
        return status.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip())
                .findFirst();
    }

    private Map<Long, Kind> unsavableSockets(long pid) {
        Map<Long, Kind> found = new HashMap<>();
        BY_TABLE.forEach((table, kind) -> inodes(pid, table, INODE).forEach(inode -> found.put(inode, kind)));
        if (!keepsConnections) {
            outsideConnections(pid).forEach(inode -> found.put(inode, OUTSIDE));
        }
        return found;
    }

    /// Connections of which only one end is in this network namespace.
    private static Set<Long> outsideConnections(long pid) {
        Map<String, Long> byEnds = new HashMap<>();
        for (String table : List.of("tcp", "tcp6")) {
            for (String[] words : lines(pid, table)) {
                if (words.length > INODE && !UNCONNECTED.contains(words[STATE])) {
                    byEnds.put(words[LOCAL] + " " + words[REMOTE], Long.parseLong(words[INODE]));
                }
            }
        }
        Set<Long> outside = new HashSet<>();
        byEnds.forEach((ends, inode) -> {
            String[] pair = ends.split(" ", 2);
            if (inode != 0 && !byEnds.containsKey(pair[1] + " " + pair[0])) {
                outside.add(inode);
            }
        });
        return outside;
    }

    private static Set<Long> inodes(long pid, String table, int column) {
        Set<Long> inodes = new HashSet<>();
        for (String[] words : lines(pid, table)) {
            if (words.length > column && words[column].matches("\\d{1,18}")) {
                inodes.add(Long.parseLong(words[column]));
            }
        }
        return inodes;
    }

    private static List<String[]> lines(long pid, String table) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/net/" + table), StandardCharsets.UTF_8)
                    .stream()
                    .skip(1)
                    .map(line -> line.strip().split("\\s+", -1))
                    .toList();
        } catch (IOException noSuchTable) {
            return List.of();
        }
    }

    private static String nameOf(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/comm"), StandardCharsets.UTF_8).strip();
        } catch (IOException gone) {
            return "?";
        }
    }
}
