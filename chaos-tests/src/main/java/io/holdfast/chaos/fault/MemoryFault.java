package io.holdfast.chaos.fault;

import io.holdfast.chaos.process.Command;
import io.holdfast.chaos.process.CommandRunner;
import java.io.IOException;
import java.time.Duration;

/// A node gets no more memory from the kernel: its address space may not grow while it runs. What it has it
/// keeps; new threads, stacks and buffers are refused. A node that ends of it is started again when healed.
/// Immutable.
public record MemoryFault(String node) implements Fault {
    private static final CommandRunner RUNNER = new CommandRunner(Duration.ofSeconds(10));

    @Override
    public String describe() {
        return "no more memory for " + node;
    }

    @Override
    public Healing apply(FaultSite site) throws IOException, InterruptedException {
        long pid = site.pidOf(node);
        // Less than it has: the limit is only looked at when something is added.
        limit(pid, "1");
        return () -> {
            limit(pid, "unlimited");
            if (!isAlive(pid)) {
                site.start(node);
            }
        };
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    /// Only the soft limit: the hard one could not be raised again. A node that ended has none.
    private static void limit(long pid, String bytes) throws IOException, InterruptedException {
        if (isAlive(pid)) {
            var done = RUNNER.run(Command.of("prlimit", "--pid", "" + pid, "--as=" + bytes + ":"));
            if (isAlive(pid)) {
                done.orThrow();
            }
        }
    }
}
