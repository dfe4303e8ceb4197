package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.cgroup.Cgroup;
import io.holdfast.hostio.container.ContainerFile;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.container.Member;
import io.holdfast.hostio.container.RootFileSystem;
import io.holdfast.hostio.init.GroupInit;
import io.holdfast.hostio.mount.Mounts;
import io.holdfast.hostio.mount.OwnedFolder;
import io.holdfast.hostio.network.ContainerNetwork;
import io.holdfast.hostio.runc.Bundle;
import io.holdfast.hostio.runc.MountPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// What a container has of the machine besides its processes: made in order, taken back in the reverse
/// order, from any state they are in. Confined to whoever holds the container's lock.
final class Resources {
    private static final Duration KILL_MAX = Duration.ofSeconds(10);
    private static final long STEP_NANOS = 1_000_000;
    private static final int REMOVE_ATTEMPTS_MAX = 2_000;

    private final Host host;
    private final ContainerSpec spec;
    private final ContainerFolder folder;

    Resources(Host host, ContainerSpec spec) {
        this.host = host;
        this.spec = spec;
        this.folder = host.folder(spec.id());
    }

    /// Folders, the root with its layers, `/dev/shm`.
    void mount(List<Path> checkpointLayers) throws IOException {
        for (Path path : List.of(folder.bundle(), folder.root(), folder.upper(), folder.work(),
                folder.sharedMemory(), folder.tool())) {
            Files.createDirectories(path);
        }
        if (spec.isGroup()) {
            mountMembers(checkpointLayers);
        } else {
            Mounts.overlay(
                    above(checkpointLayers, spec.root()), folder.upper(), folder.work(), folder.root());
        }
        for (int number = 0; number < spec.mounts().size(); number++) {
            Path place = folder.mounts().resolve(Integer.toString(number));
            Files.createDirectories(place);
            // Made read-only here already: a restored mount takes over what its source is.
            Mounts.bind(spec.mounts().get(number).source(), place, spec.mounts().get(number).isReadOnly());
        }
        Mounts.memory(
                folder.sharedMemory(), spec.confinement().limits().sharedMemoryBytesMax(), "1777");
    }

    private static List<Path> above(List<Path> checkpointLayers, RootFileSystem root) {
        List<Path> lowers = new ArrayList<>(checkpointLayers);
        lowers.addAll(root.layers());
        return lowers;
    }

    /// Each member has its own part of every writable layer, under its name. What the container's own root
    /// holds is made anew each time.
    private void mountMembers(List<Path> checkpointLayers) throws IOException {
        for (Member member : spec.members()) {
            Path upper = Files.createDirectories(folder.upper().resolve(member.name()));
            Path work = Files.createDirectories(folder.work().resolve(member.name()));
            Path root = Files.createDirectories(folder.members().resolve(member.name()));
            List<Path> own = checkpointLayers.stream()
                    .map(layer -> layer.resolve(member.name()))
                    .filter(Files::isDirectory)
                    .toList();
            Mounts.overlay(above(own, member.root()), upper, work, root);
        }
        Path base = Files.createDirectories(folder.outer().resolve("base"));
        Path init = base.resolve(GroupInit.PATH.substring(1));
        Files.write(init, GroupInit.file(spec.members()));
        Files.setPosixFilePermissions(init, PosixFilePermissions.fromString("rwxr-xr-x"));
        Mounts.overlay(
                List.of(base),
                Files.createDirectories(folder.outer().resolve("upper")),
                Files.createDirectories(folder.outer().resolve("work")),
                folder.root());
    }

    /// What tells the container who it is, and the places of its mounts.
    void furnish(ContainerNetwork network, int restoreCount) throws IOException {
        for (MountPlan.Planned planned : plan().mounts()) {
            switch (planned.kind()) {
                case OWN, BIND -> makePlace(planned);
                case READ_ONLY, MASKED_FILE, MASKED_FOLDER -> {}
            }
        }
        List<RootFolder> roots = spec.isGroup()
                ? spec.members().stream()
                        .map(member -> new RootFolder(folder.members().resolve(member.name())))
                        .toList()
                : List.of(new RootFolder(folder.root()));
        for (RootFolder root : roots) {
            for (ContainerFile file : Identity.files(spec, network, restoreCount)) {
                root.write(file);
            }
        }
    }

    private void makePlace(MountPlan.Planned planned) throws IOException {
        boolean isFolder = Files.isDirectory(Path.of(planned.source()))
                || planned.kind() == MountPlan.Kind.OWN;
        RootFolder root = new RootFolder(folder.root());
        String place = planned.destination();
        for (Member member : spec.members()) {
            if (place.startsWith(member.place() + "/")) {
                root = new RootFolder(folder.members().resolve(member.name()));
                place = place.substring(member.place().length());
            }
        }
        if (!place.startsWith("/dev/")) {
            root.makePlace(place, isFolder);
        }
    }

    MountPlan plan() {
        return MountPlan.of(
                spec, host.shared(), folder.sharedMemory(), folder.mounts(), folder.members());
    }

    Bundle bundle(ContainerNetwork network) {
        return new Bundle(spec, folder.root(), plan(), host.cgroupPath(spec.id()), network.namespaceFile());
    }

    void writeBundle(ContainerNetwork network) throws IOException {
        Files.writeString(
                folder.bundle().resolve("config.json"),
                        bundle(network).configuration(RuncCall.criuConfiguration(folder)),
                        StandardCharsets.UTF_8);
    }

    /// Ends all processes and takes back everything but the record and the log; may be called again.
    ///
    /// @param network its number, 0 for none
    /// @throws IOException naming what is still there, after everything was tried
    void release(int network) throws IOException, InterruptedException {
        Cgroup cgroup = host.cgroup(spec.id());
        Failures failures = new Failures();
        failures.attempt(() -> {
            if (!cgroup.kill(KILL_MAX)) {
                throw new IOException("processes survive being killed: cgroup=" + cgroup.path());
            }
        });
        failures.attempt(() -> Filling.endLeft(folder));
        failures.attempt(() -> host.runc().deleteIfKnown(spec.id().value()));
        failures.attempt(() -> Execution.removeShadow(host, spec.id()));
        failures.attempt(() -> remove(cgroup));
        failures.attempt(() -> Mounts.unmountBelow(folder.path()));
        failures.attempt(() -> {
            if (network > 0) {
                host.networks().giveBack(host.networks().find(network));
            }
        });
        for (Path path : List.of(folder.root(), folder.upper(), folder.work(), folder.sharedMemory(),
                folder.mounts(), folder.bundle(), folder.tool(), folder.members(), folder.outer())) {
            failures.attempt(() -> new OwnedFolder(folder.path()).deleteBelow(path));
        }
        failures.throwFirst();
    }

    /// A group is busy for a moment after its last process was collected.
    static void remove(Cgroup cgroup) throws IOException {
        for (int attempt = 0; ; attempt++) {
            try {
                cgroup.remove();
                return;
            } catch (IOException busy) {
                if (attempt >= REMOVE_ATTEMPTS_MAX) {
                    throw busy;
                }
                LockSupport.parkNanos(STEP_NANOS);
            }
        }
    }

    /// The record and the log too.
    void forget() throws IOException {
        new OwnedFolder(folder.path()).delete();
    }
}
