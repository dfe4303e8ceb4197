package io.holdfast.hostio.testing;

import io.holdfast.hostio.container.ContainerId;
import io.holdfast.hostio.container.ContainerRuntime;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.container.Program;
import io.holdfast.hostio.container.RootFileSystem;
import java.nio.file.Path;

/// The in-memory runtime keeps the contract of the real one.
class FakeContainerRuntimeTest extends ContainerRuntimeContract {
    private static final RootFileSystem ROOT = RootFileSystem.of("sha256:0", Path.of("/nowhere"));

    @Override
    protected ContainerRuntime newRuntime() {
        return new FakeContainerRuntime(SimulatedProgram::shell);
    }

    @Override
    protected ContainerSpec greeting(ContainerId id) {
        return ContainerSpec.of(id, ROOT, Program.of("hello"));
    }

    @Override
    protected ContainerSpec ending(ContainerId id, int code) {
        return ContainerSpec.of(id, ROOT, Program.of("exit", Integer.toString(code)));
    }
}
