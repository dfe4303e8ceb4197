package io.holdfast.hostio.testing;

import io.holdfast.hostio.mount.MountTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/// What a state folder has in the kernel at this moment: mounts, cgroups, and processes that name it or have
/// something of it open.
public record HostLeftovers(Path state) {
    /// One line each; equal before and after whatever cleans up behind itself.
    public Set<String> list() throws IOException {
        Set<String> found = new TreeSet<>();
        MountTable.read().below(state).forEach(point -> found.add("mount " + point));
        List<Path> controllers = new ArrayList<>();
        try (Stream<Path> folders = Files.list(Path.of("/sys/fs/cgroup"))) {
            folders.filter(Files::isDirectory).forEach(controllers::add);
        }
        String group = "holdfast-" + Integer.toHexString(state.toString().hashCode());
        for (Path controller : controllers) {
            Path folder = controller.resolve(group);
            if (Files.isDirectory(folder)) {
                try (Stream<Path> tree = Files.walk(folder)) {
                    tree.filter(Files::isDirectory).forEach(path -> found.add("cgroup " + path));
                }
            }
        }
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            processes.filter(process -> namesIt(process))
                    .forEach(process -> found.add("process " + process + " " + commandOf(process)));
        }
        return found;
    }

    /// Its network namespaces and interfaces, those that stand ready included.
    public Set<String> networks() throws IOException {
        CRC32C checksum = new CRC32C();
        checksum.update(state.resolve("networks").toString().getBytes(StandardCharsets.UTF_8));
        String tag = String.format("%08x", checksum.getValue());
        Set<String> found = new TreeSet<>();
        for (Path folder : List.of(Path.of("/run/netns"), Path.of("/sys/class/net"))) {
            if (Files.isDirectory(folder)) {
                try (Stream<Path> parts = Files.list(folder)) {
                    parts.filter(part -> part.getFileName().toString().contains(tag))
                            .forEach(part -> found.add("network " + part));
                }
            }
        }
        return found;
    }

    private boolean namesIt(Path process) {
        return commandOf(process).contains(state.toString()) || hasOpen(process);
    }

    /// A CRIU or a tar of ours is known by nothing else.
    private boolean hasOpen(Path process) {
        if (process.getFileName().toString().equals(Long.toString(ProcessHandle.current().pid()))) {
            return false;
        }
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
            return Stream.concat(Stream.of(process.resolve("cwd")), descriptors)
                    .anyMatch(link -> targetOf(link).startsWith(state + "/"));
        } catch (IOException noProcess) {
            return false;
        }
    }

    private static String targetOf(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException closed) {
            return "";
        }
    }

    private static String commandOf(Path process) {
        try {
            return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ');
        } catch (IOException noProcess) {
            return "";
        }
    }
}
