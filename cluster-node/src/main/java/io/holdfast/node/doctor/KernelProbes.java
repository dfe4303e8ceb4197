package io.holdfast.node.doctor;

import io.holdfast.node.doctor.Host.CommandResult;
import io.holdfast.node.doctor.Probe.Result;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Probes of what the kernel offers to this process.
final class KernelProbes {
    private static final String NEWER_KERNEL = "use a kernel that has it";

    static final List<Probe> ALL = List.of(
            new Probe("fuse", "volumes without an NBD driver, images on older kernels", KernelProbes::fuse),
            new Probe("loop", "volumes without an NBD driver", KernelProbes::loop),
            new Probe("nbd", "volumes as block devices", KernelProbes::nbd),
            new Probe("erofs", "container images without a pull", KernelProbes::erofs),
            new Probe("overlayfs", "writable container file systems", KernelProbes::overlayfs),
            new Probe("kvm", "microVMs", KernelProbes::kvm),
            new Probe("ebpf", "network acceleration and tracing", KernelProbes::ebpf),
            new Probe("netns", "a network of its own for each container", KernelProbes::netns),
            new Probe("nftables", "address translation for containers", KernelProbes::nftables),
            new Probe("io_uring", "the optional asynchronous disk back-end", KernelProbes::ioUring),
            new Probe("cgroups", "limits on containers", KernelProbes::cgroups),
            new Probe("fanotify", "lazy images without FUSE", KernelProbes::fanotify),
            new Probe(
                    "userfaultfd",
                    "restores that start before their memory is here",
                    KernelProbes::userfaultfd),
            new Probe("ksm", "frozen copies that share memory", KernelProbes::samepageMerging));

    private static final String KSM = "/sys/kernel/mm/ksm/";

    /// Pages per second: with fewer, copies of 100 MB stand alone for longer than most of them stand at all.
    private static final long KSM_PACE_MIN = 25_000;

    private KernelProbes() {}

    private static Result fuse(Host host) {
        if (!hasFileSystem(host, "fuse")) {
            return Result.missing("the kernel has no FUSE", "modprobe fuse, or " + NEWER_KERNEL);
        }
        if (!host.canOpen("/dev/fuse")) {
            return Result.missing("/dev/fuse cannot be opened", "give the node's user access to /dev/fuse");
        }
        return host.command("fusermount3").isPresent()
                ? Result.ok("/dev/fuse, fusermount3")
                : Result.limited("/dev/fuse; no fusermount3, so only as root", "apt-get install fuse3");
    }

    private static Result loop(Host host) {
        return host.canOpen("/dev/loop-control")
                ? Result.ok("/dev/loop-control")
                : Result.missing("/dev/loop-control cannot be opened", "modprobe loop; run as root");
    }

    private static Result nbd(Host host) {
        if (host.exists("/dev/nbd0") && host.exists("/sys/block/nbd0")) {
            return Result.ok("/dev/nbd0");
        }
        if (host.canOpen("/dev/fuse") && host.canOpen("/dev/loop-control")) {
            boolean hasClient = host.command("nbdfuse").isPresent();
            return Result.limited(
                    "no driver in this kernel; FUSE and loop stand in" + (hasClient ? " (nbdfuse)" : ""),
                    hasClient ? "modprobe nbd where the kernel has it" : "apt-get install libnbd-bin");
        }
        return Result.missing("no driver, and no FUSE with loop in its place", "modprobe nbd");
    }

    private static Result erofs(Host host) {
        if (!hasFileSystem(host, "erofs")) {
            return Result.missing("the kernel has no EROFS", "modprobe erofs, or " + NEWER_KERNEL);
        }
        return host.command("mkfs.erofs").isPresent()
                ? Result.ok("in the kernel, mkfs.erofs")
                : Result.limited(
                        "in the kernel; no mkfs.erofs to make images", "apt-get install erofs-utils");
    }

    private static Result overlayfs(Host host) {
        return hasFileSystem(host, "overlay")
                ? Result.ok("in the kernel")
                : Result.missing("the kernel has no overlayfs", "modprobe overlay, or " + NEWER_KERNEL);
    }

    private static Result kvm(Host host) {
        if (!host.exists("/dev/kvm")) {
            return Result.missing("no /dev/kvm", "enable virtualisation in the firmware or the host above");
        }
        if (!host.canOpen("/dev/kvm")) {
            return Result.missing("/dev/kvm cannot be opened", "add the node's user to group kvm");
        }
        boolean hardware = host.read("/proc/cpuinfo")
                .map(text -> text.contains(" vmx") || text.contains(" svm"))
                .orElse(false);
        return hardware
                ? Result.ok("/dev/kvm with hardware support")
                : Result.limited(
                        "/dev/kvm without vmx or svm: stock guests need emulation", "use bare metal");
    }

    private static Result ebpf(Host host) {
        if (!host.exists("/sys/kernel/btf/vmlinux")) {
            return Result.missing("the kernel has no BTF", "use a kernel with CONFIG_DEBUG_INFO_BTF");
        }
        return host.exists("/sys/fs/bpf")
                ? Result.ok("BTF, /sys/fs/bpf")
                : Result.limited("BTF; no /sys/fs/bpf to pin to", "mount -t bpf bpf /sys/fs/bpf");
    }

    private static Result netns(Host host) {
        if (host.command("ip").isEmpty()) {
            return Result.missing("no command ip to try with", "apt-get install iproute2");
        }
        CommandResult tried = host.run(
                "unshare", "--net", "ip", "link", "add", "hf0", "type", "veth", "peer", "name", "hf1");
        return tried.isSuccess()
                ? Result.ok("a namespace with a veth pair was made")
                : Result.missing("cannot be made: " + tried.firstLine(), "run as root with CAP_NET_ADMIN");
    }

    private static Result nftables(Host host) {
        if (host.command("nft").isEmpty()) {
            return Result.missing("no command nft", "apt-get install nftables");
        }
        CommandResult tried = host.run("unshare", "--net", "nft", "add", "table", "inet", "holdfast");
        return tried.isSuccess()
                ? Result.ok("a table was made")
                : Result.missing("refused: " + tried.firstLine(), "run as root; modprobe nf_tables");
    }

    private static Result ioUring(Host host) {
        return switch (host.read("/proc/sys/kernel/io_uring_disabled").orElse("").strip()) {
            case "0" -> Result.ok("enabled");
            case "" -> KernelVersion.of(host).isAtLeast(5, 10)
                    ? Result.ok("kernel " + KernelVersion.of(host))
                    : Result.missing("kernel " + KernelVersion.of(host) + " is too old", NEWER_KERNEL);
            default -> Result.limited("disabled by the administrator", "sysctl kernel.io_uring_disabled=0");
        };
    }

    private static Result cgroups(Host host) {
        if (host.exists("/sys/fs/cgroup/cgroup.controllers")) {
            return Result.ok("v2");
        }
        String mounts = host.read("/proc/self/mounts").orElse("");
        boolean hasV1 = mounts.lines().anyMatch(line -> line.contains(" cgroup "));
        boolean hasV2 = mounts.lines().anyMatch(line -> line.contains(" cgroup2 "));
        if (hasV1) {
            return Result.limited(
                    hasV2 ? "hybrid of v1 and v2: runc works, crun does not" : "v1: no pressure figures",
                    "boot with systemd.unified_cgroup_hierarchy=1");
        }
        return hasV2 ? Result.ok("v2, mounted elsewhere") : Result.missing("none mounted", "mount cgroup2");
    }

    private static Result fanotify(Host host) {
        KernelVersion kernel = KernelVersion.of(host);
        return kernel.isAtLeast(6, 14)
                ? Result.ok("kernel " + kernel + " has pre-content events")
                : Result.limited("kernel " + kernel + " has no pre-content events; FUSE stands in",
                        "use kernel 6.14 or newer");
    }

    private static Result userfaultfd(Host host) {
        return host.exists("/dev/userfaultfd") || host.exists("/proc/sys/vm/unprivileged_userfaultfd")
                ? Result.ok("in the kernel")
                : Result.missing("the kernel has none", NEWER_KERNEL);
    }

    private static Result samepageMerging(Host host) {
        Optional<String> run = host.read(KSM + "run");
        if (run.isEmpty()) {
            return Result.missing("the kernel has no samepage merging", "use a kernel with CONFIG_KSM");
        }
        if (!run.get().strip().equals("1")) {
            return Result.limited("off: frozen copies share no memory", "holdfast doctor --fix");
        }
        if (host.read(KSM + "advisor_mode").orElse("").contains("[scan-time]")) {
            return Result.ok("on, at a pace that the kernel adapts");
        }
        long pages = number(host, "pages_to_scan") * 1_000 / Math.max(1, number(host, "sleep_millisecs"));
        String pace = "on, " + pages + " pages per second";
        return pages >= KSM_PACE_MIN
                ? Result.ok(pace)
                : Result.limited(pace + ", fewer than " + KSM_PACE_MIN, "holdfast doctor --fix");
    }

    private static long number(Host host, String setting) {
        String text = host.read(KSM + setting).orElse("").strip();
        return text.matches("[0-9]{1,9}") ? Long.parseLong(text) : 0;
    }

    private static boolean hasFileSystem(Host host, String name) {
        return host.read("/proc/filesystems")
                .map(text -> Arrays.stream(text.split("\\s+", -1)).anyMatch(name::equals))
                .orElse(false);
    }
}
