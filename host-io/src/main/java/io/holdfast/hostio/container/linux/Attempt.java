package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.network.ContainerNetwork;
import io.holdfast.hostio.process.DetachedProcess;
import java.io.IOException;
import java.nio.file.Files;

/// The bookkeeping of a container that is being made: every step stands on disk before it is taken.
/// Confined.
final class Attempt {
    private final Host host;
    private final ContainerFolder folder;
    private ContainerRecord record;

    Attempt(Host host, ContainerRecord record) {
        this.host = host;
        this.record = record;
        this.folder = host.folder(record.spec().id());
    }

    /// Claims the name and a network.
    ContainerNetwork begin() throws IOException, InterruptedException {
        Files.createDirectories(folder.path());
        record.write(folder.record());
        ContainerNetwork network = host.networks().take();
        record = record.withNetwork(network.number());
        record.write(folder.record());
        return network;
    }

    /// It lives.
    LinuxContainer running(DetachedProcess process, OutputPipes.Numbers pipes, ContainerLogs logs)
            throws IOException {
        record = record.running(process, pipes);
        record.write(folder.record());
        return new LinuxContainer(host, record, logs);
    }

    /// Takes everything back; what cannot be is added to the failure.
    void undo(Exception failure) throws InterruptedException {
        try {
            Resources resources = new Resources(host, record.spec());
            resources.release(record.network());
            resources.forget();
        } catch (IOException left) {
            failure.addSuppressed(left);
        }
    }
}
