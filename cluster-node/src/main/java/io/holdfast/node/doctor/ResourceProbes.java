package io.holdfast.node.doctor;

import io.holdfast.node.doctor.Host.CommandResult;
import io.holdfast.node.doctor.Probe.Result;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Probes of how much the host has.
final class ResourceProbes {
    /// A node at rest takes less than 300 MiB; with its heap in use and room for the page cache, this much.
    private static final long MEMORY_MIB_MIN = 1024;

    private static final long DISK_GIB_MIN = 5;

    /// Every command of the ledger waits for one such write on a majority of the voters.
    private static final Duration SYNC_TIME_MAX = Duration.ofMillis(10);

    private static final long OPEN_FILES_MIN = 65_536;
    private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+(\\d{1,15}) kB");
    private static final Pattern OPEN_FILES = Pattern.compile("Max open files\\s+(\\d{1,18}|unlimited)\\s");

    /// Those that take a moment and start no program.
    static final List<Probe> QUICK = List.of(
            new Probe("disk space", "everything that is stored", ResourceProbes::diskSpace),
            new Probe("disk sync", "time per change of the cluster", ResourceProbes::diskSync),
            new Probe("memory", "the node and its grid", ResourceProbes::memory),
            new Probe("open files", "connections and chunk files", ResourceProbes::openFiles));

    static final Probe CLOCK = new Probe("clock", "leases, certificates, timestamps", ResourceProbes::clock);

    private ResourceProbes() {}

    private static Result diskSpace(Host host) {
        OptionalLong free = host.freeBytes();
        if (free.isEmpty()) {
            return Result.missing("the data folder's disk does not tell", "check the mount");
        }
        long gib = free.getAsLong() >> 30;
        return gib >= DISK_GIB_MIN
                ? Result.ok(gib + " GiB free")
                : Result.limited(
                        gib + " GiB free, less than " + DISK_GIB_MIN, "make room, or move the data folder");
    }

    private static Result diskSync(Host host) {
        Optional<Duration> time = host.syncedWriteTime();
        if (time.isEmpty()) {
            return Result.missing("the data folder cannot be written", "check its owner and the mount");
        }
        String found = String.format(Locale.ROOT, "4 KiB durable in %.2f ms", time.get().toNanos() / 1e6);
        return time.get().compareTo(SYNC_TIME_MAX) <= 0
                ? Result.ok(found)
                : Result.limited(
                        found + ", slow", "use an SSD with power-loss protection for the data folder");
    }

    private static Result memory(Host host) {
        Matcher matcher = AVAILABLE.matcher(host.read("/proc/meminfo").orElse(""));
        if (!matcher.find()) {
            return Result.limited("not known", "mount /proc");
        }
        long mib = Long.parseLong(matcher.group(1)) >> 10;
        return mib >= MEMORY_MIB_MIN
                ? Result.ok(mib + " MiB available")
                : Result.limited(mib + " MiB available, less than " + MEMORY_MIB_MIN, "stop something else");
    }

    private static Result openFiles(Host host) {
        Matcher matcher = OPEN_FILES.matcher(host.read("/proc/self/limits").orElse(""));
        if (!matcher.find()) {
            return Result.limited("not known", "mount /proc");
        }
        String limit = matcher.group(1);
        return limit.equals("unlimited") || Long.parseLong(limit) >= OPEN_FILES_MIN
                ? Result.ok("at most " + limit)
                : Result.limited("at most " + limit + ", fewer than " + OPEN_FILES_MIN,
                        "ulimit -n " + OPEN_FILES_MIN + ", or LimitNOFILE= in the unit");
    }

    private static Result clock(Host host) {
        if (host.command("timedatectl").isEmpty()) {
            return Result.limited(
                    "whether it is synchronised is not known", "run chrony or systemd-timesyncd");
        }
        CommandResult answer = host.run("timedatectl", "show", "--property=NTPSynchronized", "--value");
        return answer.isSuccess() && answer.firstLine().equals("yes")
                ? Result.ok("synchronised")
                : Result.limited("not known to be synchronised", "run chrony or systemd-timesyncd");
    }
}
