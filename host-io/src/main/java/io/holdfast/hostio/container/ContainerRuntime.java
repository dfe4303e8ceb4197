package io.holdfast.hostio.container;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The containers of this machine that belong to one state folder. Concurrent.
///
/// Closing it lets the containers run; the next one opened on the same folder finds them, and removes what a
/// killed predecessor had begun and not finished.
public interface ContainerRuntime extends AutoCloseable {
    HostCapabilities capabilities();

    /// Starts a container cold; returns once its program was executed.
    Container start(ContainerSpec spec);

    /// Makes a further container go on from a checkpoint; returns once its processes run (or stand frozen).
    Container restore(RestoreRequest request);

    /// Every container that was not removed, in order of names.
    List<Container> containers();

    Optional<Container> find(ContainerId id);

    /// Ends a container if it lives, and forgets it: files, network, log. Does nothing if there is none.
    void remove(ContainerId id);

    /// Saves several containers as of one moment: all stand still before the first is saved. Either all
    /// images are made or none, and on failure all go on.
    Map<ContainerId, CheckpointImage> checkpointTogether(
            Map<ContainerId, Path> folders, CheckpointOptions options);

    /// Reads what an image claims and checks that it is whole: every file present, every digest right.
    CheckpointImage inspect(Path folder);

    /// Makes ready what later starts and restores of this root will need, as far as the budget allows.
    void prepare(RootFileSystem root, int count);

    @Override
    void close();
}
