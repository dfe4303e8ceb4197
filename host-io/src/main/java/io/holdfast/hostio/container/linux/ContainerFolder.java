package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.container.ContainerId;
import java.nio.file.Path;

/// Where everything of one container lies.
record ContainerFolder(Path path) {
    static ContainerFolder of(Path state, ContainerId id) {
        return new ContainerFolder(state.resolve("containers").resolve(id.value()));
    }

    Path record() {
        return path.resolve("container.json");
    }

    Path bundle() {
        return path.resolve("bundle");
    }

    Path root() {
        return path.resolve("root");
    }

    Path upper() {
        return path.resolve("upper");
    }

    Path work() {
        return path.resolve("work");
    }

    Path sharedMemory() {
        return path.resolve("shm");
    }

    /// Folders of this machine as the container may use them.
    Path mounts() {
        return path.resolve("mounts");
    }

    /// The roots of its members, mounted.
    Path members() {
        return path.resolve("members");
    }

    /// What its own root is made of, if it holds nothing but members.
    Path outer() {
        return path.resolve("outer");
    }

    Path tool() {
        return path.resolve("tool");
    }

    Path log() {
        return path.resolve("log");
    }
}
