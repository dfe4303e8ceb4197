package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.cgroup.Cgroup;
import io.holdfast.hostio.cgroup.Cgroups;
import io.holdfast.hostio.checkpoint.Criu;
import io.holdfast.hostio.checkpoint.ImageFolder;
import io.holdfast.hostio.container.ContainerId;
import io.holdfast.hostio.container.HostCapabilities;
import io.holdfast.hostio.mount.MountTable;
import io.holdfast.hostio.mount.Mounts;
import io.holdfast.hostio.mount.OwnedFolder;
import io.holdfast.hostio.network.NetworkPool;
import io.holdfast.hostio.process.InheritingProcess;
import io.holdfast.hostio.process.ProcessRun;
import io.holdfast.hostio.runc.MountPlan.SharedFolders;
import io.holdfast.hostio.runc.Runc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What all containers of a runtime share: tools, folders, cgroups, networks. Immutable but for the pool.
record Host(Path state, Tools tools, Cgroups cgroups, NetworkPool networks, HostCapabilities capabilities) {
    private static final List<List<String>> DEVICES = List.of(
            List.of("null", "1", "3"),
            List.of("zero", "1", "5"),
            List.of("full", "1", "7"),
            List.of("random", "1", "8"),
            List.of("urandom", "1", "9"),
            List.of("tty", "5", "0"));
    private static final List<List<String>> LINKS = List.of(
            List.of("fd", "/proc/self/fd"),
            List.of("stdin", "/proc/self/fd/0"),
            List.of("stdout", "/proc/self/fd/1"),
            List.of("stderr", "/proc/self/fd/2"),
            List.of("ptmx", "pts/ptmx"));

    /// What does the work, and what is remembered and kept of images it was given.
    record Tools(Runc runc, Criu criu, ImageFolder images, LayerStore layers, WorkingSets workingSets) {}

    /// Whether this kernel can keep equal pages of several processes once.
    boolean canShareMemory() {
        return capabilities.canShareMemory();
    }

    Runc runc() {
        return tools.runc();
    }

    Criu criu() {
        return tools.criu();
    }

    ImageFolder images() {
        return tools.images();
    }

    WorkingSets workingSets() {
        return tools.workingSets();
    }

    ContainerFolder folder(ContainerId id) {
        return ContainerFolder.of(state, id);
    }

    Cgroup cgroup(ContainerId id) {
        return cgroups.at(cgroupPath(id));
    }

    String cgroupPath(ContainerId id) {
        return cgroupParent(state) + "/" + id;
    }

    /// Where tools go that must not stand still with a container. Its name is no container's.
    Cgroup toolCgroup() {
        return cgroups.at(cgroupParent(state) + "/-tools");
    }

    /// One group per state folder.
    static String cgroupParent(Path state) {
        return "/holdfast-" + Integer.toHexString(state.toString().hashCode());
    }

    SharedFolders shared() {
        return new SharedFolders(state.resolve("devices"), state.resolve("empty"));
    }

    LayerStore layers() {
        return tools.layers();
    }

    /// Tools that mount work apart, with a folder of ours for what they leave behind.
    static InheritingProcess.Isolation isolation(Path state) {
        return new InheritingProcess.Isolation(state.resolve("temporary"), state);
    }

    /// What stands in for `/tmp`, empty but for the way to the state folder if that leads through `/tmp`.
    private static void prepareTemporary(Path state) throws IOException {
        Path temporary = state.resolve("temporary");
        new OwnedFolder(temporary).delete();
        Files.createDirectories(temporary);
        if (state.startsWith("/tmp")) {
            Files.createDirectories(temporary.resolve(Path.of("/tmp").relativize(state)));
        }
    }

    /// Where layers are kept.
    static Path layersBelow(Path state) {
        return state.resolve("layers");
    }

    /// Makes the folders, and the device files if a start of the machine has taken them away.
    static void prepare(Path state) throws IOException, InterruptedException {
        for (String name : List.of("runc", "devices", "empty", "layers", "networks", "containers")) {
            Files.createDirectories(state.resolve(name));
        }
        prepareTemporary(state);
        prepareEmpty(state.resolve("empty"));
        Path devices = state.resolve("devices");
        if (MountTable.read().isMountPoint(devices) && Files.exists(devices.resolve("shm"))) {
            return;
        }
        Mounts.unmountBelow(devices);
        Mounts.memoryForDevices(devices);
        for (List<String> device : DEVICES) {
            String file = devices.resolve(device.getFirst()).toString();
            ProcessRun.of("mknod", "-m", "666", file, "c", device.get(1), device.get(2)).run().orThrow();
        }
        for (List<String> link : LINKS) {
            Files.createSymbolicLink(devices.resolve(link.getFirst()), Path.of(link.get(1)));
        }
        Files.createDirectory(devices.resolve("pts"));
        Files.createDirectory(devices.resolve("shm"));
        Mounts.makeReadOnly(devices);
    }

    /// Read-only by itself, so that every mount made of it is.
    private static void prepareEmpty(Path empty) throws IOException {
        if (!MountTable.read().isMountPoint(empty)) {
            Mounts.memory(empty, 4_096, "555");
            Mounts.makeReadOnly(empty);
        }
    }
}
