package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.testing.HostTool;
import java.nio.file.Path;

/// What a test with real containers needs of this machine.
final class ContainerTools {
    private ContainerTools() {}

    /// Skips the calling test where something is missing.
    static void require() {
        HostTool.require("runc");
        HostTool.requireThat(
                new HostProbe(Path.of("/opt/holdfast/sbin")).find("criu").isPresent(),
                "command not found: criu");
    }
}
