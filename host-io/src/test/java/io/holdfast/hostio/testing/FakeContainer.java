package io.holdfast.hostio.testing;

import io.holdfast.hostio.container.CheckpointImage;
import io.holdfast.hostio.container.CheckpointOptions;
import io.holdfast.hostio.container.Container;
import io.holdfast.hostio.container.ContainerException;
import io.holdfast.hostio.container.ContainerException.Kind;
import io.holdfast.hostio.container.ContainerExit;
import io.holdfast.hostio.container.ContainerId;
import io.holdfast.hostio.container.ContainerLog;
import io.holdfast.hostio.container.ContainerMemory;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.container.ContainerState;
import io.holdfast.hostio.container.Cut;
import io.holdfast.hostio.container.ContainerUsage;
import io.holdfast.hostio.container.Obstacle;
import io.holdfast.hostio.process.ProcessExit;
import io.holdfast.hostio.process.ProcessOutcome;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// One container of [FakeContainerRuntime]. Guarded by itself.
final class FakeContainer implements Container, ContainerLog {
    private static final long POLL_NANOS = 1_000_000;

    private final FakeContainerRuntime runtime;
    private final ContainerSpec spec;
    private final SimulatedProgram program;
    private final int restoreCount;
    private final Instant startedAt = Instant.now();
    private boolean isFrozen;
    private Optional<ContainerExit> exit = Optional.empty();

    FakeContainer(FakeContainerRuntime runtime, ContainerSpec spec, SimulatedProgram program,
            int restoreCount,
            boolean isFrozen) {
        this.runtime = runtime;
        this.spec = spec;
        this.program = program;
        this.restoreCount = restoreCount;
        this.isFrozen = isFrozen;
        program.freeze(isFrozen);
    }

    @Override
    public ContainerId id() {
        return spec.id();
    }

    @Override
    public ContainerSpec spec() {
        return spec;
    }

    @Override
    public synchronized ContainerState state() {
        if (exit().isPresent()) {
            return ContainerState.ENDED;
        }
        return isFrozen ? ContainerState.FROZEN : ContainerState.RUNNING;
    }

    @Override
    public InetAddress address() {
        return program.address();
    }

    @Override
    public Instant startedAt() {
        return startedAt;
    }

    @Override
    public int restoreCount() {
        return restoreCount;
    }

    @Override
    public synchronized Optional<ContainerExit> exit() {
        if (exit.isEmpty()) {
            exit = program.exit().map(how -> new ContainerExit(Optional.of(how), false, false, startedAt));
        }
        return exit;
    }

    @Override
    public Optional<ContainerExit> awaitExit(Duration deadline) {
        long end = System.nanoTime() + deadline.toNanos();
        Optional<ContainerExit> exit = exit();
        while (exit.isEmpty() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(POLL_NANOS);
            exit = exit();
        }
        return exit;
    }

    @Override
    public ContainerLog log() {
        return this;
    }

    /// All members write to one log here.
    @Override
    public ContainerLog log(String member) {
        requireMember(member);
        return this;
    }

    @Override
    public ContainerUsage usage() {
        return new ContainerUsage(1 << 20, 0, 1);
    }

    @Override
    public ContainerMemory memory() {
        return exit().isPresent() ? ContainerMemory.NONE : runtime.memoryOfEach();
    }

    @Override
    public synchronized ProcessOutcome exec(List<String> command, Duration deadline) {
        requireAlive();
        String output = String.join(" ", command) + "\n";
        return new ProcessOutcome(command, new ProcessExit.Code(0), output, "", 0, Duration.ZERO);
    }

    @Override
    public synchronized ProcessOutcome exec(String member, List<String> command, Duration deadline) {
        requireMember(member);
        return exec(command, deadline);
    }

    private void requireMember(String member) {
        if (spec.member(member).isEmpty()) {
            throw new ContainerException(
                    Kind.INVALID_REQUEST, "no such member: member=" + member + " container=" + id());
        }
    }

    @Override
    public synchronized ContainerExit stop(Duration grace) {
        if (exit().isEmpty()) {
            end();
        }
        return exit().orElseThrow();
    }

    synchronized void end() {
        program.close();
        if (exit().isEmpty()) {
            ProcessExit how = new ProcessExit.Signal(15);
            exit = Optional.of(new ContainerExit(Optional.of(how), false, true, Instant.now()));
        }
    }

    @Override
    public synchronized void freeze() {
        requireAlive();
        isFrozen = true;
        program.freeze(true);
    }

    @Override
    public synchronized void thaw() {
        requireAlive();
        isFrozen = false;
        program.freeze(false);
    }

    @Override
    public synchronized List<Obstacle> preflight(CheckpointOptions options) {
        requireAlive();
        return program.obstacle().isEmpty()
                ? List.of()
                : List.of(new Obstacle(
                        1, spec.program().command().getFirst(), 3, program.obstacle(), "close it"));
    }

    @Override
    public synchronized CheckpointImage checkpoint(Path folder, CheckpointOptions options, Cut cut) {
        runtime.failIfWanted("checkpoint");
        for (Obstacle obstacle : preflight(options)) {
            throw new ContainerException(Kind.OBSTACLES, obstacle.explained());
        }
        try {
            cut.make();
        } catch (java.io.IOException failure) {
            throw new ContainerException(Kind.FAILED, String.valueOf(failure.getMessage()), failure);
        }
        FakeImage made = FakeImage.write(
                folder,
                runtime.compatibility().forRoot(spec.root().digest()),
                spec.program().command(),
                restoreCount,
                program.save());
        switch (options.after()) {
            case GO_ON -> {}
            case STAY_FROZEN -> freeze();
            case END -> end();
        }
        return made.image();
    }

    private void requireAlive() {
        exit().ifPresent(ended -> {
            throw new ContainerException(
                    Kind.WRONG_STATE, "it has ended: container=" + id() + " exit=" + ended.explained());
        });
    }

    @Override
    public long beginOffset() {
        return 0;
    }

    @Override
    public long endOffset() {
        return written().length;
    }

    @Override
    public Chunk read(long offset, int bytesMax) {
        byte[] all = written();
        int from = Math.clamp(offset, 0, all.length);
        return new Chunk(from,
                Arrays.copyOfRange(all, from, (int) Math.min(all.length, from + (long) bytesMax)));
    }

    @Override
    public boolean awaitBeyond(long offset, Duration deadline) {
        return endOffset() > offset || exit().isPresent();
    }

    private byte[] written() {
        return program.output().getBytes(StandardCharsets.UTF_8);
    }
}
