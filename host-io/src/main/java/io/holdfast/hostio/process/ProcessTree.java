package io.holdfast.hostio.process;

import java.io.File;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The processes that came from one that leads its own session: its descendants, and those of its session
/// whose parents have ended.
///
/// A process that has left both (its parent ended *and* it opened a session of its own) is a daemon on
/// purpose and does not belong to the tree any more, unless an earlier look had already seen it.
final class ProcessTree {
    /// Each round kills what the former one's victims had started meanwhile; a tree that out-forks this many
    /// rounds is reported by the caller as still alive.
    private static final int ROUNDS_MAX = 50;

    private static final long ROUND_WAIT_MILLIS = 100;

    private final long leaderPid;
    private final Set<ProcessStat> seen = new HashSet<>();

    ProcessTree(long leaderPid) {
        this.leaderPid = leaderPid;
    }

    /// Kills every member until none is left; false if some survived all rounds.
    boolean kill() throws InterruptedException {
        for (int round = 0; round < ROUNDS_MAX; round++) {
            Set<ProcessStat> members = members();
            if (members.isEmpty()) {
                return true;
            }
            for (ProcessStat member : members) {
                killExactly(member);
            }
            awaitEnd(members);
        }
        return members().isEmpty();
    }

    /// The same for what is left of the session of a leader that has ended and was collected: its number may
    /// be another's by now, but no other session has it while a member of this one lives.
    boolean killRest() throws InterruptedException {
        for (int round = 0; round < ROUNDS_MAX; round++) {
            Set<ProcessStat> rest = runningProcesses().values().stream()
                    .filter(stat -> stat.sessionId() == leaderPid && stat.pid() != leaderPid)
                    .collect(Collectors.toSet());
            if (rest.isEmpty()) {
                return true;
            }
            rest.forEach(ProcessTree::killExactly);
            awaitEnd(rest);
        }
        return false;
    }

    private Set<ProcessStat> members() {
        Map<Long, ProcessStat> all = runningProcesses();
        seen.removeIf(stat -> !isSameProcess(stat, all.get(stat.pid())));
        Set<Long> treePids = new HashSet<>();
        treePids.add(leaderPid);
        seen.forEach(stat -> treePids.add(stat.pid()));
        boolean grew = true;
        while (grew) {
            grew = false;
            for (ProcessStat stat : all.values()) {
                boolean belongs = stat.sessionId() == leaderPid || treePids.contains(stat.parentPid());
                if (belongs && treePids.add(stat.pid())) {
                    grew = true;
                }
            }
        }
        treePids.stream().map(all::get).filter(stat -> stat != null).forEach(seen::add);
        return Set.copyOf(seen);
    }

    private static boolean isSameProcess(ProcessStat known, @Nullable ProcessStat now) {
        return now != null && now.startTicks() == known.startTicks();
    }

    private static Map<Long, ProcessStat> runningProcesses() {
        Map<Long, ProcessStat> all = new HashMap<>();
        String[] names = new File("/proc").list();
        for (String name : names == null ? new String[0] : names) {
            if (name.chars().allMatch(c -> c >= '0' && c <= '9')) {
                ProcessStat.read(Long.parseLong(name))
                        .filter(ProcessStat::isRunning)
                        .ifPresent(stat -> all.put(stat.pid(), stat));
            }
        }
        return all;
    }

    private static void killExactly(ProcessStat member) {
        Optional<ProcessStat> now = ProcessStat.read(member.pid());
        if (now.isPresent() && now.get().startTicks() == member.startTicks()) {
            ProcessHandle.of(member.pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private static void awaitEnd(Set<ProcessStat> members) throws InterruptedException {
        for (ProcessStat member : members) {
            Optional<ProcessHandle> handle = ProcessHandle.of(member.pid());
            if (handle.isPresent()) {
                awaitEnd(handle.get());
            }
        }
    }

    private static void awaitEnd(ProcessHandle handle) throws InterruptedException {
        try {
            handle.onExit().get(ROUND_WAIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException stillThere) {
            // The next round looks again; a process in an uninterruptible call ends when the call does.
            return;
        }
    }
}
