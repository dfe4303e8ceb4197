package io.holdfast.node.volume;

import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.hostio.process.CommandNotFoundException;
import io.holdfast.hostio.process.DetachedProcess;
import io.holdfast.hostio.process.ProcessOutcome;
import io.holdfast.hostio.process.ProcessRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Volumes as devices of this host: nbdfuse shows the export as a file, and a loop device stands on that.
/// For kernels without a driver for network block devices; needs FUSE, loop devices and root. Concurrent,
/// one change at a time.
///
/// ```
/// DIR/NAME/nbd    the file that nbdfuse shows
/// DIR/NAME.pid    nbdfuse itself
/// DIR/NAME.loop   the loop device on its file
/// DIR/NAME.log    what it says
/// ```
public final class HostAttachments implements Attachments {
    private static final Logger LOG = LoggerFactory.getLogger(HostAttachments.class);
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final String PID = ".pid";
    private static final String FILE = "nbd";
    /// What the kernel says where a device's file was, once its file system is gone.
    private static final Set<String> GONE = Set.of("/" + FILE, "/" + FILE + " (deleted)");

    private final Path directory;
    private final Path socket;
    private final ReentrantLock lock = new ReentrantLock();
    /// Attached since this node was started; guarded by the lock. What an earlier one attached is dead.
    private final Set<String> made = new HashSet<>();
    /// What could not be swept, so that it is said once; guarded by the lock.
    private final Set<String> told = new HashSet<>();

    /// @param directory where mount points are made
    /// @param socket of this node's server of network block devices
    public HostAttachments(Path directory, Path socket) {
        this.directory = directory;
        this.socket = socket;
    }

    @Override
    public String attach(String volume) {
        lock.lock();
        try {
            Path file = directory.resolve(volume).resolve(FILE);
            Optional<String> known = loopOf(volume);
            boolean isAlive = made.contains(volume) && process(volume).isPresent();
            if (known.isPresent() && isAlive) {
                return known.get();
            }
            if (known.isPresent()) {
                requireUnused(known.get());
            }
            clear(volume);
            return start(volume, file);
        } catch (CommandNotFoundException missing) {
            throw refused("this host lacks a program: " + missing.getMessage(),
                    "install libnbd-bin and mount; see 'holdfast doctor'");
        } catch (IOException failure) {
            throw refused("the volume cannot be attached: " + failure.getMessage(), "see 'holdfast doctor'");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw refused("this node is stopping", "");
        } finally {
            lock.unlock();
        }
    }

    private String start(String volume, Path file) throws IOException, InterruptedException {
        Path mount = directory.resolve(volume);
        Files.createDirectories(mount);
        DetachedProcess process = DetachedProcess.start(
                List.of("nbdfuse", mount.toString(), "nbd+unix:///" + volume + "?socket=" + socket),
                Map.of(),
                directory,
                directory.resolve(volume + ".log"));
        process.writePidFile(pidFile(volume));
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.exists(file)) {
            if (!process.isAlive() || System.nanoTime() - end > 0) {
                String said = Files.readString(directory.resolve(volume + ".log")).strip();
                clear(volume);
                throw new IOException("nbdfuse shows no file: said=" + said);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        ProcessOutcome outcome =
                ProcessRun.of("losetup", "--find", "--show", file.toString()).withDeadline(PATIENCE).run();
        if (!outcome.isSuccess()) {
            clear(volume);
            throw new IOException("no loop device: " + outcome.explained());
        }
        String device = outcome.output().strip();
        Files.writeString(loopFile(volume), device);
        made.add(volume);
        LOG.info("volumes: attached volume={} device={}", volume, device);
        return device;
    }

    @Override
    public void detach(String volume) {
        lock.lock();
        try {
            Optional<String> device = loopOf(volume);
            if (device.isPresent()) {
                requireUnused(device.get());
                run("blockdev", "--flushbufs", device.get());
                run("losetup", "--detach", device.get());
            }
            clear(volume);
            made.remove(volume);
            LOG.info("volumes: detached volume={} device={}", volume, device.orElse("none"));
        } catch (IOException failure) {
            throw refused("the volume cannot be detached: " + failure.getMessage(), "");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw refused("this node is stopping", "");
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void sweep(Predicate<String> isKept) {
        lock.lock();
        try {
            for (String volume : leftover()) {
                if (!made.contains(volume) && !isKept.test(volume)) {
                    sweep(volume);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void sweep(String volume) throws InterruptedException {
        try {
            Optional<String> device = loopOf(volume);
            if (device.isPresent() && mountOf(device.get()).isPresent()) {
                return;
            }
            clear(volume);
            told.remove(volume);
            LOG.info("volumes: a dead device was taken away: volume={} device={}", volume,
                    device.orElse("none"));
        } catch (IOException failure) {
            if (told.add(volume)) {
                LOG.warn("volumes: what is left of a device stays: volume={} reason={}", volume,
                        failure.getMessage());
            }
        }
    }

    /// Volumes of which something is left, or there.
    private List<String> leftover() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(PID))
                    .map(name -> name.substring(0, name.length() - PID.length()))
                    .toList();
        }
    }

    /// The kernel keeps a detached loop device until its last user is gone; a mounted one would go on as if
    /// nothing had happened.
    private static void requireUnused(String device) throws IOException {
        Optional<String> mount = mountOf(device);
        if (mount.isPresent()) {
            throw new VolumeRefusedException(
                    RefusalCode.IN_USE,
                    "the device is mounted: device=" + device + " mount=" + mount.get(),
                    "unmount it first");
        }
    }

    private static Optional<String> mountOf(String device) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                .filter(line -> line.startsWith(device + " ") || line.startsWith(device + "p"))
                .map(line -> line.split(" ", 3)[1])
                .findFirst();
    }

    /// Ends what an earlier attachment left behind.
    private void clear(String volume) throws IOException, InterruptedException {
        Path mount = directory.resolve(volume);
        Optional<String> device = loopOf(volume);
        if (device.isPresent()) {
            run("losetup", "--detach", device.get());
        }
        if (isMounted(mount)) {
            run("fusermount3", "-u", "-z", mount.toString());
        }
        Optional<DetachedProcess> process = process(volume);
        if (process.isPresent() && !process.get().awaitExit(PATIENCE)) {
            process.get().kill();
        }
        Files.deleteIfExists(mount);
        Files.deleteIfExists(loopFile(volume));
        Files.deleteIfExists(pidFile(volume));
    }

    private static boolean isMounted(Path mount) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                .anyMatch(line -> line.contains(" " + mount + " "));
    }

    private Optional<DetachedProcess> process(String volume) {
        return DetachedProcess.readPidFile(pidFile(volume)).filter(DetachedProcess::isAlive);
    }

    private Path pidFile(String volume) {
        return directory.resolve(volume + PID);
    }

    private Path loopFile(String volume) {
        return directory.resolve(volume + ".loop");
    }

    /// The volume's device. One whose file system in user space is gone is not found by its file any more,
    /// but by its name, unless this host was started since or that is somebody else's by now.
    private Optional<String> loopOf(String volume) throws IOException, InterruptedException {
        Optional<String> known = loopOf(directory.resolve(volume).resolve(FILE));
        if (known.isPresent() || !Files.exists(loopFile(volume)) || !isOfThisBoot(volume)) {
            return known;
        }
        Path device = Path.of(Files.readString(loopFile(volume)).strip());
        Path backing = Path.of("/sys/block", device.getFileName().toString(), "loop", "backing_file");
        return Files.exists(backing) && GONE.contains(Files.readString(backing).strip())
                ? Optional.of(device.toString())
                : Optional.empty();
    }

    private boolean isOfThisBoot(String volume) {
        Optional<String> now =
                DetachedProcess.find(ProcessHandle.current().pid()).map(DetachedProcess::bootId);
        return now.isPresent()
                && DetachedProcess.readPidFile(pidFile(volume)).map(DetachedProcess::bootId).equals(now);
    }

    private static Optional<String> loopOf(Path file) throws IOException, InterruptedException {
        ProcessOutcome outcome = ProcessRun.of("losetup", "--noheadings", "--output", "NAME", "--associated",
                file.toString()).withDeadline(PATIENCE).run();
        return outcome.output().lines().map(String::strip).filter(line -> !line.isEmpty()).findFirst();
    }

    private static void run(String... command) throws IOException, InterruptedException {
        ProcessOutcome outcome = ProcessRun.of(command).withDeadline(PATIENCE).run();
        if (!outcome.isSuccess()) {
            throw new IOException(outcome.explained());
        }
    }

    private static VolumeRefusedException refused(String message, String hint) {
        return new VolumeRefusedException(RefusalCode.FORBIDDEN_STATE, message, hint);
    }
}
