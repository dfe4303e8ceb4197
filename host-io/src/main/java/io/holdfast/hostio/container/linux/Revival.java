package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.cgroup.Cgroup;
import io.holdfast.hostio.cgroup.CgroupLimits;
import io.holdfast.hostio.checkpoint.Criu;
import io.holdfast.hostio.checkpoint.ImageFolder;
import io.holdfast.hostio.checkpoint.ImageManifest;
import io.holdfast.hostio.container.ContainerException;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.container.ResourceLimits;
import io.holdfast.hostio.container.RestoreRequest;
import io.holdfast.hostio.nativeaccess.Descriptor;
import io.holdfast.hostio.nativeaccess.HostName;
import io.holdfast.hostio.network.ContainerNetwork;
import io.holdfast.hostio.process.DetachedProcess;
import io.holdfast.hostio.runc.MountPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// One restore of one checkpoint into a new container. Whatever fails, nothing is left of it.
final class Revival {
    private static final Duration FREEZE_MAX = Duration.ofSeconds(5);

    private final Host host;
    private final RestoreRequest request;
    private final ContainerSpec spec;
    private final ContainerFolder folder;
    private final Resources resources;
    private final ImageManifest manifest;

    Revival(Host host, RestoreRequest request, ImageFolder.Verified image) {
        this.host = host;
        this.request = request;
        this.spec = request.spec();
        this.folder = host.folder(spec.id());
        this.resources = new Resources(host, spec);
        this.manifest = image.manifest();
    }

    LinuxContainer run() throws IOException, InterruptedException {
        List<Path> layers = host.layers().unpack(request.folder(), manifest);
        ContainerRecord.Origin origin = new ContainerRecord.Origin(
                manifest.origin().restoreCount() + 1, request.way() == RestoreRequest.Way.CAREFUL,
                        Instant.now(), request.circle());
        Attempt attempt = new Attempt(host, ContainerRecord.begun(spec, origin, layers));
        try {
            ContainerNetwork network = attempt.begin();
            resources.mount(layers);
            LinuxContainer container;
            try (MemorySource memory = MemorySource.of(host, request, manifest)) {
                unpackSharedMemory();
                resources.furnish(network, origin.restoreCount());
                container = restore(attempt, network, memory);
                memory.handTo(container);
            }
            if (request.staysFrozen()) {
                container.postponeHooks();
            } else {
                container.runHooksAfterRestore();
            }
            return container;
        } catch (IOException | InterruptedException | ContainerException failure) {
            attempt.undo(failure);
            throw failure;
        }
    }

    private void unpackSharedMemory() throws IOException, InterruptedException {
        Path packed = request.folder().resolve("shm.tar");
        if (Files.exists(packed) && LayerStore.holdsSomething(packed)) {
            LayerStore.unpack(packed, folder.sharedMemory());
        }
    }

    private LinuxContainer restore(Attempt attempt, ContainerNetwork network, MemorySource memory)
            throws IOException, InterruptedException {
        ContainerLogs logs = ContainerLogs.open(folder, spec);
        try (OutputPipes pipes = OutputPipes.open(spec)) {
            long pid =
                    switch (request.way()) {
                        case FAST -> restoreFast(memory, network, pipes);
                        case CAREFUL ->
                            restoreCarefully(memory.images().folder(), network, pipes.own());
                    };
            DetachedProcess process = DetachedProcess.find(pid)
                    .orElseThrow(() -> new IOException(
                            "it ended before it was seen: container=" + spec.id()));
            pipes.pump(logs);
            return attempt.running(process, pipes.numbers(), logs);
        }
    }

    private long restoreFast(MemorySource memory, ContainerNetwork network, OutputPipes pipes)
            throws IOException {
        ResourceLimits limits = spec.confinement().limits();
        host.cgroup(spec.id()).create(new CgroupLimits(
                limits.memoryBytesMax(), limits.cpuMillis(), limits.processCountMax()));
        Map<String, Descriptor> inherited = pipes.inPlaceOf(new OutputPipes.Numbers(
                manifest.origin().logPipe(), manifest.origin().memberPipes()));
        try (Descriptor namespace = Descriptor.openReadOnly(network.namespaceFile())) {
            inherited.put(Criu.NETWORK_KEY, namespace);
            Criu.Restore restore = new Criu.Restore(
                    memory.images().folder(),
                    folder.tool(),
                    folder.root(),
                    externals(),
                    inherited);
            long pid = host.criu().restore(restore, new Watch(network, memory), request.deadline());
            if (request.staysFrozen() && !host.cgroup(spec.id()).freeze(FREEZE_MAX)) {
                throw new IOException("it cannot be made to stand still: container=" + spec.id());
            }
            return pid;
        }
    }

    private void requirePermission() {
        if (!request.permission().getAsBoolean()) {
            throw new ContainerException(
                    ContainerException.Kind.WRONG_STATE, "it may not go on: container=" + spec.id());
        }
    }

    private long restoreCarefully(Path shown, ContainerNetwork network, Descriptor output)
            throws IOException, InterruptedException {
        requirePermission(); // What this way restores goes on at once.
        resources.writeBundle(network);
        long pid;
        // By descriptor, because runc does not see every folder of this machine.
        try (Descriptor images = Descriptor.openPlace(shown, true)) {
            Path path = Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + images.number());
            pid = new RuncCall(host, folder).restore(path, output, request);
        }
        Set<Long> processes = host.cgroup(spec.id()).processes();
        new Examination(spec, resources.plan(), network.namespaceFile()).require(pid, processes);
        if (request.staysFrozen() && !host.cgroup(spec.id()).freeze(FREEZE_MAX)) {
            throw new IOException("it cannot be made to stand still: container=" + spec.id());
        }
        HostName.set(Path.of("/proc/" + pid + "/ns/uts"), spec.id().value());
        return pid;
    }

    private List<String> externals() {
        List<String> externals = new ArrayList<>();
        for (MountPlan.Planned planned : resources.plan().mounts()) {
            if (planned.isExternal()) {
                externals.add("mnt[" + planned.destination() + "]:" + planned.source());
            }
        }
        return externals;
    }

    /// What has to be done while CRIU works.
    private final class Watch implements Criu.RestoreWatch {
        private final ContainerNetwork network;
        private final MemorySource memory;
        private final CompletableFuture<@Nullable Void> inCgroup = new CompletableFuture<>();
        private Optional<Filling> filling = Optional.empty();
        private long criuPid;

        Watch(ContainerNetwork network, MemorySource memory) {
            this.network = network;
            this.memory = memory;
        }

        /// To move a process into a cgroup the kernel waits for all processors, about ten milliseconds.
        /// Meanwhile this one reads the images.
        @Override
        public boolean started(long pid) throws IOException {
            criuPid = pid;
            Thread.ofVirtual().name("to-cgroup-" + spec.id()).start(() -> {
                try {
                    host.cgroup(spec.id()).add(pid);
                    inCgroup.complete(null);
                } catch (IOException | RuntimeException failure) {
                    inCgroup.completeExceptionally(failure);
                }
            });
            filling = memory.filling(host);
            return filling.isPresent();
        }

        @Override
        public void toBeMade() throws IOException {
            try {
                inCgroup.join();
            } catch (CompletionException failure) {
                throw new IOException("it cannot be confined: container=" + spec.id(), failure.getCause());
            }
        }

        @Override
        public void failed() {
            var _ = inCgroup.handle((_, _) -> true).join();
        }

        private Set<Long> processesBut(long tool) throws IOException {
            Set<Long> processes = host.cgroup(spec.id()).processes();
            processes.remove(tool);
            return processes;
        }

        @Override
        public void complete(long rootPid) throws IOException {
            Cgroup cgroup = host.cgroup(spec.id());
            try {
                new Examination(spec, resources.plan(), network.namespaceFile())
                        .require(rootPid, processesBut(criuPid));
                if (filling.isPresent()) {
                    filling.get().hold();
                }
                HostName.set(Path.of("/proc/" + rootPid + "/ns/uts"), spec.id().value());
                requirePermission();
                if (request.staysFrozen()) {
                    host.toolCgroup().add(criuPid);
                    cgroup.freezeSoon();
                }
            } catch (IOException | ContainerException refused) {
                // While they still stand: if CRIU ended first, they would run.
                cgroup.kill(FREEZE_MAX);
                throw refused;
            }
        }
    }
}
