package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.container.ContainerException;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.network.ContainerNetwork;
import io.holdfast.hostio.process.DetachedProcess;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One cold start by runc. Whatever fails, nothing is left of it.
final class Launch {
    private final Host host;
    private final ContainerSpec spec;
    private final ContainerFolder folder;
    private final Resources resources;

    Launch(Host host, ContainerSpec spec) {
        this.host = host;
        this.spec = spec;
        this.folder = host.folder(spec.id());
        this.resources = new Resources(host, spec);
    }

    LinuxContainer run() throws IOException, InterruptedException {
        ContainerRecord.Origin origin = new ContainerRecord.Origin(0, true, Instant.now(), Optional.empty());
        Attempt attempt = new Attempt(host, ContainerRecord.begun(spec, origin, List.of()));
        try {
            ContainerNetwork network = attempt.begin();
            resources.mount(List.of());
            resources.furnish(network, 0);
            resources.writeBundle(network);
            return start(attempt);
        } catch (IOException | InterruptedException | ContainerException failure) {
            attempt.undo(failure);
            throw failure;
        }
    }

    private LinuxContainer start(Attempt attempt) throws IOException {
        ContainerLogs logs = ContainerLogs.open(folder, spec);
        try (OutputPipes pipes = OutputPipes.open(spec)) {
            long pid = new RuncCall(host, folder).start(spec.id(), pipes);
            DetachedProcess process = DetachedProcess.find(pid)
                    .orElseThrow(() -> new IOException(
                            "it ended before it was seen: container=" + spec.id()));
            pipes.pump(logs);
            if (spec.isGroup()) {
                MemberProcesses.awaitStarted(host.cgroup(spec.id()), process, spec.members().size());
            }
            return attempt.running(process, pipes.numbers(), logs);
        }
    }
}
