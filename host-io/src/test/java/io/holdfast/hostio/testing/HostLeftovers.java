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

/// What a state folder has in the kernel at this moment: mounts, cgroups, processes that name it, network
/// parts.
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
            processes.filter(process -> namesIt(process)).forEach(process -> found.add("process " + process));
        }
        return found;
    }

    private boolean namesIt(Path process) {
        try {
            return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                    .contains(state.toString());
        } catch (IOException noProcess) {
            return false;
        }
    }
}
