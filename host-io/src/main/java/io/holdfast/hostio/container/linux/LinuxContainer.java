package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.cgroup.Cgroup;
import io.holdfast.hostio.checkpoint.Preflight;
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
import io.holdfast.hostio.container.Member;
import io.holdfast.hostio.container.Obstacle;
import io.holdfast.hostio.network.ContainerNetwork;
import io.holdfast.hostio.process.ProcessExit;
import io.holdfast.hostio.process.ProcessOutcome;
import io.holdfast.hostio.runc.MountPlan;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A container whose first process was seen alive. Its operations happen one after the other, under its
/// lock; what it is may be looked at at any time.
final class LinuxContainer implements Container {
    private static final Logger LOG = LoggerFactory.getLogger(LinuxContainer.class);
    private static final Duration FREEZE_MAX = Duration.ofSeconds(5);
    private static final Duration LOG_END_MAX = Duration.ofSeconds(2);

    /// Marks a container that is to stand still, for the next node.
    private static final String FROZEN_MARK = "frozen";

    private final ReentrantLock lock = new ReentrantLock();

    /// Shared by further commands while they run, and had alone while the container is saved: what such a
    /// command holds open leads outside. Taken before the lock.
    private final ReentrantReadWriteLock visits = new ReentrantReadWriteLock();
    private final Host host;
    private final ContainerFolder folder;
    private final Cgroup cgroup;
    private final ContainerNetwork network;
    private final ContainerLogs logs;
    private final CompletableFuture<ContainerExit> ended = new CompletableFuture<>();
    private volatile ContainerRecord record;
    private volatile boolean isStopRequested;
    private volatile @Nullable Filling filling;
    private boolean hasPendingHooks;

    LinuxContainer(Host host, ContainerRecord record, ContainerLogs logs) {
        this.host = host;
        this.record = record;
        this.logs = logs;
        this.folder = host.folder(record.spec().id());
        this.cgroup = host.cgroup(record.spec().id());
        this.network = host.networks().find(Math.max(record.network(), 1));
        record.life().flatMap(ContainerRecord.Life::exit).ifPresent(ended::complete);
    }

    @Override
    public ContainerId id() {
        return record.spec().id();
    }

    @Override
    public ContainerSpec spec() {
        return record.spec();
    }

    @Override
    public ContainerState state() {
        if (ended.isDone()) {
            return ContainerState.ENDED;
        }
        return isMarkedFrozen() ? ContainerState.FROZEN : ContainerState.RUNNING;
    }

    @Override
    public InetAddress address() {
        return network.inetAddress();
    }

    @Override
    public Instant startedAt() {
        return record.origin().startedAt();
    }

    @Override
    public int restoreCount() {
        return record.origin().restoreCount();
    }

    @Override
    public Optional<ContainerExit> exit() {
        return Optional.ofNullable(ended.getNow(null));
    }

    @Override
    public Optional<ContainerExit> awaitExit(Duration deadline) {
        try {
            return Optional.of(ended.get(deadline.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException alive) {
            return Optional.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("an end is never a failure", impossible);
        }
    }

    @Override
    public ContainerLog log() {
        return logs.shown();
    }

    @Override
    public ContainerLog log(String member) {
        return logs.of(member);
    }

    @Override
    public ContainerUsage usage() {
        try {
            return new ContainerUsage(
                    cgroup.memoryBytes(), cgroup.cpuNanos(), cgroup.processes().size());
        } catch (IOException gone) {
            return new ContainerUsage(0, 0, 0);
        }
    }

    @Override
    public ContainerMemory memory() {
        try {
            return MemoryAccount.of(cgroup.processes());
        } catch (IOException gone) {
            return ContainerMemory.NONE;
        }
    }

    @Override
    public ProcessOutcome exec(List<String> command, Duration deadline) {
        return visiting(execution -> execution.run(command, deadline));
    }

    @Override
    public ProcessOutcome exec(String name, List<String> command, Duration deadline) {
        Member member = spec().member(name).orElseThrow(() -> ContainerLogs.unknown(spec(), name));
        return visiting(execution -> execution.run(member, command, deadline));
    }

    /// Whoever has a container stand still or end does not wait for a command in it.
    private ProcessOutcome visiting(Visit visit) {
        visits.readLock().lock();
        try {
            Execution execution = locked(() -> {
                requireRunning();
                Execution prepared = new Execution(host, record, network);
                prepared.prepare();
                return prepared;
            });
            return attempted(() -> visit.run(execution));
        } finally {
            visits.readLock().unlock();
        }
    }

    /// A further command.
    @FunctionalInterface
    private interface Visit {
        ProcessOutcome run(Execution execution) throws IOException, InterruptedException;
    }

    @Override
    public ContainerExit stop(Duration grace) {
        isStopRequested = true;
        if (exit().isEmpty()) {
            thawForEnd();
            record.life().ifPresent(life -> life.process().terminate());
            if (awaitExit(grace).isEmpty()) {
                killAll();
            }
        }
        return awaitExit(FREEZE_MAX.plus(LOG_END_MAX)).orElseThrow(() -> new ContainerException(
                Kind.FAILED, "it does not end: container=" + id()));
    }

    private void thawForEnd() {
        try {
            cgroup.thaw();
        } catch (IOException gone) {
            LOG.debug("nothing to thaw: container={} cause={}", id(), gone.getMessage());
        }
    }

    private void killAll() {
        try {
            cgroup.kill(FREEZE_MAX);
        } catch (IOException failure) {
            throw new ContainerException(Kind.FAILED, "cannot be ended: container=" + id(), failure);
        }
    }

    @Override
    public void freeze() {
        locked(() -> {
            requireAlive();
            if (!isMarkedFrozen()) {
                stall();
                markFrozen();
            }
            return record;
        });
    }

    @Override
    public void thaw() {
        locked(() -> {
            requireAlive();
            if (isMarkedFrozen()) {
                cgroup.thaw();
                Files.deleteIfExists(frozenMark());
                if (hasPendingHooks) {
                    hasPendingHooks = false;
                    runHooksAfterRestore();
                }
            }
            return record;
        });
    }

    /// A copy that was restored frozen is told so when it goes on.
    void postponeHooks() throws IOException {
        hasPendingHooks = true;
        markFrozen();
    }

    /// Its memory comes while it runs.
    void fillWith(Filling begun) {
        filling = begun;
        begun.watch();
    }

    /// Waits until all its memory is there, without which it cannot be saved.
    void awaitMemory(Duration deadline) throws IOException, InterruptedException {
        Filling last = filling;
        if (last != null && !last.awaitEnd(deadline)) {
            throw new IOException("its memory has not come whole in time: container=" + id()
                    + " deadlineMillis=" + deadline.toMillis());
        }
    }

    void runHooksAfterRestore() throws IOException, InterruptedException {
        new HookCalls(spec().id(), told(), address()).run(spec().program().hooks().afterRestore());
    }

    private void stall() throws IOException {
        if (!cgroup.freeze(FREEZE_MAX)) {
            throw new IOException("it cannot be made to stand still: container=" + id() + " deadlineMillis="
                    + FREEZE_MAX.toMillis());
        }
    }

    @Override
    public List<Obstacle> preflight(CheckpointOptions options) {
        return unvisited(() -> locked(() -> {
            requireAlive();
            return obstacles(options);
        }));
    }

    @Override
    public CheckpointImage checkpoint(Path target, CheckpointOptions options, Cut cut) {
        CheckpointImage image = unvisited(() -> locked(() -> {
            requireAlive();
            return new Capture(host, this, target, options, cut).run();
        }));
        if (options.after() == CheckpointOptions.After.END) {
            awaitRelease();
        }
        return image;
    }

    List<Obstacle> obstacles(CheckpointOptions options) throws IOException {
        Set<String> mountPoints = new HashSet<>();
        MountPlan plan = new Resources(host, spec()).plan();
        plan.mounts().forEach(mount -> mountPoints.add(mount.destination()));
        spec().members().forEach(member ->
                plan.within(member).forEach(mount -> mountPoints.add(mount.destination())));
        return new Preflight(options.keepsConnections(), mountPoints).examine(cgroup.processes());
    }

    ContainerRecord record() {
        return record;
    }

    ContainerFolder folder() {
        return folder;
    }

    Cgroup cgroup() {
        return cgroup;
    }

    long pid() {
        return record.life().orElseThrow().process().pid();
    }

    /// Those that are told what concerns the container: its first process, or those of its members.
    List<Long> told() throws IOException {
        return spec().isGroup()
                ? MemberProcesses.find(cgroup.processes(), spec().members().size())
                : List.of(pid());
    }

    boolean isMarkedFrozen() {
        return Files.exists(frozenMark());
    }

    private Path frozenMark() {
        return folder.path().resolve(FROZEN_MARK);
    }

    void requestStop() {
        isStopRequested = true;
    }

    void markFrozen() throws IOException {
        if (!isMarkedFrozen()) {
            Files.createFile(frozenMark());
        }
    }

    /// Ends all its processes and waits for what follows; the caller holds its lock.
    void endNow() {
        killAll();
    }

    /// Called once, when its first process has ended: takes everything back but the record and the log.
    void onProcessEnded(Optional<ProcessExit> how) {
        lock.lock();
        try {
            boolean isOutOfMemory = killedByMemoryLimit();
            killRest();
            Filling last = filling;
            if (last != null) {
                last.end();
            }
            boolean isLogComplete = logs.awaitComplete(LOG_END_MAX);
            ContainerExit exit = logs.memberEnd()
                    .map(end -> new ContainerExit(
                            Optional.of(end.how()), isOutOfMemory, isStopRequested, Instant.now(),
                            Optional.of(spec().members().get(end.index()).name())))
                    .orElseGet(() -> new ContainerExit(how, isOutOfMemory, isStopRequested, Instant.now()));
            ContainerRecord before = record;
            release(before, exit);
            LOG.info("container ended: container={} how={} logComplete={}", id(), exit.explained(),
                    isLogComplete);
            ended.complete(exit);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private boolean killedByMemoryLimit() {
        try {
            return cgroup.memoryKillCount() > 0;
        } catch (IOException gone) {
            return false;
        }
    }

    private void killRest() {
        try {
            cgroup.kill(FREEZE_MAX);
        } catch (IOException failure) {
            LOG.warn("processes of an ended container may be left: container={}", id(), failure);
        }
    }

    private void release(ContainerRecord before, ContainerExit exit) throws InterruptedException {
        try {
            Files.deleteIfExists(frozenMark());
            new Resources(host, before.spec()).release(before.network());
            record = before.ended(exit);
            record.write(folder.record());
        } catch (IOException failure) {
            LOG.warn("not all of an ended container is taken back: container={}", id(), failure);
            record = before.ended(exit);
        }
    }

    /// Waits until what it had is taken back; it was killed already.
    void awaitRelease() {
        awaitExit(FREEZE_MAX.plus(LOG_END_MAX));
    }

    void requireAlive() {
        exit().ifPresent(exit -> {
            throw new ContainerException(
                    Kind.WRONG_STATE, "it has ended: container=" + id() + " exit=" + exit.explained());
        });
    }

    private void requireRunning() {
        requireAlive();
        if (isMarkedFrozen()) {
            throw new ContainerException(Kind.WRONG_STATE, "it stands frozen: container=" + id());
        }
    }

    /// Keeps everybody else from changing it, and commands from running in it.
    void lockAlone() {
        visits.writeLock().lock();
        lock.lock();
    }

    void unlockAlone() {
        lock.unlock();
        visits.writeLock().unlock();
    }

    private <T> T unvisited(Supplier<T> operation) {
        visits.writeLock().lock();
        try {
            return operation.get();
        } finally {
            visits.writeLock().unlock();
        }
    }

    private <T> T locked(Operation<T> operation) {
        lock.lock();
        try {
            return attempted(operation);
        } finally {
            lock.unlock();
        }
    }

    /// With every failure in the words of this package.
    private <T> T attempted(Operation<T> operation) {
        try {
            return operation.run();
        } catch (IOException failure) {
            throw new ContainerException(
                    Kind.FAILED, failure.getMessage() + " container=" + id(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ContainerException(Kind.FAILED, "interrupted: container=" + id(), interrupted);
        }
    }

    /// What may fail.
    @FunctionalInterface
    private interface Operation<T> {
        T run() throws IOException, InterruptedException;
    }
}
