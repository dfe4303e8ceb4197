package io.holdfast.chaos.sandbox;

import io.holdfast.chaos.network.SandboxNetwork;
import io.holdfast.chaos.network.WireKind;
import io.holdfast.chaos.process.Command;
import io.holdfast.chaos.process.RunningProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Fills a sandbox with everything that could be left behind: namespaces, devices, rules, mounts, shared
/// memory, processes, one of them a daemon whose parent has gone.
public final class Occupant {
    private Occupant() {}

    public static void main(String[] arguments) throws Exception {
        Lifeline.watch(System.in);
        String mark = arguments[0];
        try (SandboxNetwork network = SandboxNetwork.open(
                        List.of("a", "b"), WireKind.valueOf(arguments[1]), 1);
                RunningProcess node = RunningProcess.start(network.inside("a", sleeper(mark)));
                RunningProcess daemon = RunningProcess.start(Command.of("sh", "-c",
                        "mount -t tmpfs " + mark + " /mnt; : > /dev/shm/" + mark
                                + "; setsid sh -c 'sleep 60; : " + mark + "' & exit 0"))) {
            node.await(Duration.ofMinutes(1));
            daemon.await(Duration.ofMinutes(1));
        }
    }

    private static Command sleeper(String mark) {
        return Command.of(List.of("sh", "-c", "sleep 60; : " + mark)).with("MARK", mark).loggedTo(
                Path.of("/dev/null"));
    }
}
