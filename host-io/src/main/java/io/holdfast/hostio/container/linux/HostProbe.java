package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.cgroup.Cgroups;
import io.holdfast.hostio.container.CompatibilityClass;
import io.holdfast.hostio.container.HostCapabilities;
import io.holdfast.hostio.process.Executables;
import io.holdfast.hostio.process.ProcessOutcome;
import io.holdfast.hostio.process.ProcessRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/// Finds out what this machine can do with containers.
final class HostProbe {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final List<String> missing = new ArrayList<>();
    private final Path tools;

    HostProbe(Path tools) {
        this.tools = tools;
    }

    /// The executable, looked for in our own folder first.
    Optional<Path> find(String command) {
        return Executables.find(tools.resolve(command).toString()).or(() -> Executables.find(command));
    }

    HostCapabilities probe() throws InterruptedException {
        // Every lack is to be named, so all are asked for before any is judged.
        List<Boolean> needs = List.of(
                has("runc", "no container can be started"),
                has("ip", "containers get no network"),
                has("nsenter", "containers get no network"),
                has("tar", "checkpoints cannot keep files"),
                hasCgroups(),
                isRoot());
        boolean canRun = !needs.contains(false);
        Optional<String> version = criuVersion();
        Optional<CompatibilityClass> compatibility =
                version.map(criu -> new CompatibilityClass(kernel(), processor(), "criu-" + criu, "any"));
        if (!canMerge()) {
            missing.add("no samepage merging in this kernel (CONFIG_KSM): frozen copies share no memory");
        }
        return new HostCapabilities(
                canRun, canRun && version.isPresent(), compatibility, canMerge(), missing);
    }

    /// Whether it does so at the moment is not asked: that may change at any time.
    static boolean canMerge() {
        return Files.exists(Path.of("/sys/kernel/mm/ksm/run"));
    }

    private boolean has(String command, String cost) {
        if (find(command).isEmpty()) {
            missing.add("no command '" + command + "': " + cost);
            return false;
        }
        return true;
    }

    private boolean hasCgroups() {
        try {
            Cgroups.detect();
            return true;
        } catch (IOException incomplete) {
            missing.add(incomplete.getMessage());
            return false;
        }
    }

    private boolean isRoot() {
        try {
            if ((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0) {
                return true;
            }
        } catch (IOException hidden) {
            missing.add("no /proc: containers need it");
            return false;
        }
        missing.add("not root: containers need its rights to be made");
        return false;
    }

    /// CRIU before 4.2 cannot dump anything with an inet socket on kernels from 6.16 on.
    private Optional<String> criuVersion() throws InterruptedException {
        Optional<Path> criu = find("criu");
        if (criu.isEmpty()) {
            missing.add("no command 'criu': no checkpoints; every start is cold");
            return Optional.empty();
        }
        try {
            ProcessOutcome outcome = ProcessRun.of(criu.get().toString(), "--version").withDeadline(DEADLINE)
                    .run();
            Optional<String> version = outcome.output().lines()
                    .filter(line -> line.startsWith("Version: "))
                    .map(line -> line.substring("Version: ".length()).strip())
                    .findFirst();
            if (version.isEmpty()) {
                missing.add("criu does not start: no checkpoints: " + outcome.explained());
            } else if (isOlder(kernelNumbers(), 6, 16) || !isOlder(numbers(version.get()), 4, 2)) {
                return version;
            } else {
                missing.add("criu " + version.get() + " is too old for kernel " + kernel()
                        + ", which needs 4.2:"
                        + " no checkpoints");
            }
        } catch (IOException failure) {
            missing.add("criu does not start: no checkpoints: " + failure.getMessage());
        }
        return Optional.empty();
    }

    private static boolean isOlder(int[] version, int major, int minor) {
        return version[0] < major || (version[0] == major && version[1] < minor);
    }

    private static int[] kernelNumbers() {
        return numbers(System.getProperty("os.version", "0.0"));
    }

    private static int[] numbers(String version) {
        String[] parts = version.split("[^0-9]+", 3);
        return parts.length < 2 || parts[0].isEmpty() || parts[1].isEmpty()
                ? new int[] {0, 0}
                : new int[] {Integer.parseInt(parts[0]), Integer.parseInt(parts[1])};
    }

    /// Major and minor number: system calls and layouts change only with them.
    private static String kernel() {
        int[] version = kernelNumbers();
        return "linux-" + version[0] + "." + version[1] + "-" + System.getProperty("os.arch", "unknown");
    }

    /// Programs look once which instructions there are, and use them for good.
    private static String processor() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8)) {
                if (line.startsWith("flags") || line.startsWith("Features")) {
                    String sorted = String.join(" ", new TreeSet<>(List.of(
                            line.substring(line.indexOf(':') + 1).strip().split("\\s+", -1))));
                    CRC32C checksum = new CRC32C();
                    checksum.update(sorted.getBytes(StandardCharsets.UTF_8));
                    return String.format("cpu-%08x", checksum.getValue());
                }
            }
        } catch (IOException hidden) {
            return "cpu-unknown";
        }
        return "cpu-unknown";
    }
}
