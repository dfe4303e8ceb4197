package io.holdfast.chaos.fault;

import io.holdfast.chaos.process.Command;
import io.holdfast.chaos.process.CommandRunner;
import java.io.IOException;
import java.time.Duration;

/// A node may open no further descriptors: its limit is lowered while it runs. Immutable.
///
/// @param descriptorCountMax the new limit; descriptors already open stay
public record DescriptorFault(String node, int descriptorCountMax) implements Fault {
    private static final CommandRunner RUNNER = new CommandRunner(Duration.ofSeconds(10));

    @Override
    public String describe() {
        return "at most " + descriptorCountMax + " descriptors for " + node;
    }

    @Override
    public Healing apply(FaultSite site) throws IOException, InterruptedException {
        String pid = "" + site.pidOf(node);
        String before = RUNNER.run(Command.of("prlimit", "--pid", pid, "--nofile", "--noheadings", "--raw",
                        "--output", "SOFT"))
                .orThrow()
                .output()
                .strip();
        limit(pid, "" + descriptorCountMax);
        return () -> limit(pid, before);
    }

    /// Only the soft limit: the hard one could not be raised again. A node that ended needs no healing.
    private static void limit(String pid, String count) throws IOException, InterruptedException {
        if (ProcessHandle.of(Long.parseLong(pid)).isPresent()) {
            var done = RUNNER.run(Command.of("prlimit", "--pid", pid, "--nofile=" + count + ":"));
            if (ProcessHandle.of(Long.parseLong(pid)).isPresent()) {
                done.orThrow();
            }
        }
    }
}
