package io.holdfast.hostio.testing;

import io.holdfast.hostio.container.BindMount;
import io.holdfast.hostio.container.ContainerId;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.container.Program;
import io.holdfast.hostio.container.RootFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A root for containers in tests, made in a millisecond: a folder with the usual names, and this machine's
/// `/usr` shown read-only.
public record HostRoot(Path folder) {
    private static final List<String> FOLDERS =
            List.of("etc", "tmp", "run", "var", "root", "app", "proc", "sys", "dev");

    /// Makes it in a new folder.
    public static HostRoot create(Path folder) throws IOException {
        for (String name : FOLDERS) {
            Files.createDirectories(folder.resolve(name));
        }
        for (String name : List.of("bin", "sbin", "lib", "lib64")) {
            Files.createSymbolicLink(folder.resolve(name), Path.of("usr", name));
        }
        Files.writeString(folder.resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
        return new HostRoot(folder);
    }

    /// Adds a file, such as a script, to `/app`.
    public HostRoot with(String name, String content) throws IOException {
        Files.writeString(folder.resolve("app").resolve(name), content);
        return this;
    }

    /// What runs a command in it.
    public ContainerSpec spec(ContainerId id, String... command) {
        return ContainerSpec.of(id, RootFileSystem.of("sha256:host-root", folder), Program.of(command))
                .withMounts(List.of(new BindMount(Path.of("/usr"), "/usr", true)));
    }
}
