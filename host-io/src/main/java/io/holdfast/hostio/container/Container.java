package io.holdfast.hostio.container;

import io.holdfast.hostio.process.ProcessOutcome;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One container of this machine. Concurrent; it goes on when the node ends and is found again by the next.
public interface Container {
    ContainerId id();

    ContainerSpec spec();

    ContainerState state();

    /// Where this machine's processes reach what it listens on (any address but loopback).
    InetAddress address();

    /// When it was started or restored.
    Instant startedAt();

    /// How often its state went through a checkpoint: 0 for a cold start.
    int restoreCount();

    /// How it ended; empty while it lives.
    Optional<ContainerExit> exit();

    /// Waits for its end; empty if it lives on.
    Optional<ContainerExit> awaitExit(Duration deadline);

    /// What it wrote; of a container with members, what its first member wrote.
    ContainerLog log();

    /// What one of its members wrote.
    ///
    /// @throws ContainerException of kind `INVALID_REQUEST` if it has no such member
    ContainerLog log(String member);

    ContainerUsage usage();

    /// What its memory costs the machine; takes a moment, in proportion to it. Nothing once it has ended.
    ContainerMemory memory();

    /// Runs a further command inside, with the rights of the container, to its end.
    ProcessOutcome exec(List<String> command, Duration deadline);

    /// The same in the root of one of its members, as its user.
    ///
    /// @throws ContainerException of kind `INVALID_REQUEST` if it has no such member
    ProcessOutcome exec(String member, List<String> command, Duration deadline);

    /// Asks it to end (SIGTERM) and, after the grace, ends all its processes. Returns once it has ended;
    /// does nothing if it had before.
    ContainerExit stop(Duration grace);

    /// Makes all processes stand still. Does nothing if they do.
    void freeze();

    /// Lets them go on, within milliseconds. Does nothing if they run.
    void thaw();

    /// What a checkpoint could not save at this moment; empty means that one may be tried.
    List<Obstacle> preflight(CheckpointOptions options);

    /// Saves its state to a new folder. Whatever fails, it goes on as if nothing had been asked.
    default CheckpointImage checkpoint(Path folder, CheckpointOptions options) {
        return checkpoint(folder, options, Cut.NOTHING);
    }

    /// Saves its state to a new folder, and that of something else at the same moment. Whatever fails, it
    /// goes on as if nothing had been asked.
    CheckpointImage checkpoint(Path folder, CheckpointOptions options, Cut cut);
}
