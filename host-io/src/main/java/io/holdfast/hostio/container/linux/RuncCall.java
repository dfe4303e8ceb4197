package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.checkpoint.Criu;
import io.holdfast.hostio.container.ContainerException;
import io.holdfast.hostio.container.ContainerException.Kind;
import io.holdfast.hostio.container.ContainerId;
import io.holdfast.hostio.container.RestoreRequest;
import io.holdfast.hostio.nativeaccess.Descriptor;
import io.holdfast.hostio.process.InheritingProcess;
import io.holdfast.hostio.process.ProcessExit;
import io.holdfast.hostio.runc.MountPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// One call of runc that leaves a container running, with its output going to a pipe of ours.
record RuncCall(Host host, ContainerFolder folder) {
    private static final Duration START_MAX = Duration.ofSeconds(20);

    /// What runc's CRIU is told besides what runc tells it, as in a dump of ours: nothing is locked, and
    /// runc itself puts CRIU into the container's cgroup.
    private static final String CRIU_CONFIGURATION = "network-lock skip\nmanage-cgroups=ignore\n";

    /// Cold.
    ///
    /// @return the first process
    long start(ContainerId id, OutputPipes pipes) throws IOException {
        List<Descriptor> further = pipes.members();
        return run(START_MAX, pipes.own(), further, id.value(), further.isEmpty()
                ? List.of("run", "--detach")
                : List.of("run", "--detach", "--preserve-fds", Integer.toString(further.size())),
                        folder.bundle());
    }

    /// Made and held before its program, from another bundle.
    void create(String name, Path bundle, Descriptor output) throws IOException {
        run(START_MAX, output, name, List.of("create"), bundle);
    }

    /// From CRIU's files.
    ///
    /// @return the first process
    long restore(Path images, Descriptor output, RestoreRequest request) throws IOException {
        StringBuilder configuration = new StringBuilder(CRIU_CONFIGURATION);
        // runc maps the mounts it was asked for, not the folders it masks.
        new Resources(host, request.spec()).plan().mounts().stream()
                .filter(mount -> mount.kind() == MountPlan.Kind.MASKED_FOLDER)
                .forEach(mount -> configuration.append("external mnt[").append(mount.destination())
                        .append("]:")
                        .append(mount.source()).append('\n'));
        Files.writeString(criuConfiguration(folder), configuration, StandardCharsets.UTF_8);
        List<String> words = new ArrayList<>(List.of(
                "restore", "--detach", "--image-path", images.toString(), "--work-path",
                        folder.tool().toString(),
                "--file-locks", "--tcp-established"));
        return run(request.deadline(), output, request.spec().id().value(), words, folder.bundle());
    }

    /// Where the bundle points runc's CRIU to.
    static Path criuConfiguration(ContainerFolder folder) {
        return folder.tool().resolve("criu.conf");
    }

    private long run(Duration deadline, Descriptor output, String name, List<String> words, Path bundle)
            throws IOException {
        return run(deadline, output, List.of(), name, words, bundle);
    }

    /// @param further descriptors that the first process is to have from 3 on
    private long run(
            Duration deadline, Descriptor output, List<Descriptor> further, String name, List<String> words,
                    Path bundle)
            throws IOException {
        Path complaints = folder.tool().resolve("runc.log");
        Path pidFile = folder.tool().resolve("pid");
        List<String> command = host.runc().command("--log", complaints.toString());
        command.addAll(words);
        command.addAll(List.of(
                "--bundle", bundle.toString(), "--pid-file", pidFile.toString(), name));
        try (Descriptor ended = LogPump.openEnded();
                InheritingProcess runc = started(command, numbered(ended, output, further))) {
            ProcessExit exit = runc.await(deadline);
            if (!exit.isSuccess()) {
                throw new ContainerException(
                        Kind.FAILED, "runc " + exit.explained() + ": " + complaint(complaints)
                                + Criu.complaints(folder.tool().resolve("restore.log")) + " container="
                                        + name);
            }
        }
        return Long.parseLong(Files.readString(pidFile, StandardCharsets.UTF_8).strip());
    }

    private static Map<Integer, Descriptor> numbered(
            Descriptor input, Descriptor output, List<Descriptor> further) {
        Map<Integer, Descriptor> numbered = new TreeMap<>(Map.of(0, input, 1, output, 2, output));
        further.forEach(each -> numbered.put(numbered.size(), each));
        return numbered;
    }

    /// A restore mounts the root once more for CRIU; that must go with it, whatever becomes of it.
    private InheritingProcess started(List<String> command, Map<Integer, Descriptor> descriptors)
            throws IOException {
        return command.contains("restore")
                ? InheritingProcess.startIsolated(
                        command, descriptors, host.criu().isolation(), host.criu().folder())
                : InheritingProcess.start(command, descriptors);
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
