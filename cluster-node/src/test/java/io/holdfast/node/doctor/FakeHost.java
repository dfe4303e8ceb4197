package io.holdfast.node.doctor;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// A host that is what a test says it is. Confined to its test.
final class FakeHost implements Host {
    final Map<String, String> files = new HashMap<>();
    final Set<String> devices = new HashSet<>();
    final Set<String> commands = new HashSet<>();
    final Map<String, CommandResult> answers = new HashMap<>();
    boolean hasIsaLibrary;
    Optional<Duration> syncedWriteTime = Optional.of(Duration.ofMillis(1));
    OptionalLong freeBytes = OptionalLong.of(100L << 30);

    /// A host of today that has everything.
    static FakeHost complete() {
        FakeHost host = new FakeHost();
        host.hasIsaLibrary = true;
        host.files.put("/proc/sys/kernel/osrelease", "6.18.1-generic\n");
        host.files.put("/proc/filesystems", "nodev\tfuse\nnodev\toverlay\n\terofs\n");
        host.files.put("/proc/cpuinfo", "flags : fpu vmx sse");
        host.files.put("/proc/meminfo", "MemTotal: 9 kB\nMemAvailable:   8388608 kB\n");
        host.files.put("/proc/self/limits", "Max open files            1048576  1048576  files\n");
        host.files.put("/proc/sys/kernel/io_uring_disabled", "0\n");
        host.files.put("/sys/kernel/mm/ksm/run", "1\n");
        host.files.put("/sys/kernel/mm/ksm/advisor_mode", "none [scan-time]\n");
        host.devices.addAll(Set.of(
                "/dev/fuse", "/dev/loop-control", "/dev/nbd0", "/sys/block/nbd0", "/dev/kvm",
                "/sys/kernel/btf/vmlinux", "/sys/fs/bpf", "/sys/fs/cgroup/cgroup.controllers",
                "/dev/userfaultfd"));
        host.commands.addAll(Set.of(
                "criu", "runc", "fusermount3", "mkfs.erofs", "ip", "nft", "timedatectl", "nbdfuse"));
        host.answers.put("/bin/criu --version", new CommandResult(true, "Version: 4.2.1"));
        host.answers.put("/bin/runc --version", new CommandResult(true, "runc version 1.3.0"));
        host.answers.put(
                "timedatectl show --property=NTPSynchronized --value", new CommandResult(true, "yes"));
        return host;
    }

    @Override
    public Optional<String> read(String path) {
        return Optional.ofNullable(files.get(path));
    }

    @Override
    public boolean exists(String path) {
        return devices.contains(path) || files.containsKey(path);
    }

    @Override
    public boolean hasIsaLibrary() {
        return hasIsaLibrary;
    }

    @Override
    public boolean canOpen(String path) {
        return devices.contains(path);
    }

    @Override
    public Optional<Path> command(String name) {
        return commands.contains(name) ? Optional.of(Path.of("/bin", name)) : Optional.empty();
    }

    @Override
    public CommandResult run(String... command) {
        return answers.getOrDefault(String.join(" ", command), new CommandResult(true, ""));
    }

    @Override
    public Optional<Duration> syncedWriteTime() {
        return syncedWriteTime;
    }

    @Override
    public OptionalLong freeBytes() {
        return freeBytes;
    }
}
