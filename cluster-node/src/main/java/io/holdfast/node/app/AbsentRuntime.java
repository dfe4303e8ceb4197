package io.holdfast.node.app;

import io.holdfast.hostio.container.CheckpointImage;
import io.holdfast.hostio.container.CheckpointOptions;
import io.holdfast.hostio.container.Container;
import io.holdfast.hostio.container.ContainerException;
import io.holdfast.hostio.container.ContainerId;
import io.holdfast.hostio.container.ContainerRuntime;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.container.HostCapabilities;
import io.holdfast.hostio.container.RestoreRequest;
import io.holdfast.hostio.container.RootFileSystem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The runtime of a host that can run no containers: everything is refused with the reason. Immutable.
///
/// @param reason what the host lacks
public record AbsentRuntime(String reason) implements ContainerRuntime {
    @Override
    public HostCapabilities capabilities() {
        return new HostCapabilities(false, false, Optional.empty(), false, List.of(reason));
    }

    @Override
    public Container start(ContainerSpec spec) {
        throw refused();
    }

    @Override
    public Container restore(RestoreRequest request) {
        throw refused();
    }

    @Override
    public List<Container> containers() {
        return List.of();
    }

    @Override
    public Optional<Container> find(ContainerId id) {
        return Optional.empty();
    }

    @Override
    public void remove(ContainerId id) {
        // There is none.
    }

    @Override
    public Map<ContainerId, CheckpointImage> checkpointTogether(
            Map<ContainerId, Path> folders, CheckpointOptions options) {
        throw refused();
    }

    @Override
    public CheckpointImage inspect(Path folder) {
        throw refused();
    }

    @Override
    public void prepare(RootFileSystem root, int count) {
        // Nothing will be started.
    }

    @Override
    public void close() {
        // Nothing was opened.
    }

    private ContainerException refused() {
        return new ContainerException(ContainerException.Kind.UNSUPPORTED, "no containers here: " + reason);
    }
}
