package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.container.ContainerException;
import io.holdfast.hostio.container.ContainerException.Kind;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.nativeaccess.Descriptor;
import io.holdfast.hostio.network.ContainerNetwork;
import io.holdfast.hostio.process.DetachedProcess;
import io.holdfast.hostio.process.InheritingProcess;
import io.holdfast.hostio.process.ProcessExit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// One cold start by runc. Whatever fails, nothing is left of it.
final class Launch {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

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
        ContainerRecord.Origin origin = new ContainerRecord.Origin(0, true, Instant.now());
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
        Path pidFile = folder.tool().resolve("pid");
        LogFiles log = LogFiles.open(folder.log());
        try (Descriptor.Pair pipe = LogPump.openPipe();
                Descriptor ended = LogPump.openEnded()) {
            long logPipe = LogPump.numberOf(pipe.second());
            Path complaints = folder.tool().resolve("runc.log");
            List<String> command = host.runc().command(
                    "--log", complaints.toString(), "run", "--detach", "--bundle", folder.bundle().toString(),
                    "--pid-file", pidFile.toString(), spec.id().value());
            try (InheritingProcess runc = InheritingProcess.start(
                    command, Map.of(0, ended, 1, pipe.second(), 2, pipe.second()))) {
                ProcessExit exit = runc.await(DEADLINE);
                if (!exit.isSuccess()) {
                    throw new ContainerException(Kind.FAILED, "runc " + exit.explained() + ": "
                            + complaint(complaints) + " container=" + spec.id());
                }
            }
            long pid = Long.parseLong(Files.readString(pidFile, StandardCharsets.UTF_8).strip());
            DetachedProcess process = DetachedProcess.find(pid)
                    .orElseThrow(() -> new IOException(
                            "it ended before it was seen: container=" + spec.id()));
            LogPump.start(spec.id().value(), pipe.first().duplicate(), log);
            return attempt.running(process, logPipe, log);
        }
    }

    /// The last line that runc logged.
    private static String complaint(Path log) {
        try {
            List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
            return lines.isEmpty() ? "" : lines.getLast();
        } catch (IOException none) {
            return "";
        }
    }
}
