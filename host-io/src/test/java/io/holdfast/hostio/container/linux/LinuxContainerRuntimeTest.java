package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.container.ContainerId;
import io.holdfast.hostio.container.ContainerRuntime;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.testing.ContainerRuntimeContract;
import io.holdfast.hostio.testing.HostRoot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/// The real runtime keeps the contract.
@Tag("host")
class LinuxContainerRuntimeTest extends ContainerRuntimeContract {
    @TempDir
    Path area;

    private Optional<LinuxContainerRuntime> opened = Optional.empty();

    private HostRoot root = new HostRoot(Path.of("/"));

    @BeforeEach
    void makeRoot() throws IOException {
        root = HostRoot.create(area.resolve("root"));
    }

    @Override
    protected ContainerRuntime newRuntime() {
        ContainerTools.require();
        LinuxContainerRuntime runtime = LinuxContainerRuntime.open(RuntimeOptions.in(area.resolve("state")));
        opened = Optional.of(runtime);
        return runtime;
    }

    @AfterEach
    void eraseAll() {
        opened.ifPresent(LinuxContainerRuntime::erase);
    }

    @Override
    protected ContainerSpec greeting(ContainerId id) {
        return root.spec(id, "/bin/sh", "-c", "echo hello; while :; do sleep 1000; done");
    }

    @Override
    protected ContainerSpec ending(ContainerId id, int code) {
        return root.spec(id, "/bin/sh", "-c", "exit " + code);
    }
}
