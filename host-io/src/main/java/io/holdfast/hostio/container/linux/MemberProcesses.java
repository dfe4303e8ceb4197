package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.cgroup.Cgroup;
import io.holdfast.hostio.init.GroupInit;
import io.holdfast.hostio.process.DetachedProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/// Finds the processes of a group's members: they keep their numbers within the container.
final class MemberProcesses {
    private static final String NUMBERS = "NSpid:";
    private static final String RIGHTS = "CapPrm:";
    private static final Duration START_MAX = Duration.ofSeconds(20);
    private static final long STEP_NANOS = 1_000_000;

    private MemberProcesses() {}

    /// In the members' order; without those that have ended.
    ///
    /// @param processes of the container
    static List<Long> find(Set<Long> processes, int memberCount) throws IOException {
        SortedMap<Integer, Long> found = new TreeMap<>();
        for (long pid : processes) {
            int inner = innerNumber(pid);
            if (inner >= GroupInit.FIRST_MEMBER && inner < GroupInit.FIRST_MEMBER + memberCount) {
                found.put(inner, pid);
            }
        }
        return new ArrayList<>(found.values());
    }

    /// Waits until all members run their programs and nobody has the rights any more that it took to get
    /// there, or the first process has ended.
    static void awaitStarted(Cgroup cgroup, DetachedProcess first, int memberCount) throws IOException {
        long until = System.nanoTime() + START_MAX.toNanos();
        while (first.isAlive() && !haveStarted(cgroup.processes(), memberCount)) {
            if (System.nanoTime() - until > 0) {
                throw new IOException("members do not start: deadlineMillis=" + START_MAX.toMillis());
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
    }

    private static boolean haveStarted(Set<Long> processes, int memberCount) throws IOException {
        for (long pid : processes) {
            if (!last(pid, RIGHTS).matches("0*")) {
                return false;
            }
        }
        return find(processes, memberCount).size() == memberCount;
    }

    private static int innerNumber(long pid) throws IOException {
        String number = last(pid, NUMBERS);
        return number.isEmpty() ? 0 : Integer.parseInt(number);
    }

    /// The last word of a line of its status; empty if it has ended.
    private static String last(long pid, String field) throws IOException {
        try {
            for (String line : Files.readAllLines(
                    Path.of("/proc/" + pid + "/status"), StandardCharsets.ISO_8859_1)) {
                if (line.startsWith(field)) {
                    String[] words = line.strip().split("\\s+", -1);
                    return words[words.length - 1];
                }
            }
            return "";
        } catch (IOException read) {
            if (ProcessHandle.of(pid).isEmpty()) {
                return "";
            }
            throw read;
        }
    }
}
