package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.cgroup.Cgroups;
import io.holdfast.hostio.checkpoint.Criu;
import io.holdfast.hostio.checkpoint.ImageFolder;
import io.holdfast.hostio.container.ContainerException;
import io.holdfast.hostio.container.ContainerException.Kind;
import io.holdfast.hostio.container.ContainerId;
import io.holdfast.hostio.container.HostCapabilities;
import io.holdfast.hostio.nativeaccess.ChildProcess;
import io.holdfast.hostio.mount.Mounts;
import io.holdfast.hostio.network.NetworkPool;
import io.holdfast.hostio.runc.Runc;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The start of a runtime on a state folder: what is there is adopted or removed before anything new is
/// made.
final class RuntimeStart {
    private static final Logger LOG = LoggerFactory.getLogger(RuntimeStart.class);

    private RuntimeStart() {}

    static LinuxContainerRuntime open(RuntimeOptions options) {
        try {
            Files.createDirectories(options.stateFolder());
            return open(options, options.stateFolder().toRealPath());
        } catch (IOException failure) {
            throw new ContainerException(Kind.FAILED, "no containers: " + failure.getMessage(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ContainerException(Kind.FAILED, "interrupted", interrupted);
        }
    }

    private static LinuxContainerRuntime open(RuntimeOptions options, Path state)
            throws IOException, InterruptedException {
        HostProbe probe = new HostProbe(options.toolFolder());
        HostCapabilities capabilities = probe.probe();
        if (!capabilities.canRun()) {
            throw new ContainerException(
                    Kind.UNSUPPORTED, "this machine runs no containers: " + capabilities.missing());
        }
        ChildProcess.adoptOrphans();
        Host.prepare(state);
        new StrayTools(state.resolve("runc")).end();
        List<ContainerRecord> records = records(state);
        try {
            Host.Tools tools = new Host.Tools(
                    new Runc(probe.find("runc").orElseThrow(), state.resolve("runc")),
                    new Criu(probe.find("criu").orElse(Path.of("criu")), Host.isolation(state)),
                    new ImageFolder(),
                    LayerStore.open(Host.layersBelow(state), System::nanoTime),
                    new WorkingSets());
            NetworkPool networks = NetworkPool.open(
                    state.resolve("networks"), namesInUse(records), options.readyNetworkCount());
            return adopted(new Host(state, tools, Cgroups.detect(), networks, capabilities), records);
        } catch (IOException | RuntimeException failure) {
            if (records.isEmpty()) {
                Mounts.unmountBelow(state); // Nothing needs what was prepared, and the folder can be deleted.
            }
            throw failure;
        }
    }

    private static LinuxContainerRuntime adopted(Host host, List<ContainerRecord> records)
            throws IOException, InterruptedException {
        host.toolCgroup().create();
        LinuxContainerRuntime runtime = new LinuxContainerRuntime(host);
        for (ContainerRecord record : records) {
            new Adoption(host, record).run(runtime);
        }
        runtime.forgetFormerLayers();
        return runtime;
    }

    private static Set<Integer> namesInUse(List<ContainerRecord> records) {
        Set<Integer> numbers = new HashSet<>();
        records.forEach(record -> numbers.add(record.network()));
        return numbers;
    }

    /// A folder without a readable record was begun and nothing more: nothing outside it can belong to it.
    private static List<ContainerRecord> records(Path state) throws IOException {
        List<ContainerRecord> records = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(state.resolve("containers"))) {
            for (Path folder : folders) {
                ContainerId id = new ContainerId(folder.getFileName().toString());
                Path file = ContainerFolder.of(state, id).record();
                if (Files.exists(file)) {
                    records.add(ContainerRecord.read(file));
                } else {
                    LOG.info("a container was never begun: container={}", id);
                    new io.holdfast.hostio.mount.OwnedFolder(folder).delete();
                }
            }
        }
        return records;
    }
}
