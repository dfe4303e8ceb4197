package io.holdfast.hostio.cgroup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// One control group of ours. Immutable name of a thing in the kernel; concurrent as far as the kernel is.
public final class Cgroup {
    private static final int CPU_PERIOD_MICROS = 100_000;
    private static final long STEP_NANOS = 200_000;

    /// How long processes may go on when they stood still at a bad moment: longer each time, because on a
    /// busy machine they may not get a processor in the first pauses at all.
    private static final long PAUSE_NANOS = 1_000_000;

    /// What does not stand still by then waits for something that does (`vfork` in another form): it has to
    /// be let go.
    private static final Duration ROUND = Duration.ofMillis(150);

    private static final long PAUSE_NANOS_MAX = 64_000_000;
    static final String PROCESSES = "cgroup.procs";
    private static final Pattern OOM_KILLS = Pattern.compile("(?m)^oom_kill (\\d+)$");
    private static final Pattern USAGE_MICROS = Pattern.compile("(?m)^usage_usec (\\d+)$");

    /// The device files a container may use: null, zero, full, tty, random, urandom, and its own terminals.
    private static final List<String> DEVICES = List.of(
            "c 1:3 rw", "c 1:5 rw", "c 1:7 rw", "c 5:0 rw", "c 1:8 rw", "c 1:9 rw", "c 136:* rw", "c 5:2 rw");

    private final Cgroups cgroups;
    private final String path;

    Cgroup(Cgroups cgroups, String path) {
        if (!path.startsWith("/") || path.length() < 2 || path.contains("..")) {
            throw new IllegalArgumentException("not a group of ours: path=" + path);
        }
        this.cgroups = cgroups;
        this.path = path;
    }

    public String path() {
        return path;
    }

    /// Makes it, empty, with these limits. It may be there already.
    public void create(CgroupLimits limits) throws IOException {
        for (Path folder : limitedFolders()) {
            Files.createDirectories(folder);
        }
        if (cgroups.isUnified()) {
            delegate();
            write(Cgroups.UNIFIED, "memory.max", Long.toString(limits.memoryBytesMax()));
            write(Cgroups.UNIFIED, "pids.max", Integer.toString(limits.processCountMax()));
            write(Cgroups.UNIFIED, "cpu.max", quota(limits) + " " + CPU_PERIOD_MICROS);
            return;
        }
        write("memory", "memory.limit_in_bytes", Long.toString(limits.memoryBytesMax()));
        write("pids", "pids.max", Integer.toString(limits.processCountMax()));
        if (limits.cpuMillis() > 0) {
            write("cpu", "cpu.cfs_period_us", Integer.toString(CPU_PERIOD_MICROS));
            write("cpu", "cpu.cfs_quota_us", quota(limits));
        }
        write("devices", "devices.deny", "a");
        for (String device : DEVICES) {
            write("devices", "devices.allow", device);
        }
    }

    private static String quota(CgroupLimits limits) {
        return limits.cpuMillis() == 0
                ? "max"
                : Long.toString((long) limits.cpuMillis() * CPU_PERIOD_MICROS / 1_000);
    }

    /// Version 2 hands controllers down one level at a time.
    private void delegate() throws IOException {
        Path root = cgroups.hierarchies().get(Cgroups.UNIFIED);
        Path folder = folder(Cgroups.UNIFIED).getParent();
        List<Path> above = new ArrayList<>();
        for (Path step = folder; root != null && step != null && step.startsWith(root); step =
                step.getParent()) {
            above.addFirst(step);
        }
        for (Path step : above) {
            Files.writeString(step.resolve("cgroup.subtree_control"), "+memory +pids +cpu");
        }
    }

    /// Makes it, empty, with no limits.
    public void create() throws IOException {
        for (Path folder : limitedFolders()) {
            Files.createDirectories(folder);
        }
    }

    /// Moves a process into it; what that starts from now on belongs to it too.
    public void add(long pid) throws IOException {
        for (Path folder : limitedFolders()) {
            Files.writeString(folder.resolve(PROCESSES), Long.toString(pid));
        }
    }

    public boolean exists() {
        return Files.isDirectory(freezerFolder());
    }

    /// Its processes at this moment, those of groups below it included.
    public Set<Long> processes() throws IOException {
        Set<Long> pids = new LinkedHashSet<>();
        for (Path folder : withChildren(freezerFolder())) {
            try {
                Files.readAllLines(folder.resolve(PROCESSES))
                        .forEach(line -> pids.add(Long.parseLong(line.strip())));
            } catch (NoSuchFileException gone) {
                pids.removeIf(pid -> ProcessHandle.of(pid).isEmpty()); // A group below ended meanwhile.
            }
        }
        return pids;
    }

    /// Makes all its processes stand still; false if they do not in time (and are let go again).
    ///
    /// None of them then waits for a child that is just being made (`vfork`): such a parent could not be
    /// stopped by a debugger while the child stands still, and whatever saves processes is one.
    public boolean freeze(Duration deadline) throws IOException {
        long until = System.nanoTime() + deadline.toNanos();
        for (long pause = PAUSE_NANOS; System.nanoTime() - until < 0; pause =
                Math.min(2 * pause, PAUSE_NANOS_MAX)) {
            writeFreezer(true);
            if (awaitFreezer(ROUND)
                    && processes().stream().noneMatch(Vfork::isInProgress)) {
                return true;
            }
            writeFreezer(false);
            LockSupport.parkNanos(pause);
        }
        return false;
    }

    /// Begins to make them stand still, without waiting.
    public void freezeSoon() throws IOException {
        writeFreezer(true);
    }

    /// Lets them go on.
    public void thaw() throws IOException {
        writeFreezer(false);
    }

    public boolean isFrozen() throws IOException {
        if (cgroups.isUnified()) {
            return read(Cgroups.UNIFIED, "cgroup.events").contains("frozen 1");
        }
        return read("freezer", "freezer.state").equals("FROZEN");
    }

    /// Where CRIU is told to find it.
    public Path freezerFolder() {
        return folder(cgroups.isUnified() ? Cgroups.UNIFIED : "freezer");
    }

    private void writeFreezer(boolean isFrozen) throws IOException {
        if (cgroups.isUnified()) {
            write(Cgroups.UNIFIED, "cgroup.freeze", isFrozen ? "1" : "0");
        } else {
            write("freezer", "freezer.state", isFrozen ? "FROZEN" : "THAWED");
        }
    }

    /// Version 1 may need to be told again until a process that was just forking stands still too.
    private boolean awaitFreezer(Duration deadline) throws IOException {
        long until = System.nanoTime() + deadline.toNanos();
        while (!isFrozen()) {
            if (System.nanoTime() - until > 0) {
                return false;
            }
            LockSupport.parkNanos(STEP_NANOS);
            if (!cgroups.isUnified()) {
                writeFreezer(true);
            }
        }
        return true;
    }

    /// Ends all its processes and waits until none is left; false if some are after the deadline. Somebody
    /// else may remove it meanwhile.
    public boolean kill(Duration deadline) throws IOException {
        long until = System.nanoTime() + deadline.toNanos();
        try {
            Set<Long> left = exists() ? processes() : Set.of();
            while (!left.isEmpty()) {
                left.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
                // A frozen process of version 1 ends only once it may go on.
                writeFreezer(false);
                if (System.nanoTime() - until > 0) {
                    return false;
                }
                LockSupport.parkNanos(STEP_NANOS);
                left = processes();
            }
            return true;
        } catch (IOException failure) {
            if (exists()) {
                throw failure;
            }
            return true;
        }
    }

    public long memoryBytes() throws IOException {
        return cgroups.isUnified()
                ? Long.parseLong(read(Cgroups.UNIFIED, "memory.current"))
                : Long.parseLong(read("memory", "memory.usage_in_bytes"));
    }

    public long cpuNanos() throws IOException {
        return cgroups.isUnified()
                ? number(USAGE_MICROS, read(Cgroups.UNIFIED, "cpu.stat")) * 1_000
                : Long.parseLong(read("cpuacct", "cpuacct.usage"));
    }

    /// How many processes its memory limit has ended.
    public long memoryKillCount() throws IOException {
        return cgroups.isUnified()
                ? number(OOM_KILLS, read(Cgroups.UNIFIED, "memory.events"))
                : number(OOM_KILLS, read("memory", "memory.oom_control"));
    }

    private static long number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    /// Removes it from every hierarchy, groups below first. Does nothing where it is not.
    ///
    /// @throws IOException if there are still processes in it
    public void remove() throws IOException {
        for (Path folder : allFolders()) {
            for (Path each : withChildren(folder).reversed()) {
                Files.deleteIfExists(each);
            }
        }
    }

    private static List<Path> withChildren(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(Files::isDirectory).sorted(Comparator.comparingInt(Path::getNameCount))
                    .toList();
        } catch (UncheckedIOException gone) {
            return List.of(folder);
        }
    }

    private Set<Path> limitedFolders() {
        Set<Path> folders = new LinkedHashSet<>();
        cgroups.hierarchies().keySet().forEach(controller -> folders.add(folder(controller)));
        return folders;
    }

    /// With those of hierarchies without use to us, in which tools make a group all the same.
    private Set<Path> allFolders() {
        Set<Path> folders = limitedFolders();
        cgroups.others().forEach(root -> folders.add(Path.of(root + path)));
        return folders;
    }

    private Path folder(String controller) {
        return Path.of(cgroups.hierarchies().get(controller) + path);
    }

    private String read(String controller, String file) throws IOException {
        return Files.readString(folder(controller).resolve(file), StandardCharsets.UTF_8).strip();
    }

    private void write(String controller, String file, String value) throws IOException {
        Files.writeString(folder(controller).resolve(file), value, StandardCharsets.UTF_8,
                StandardOpenOption.WRITE);
    }
}
