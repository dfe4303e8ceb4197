package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.checkpoint.Criu;
import io.holdfast.hostio.checkpoint.ImageManifest;
import io.holdfast.hostio.checkpoint.MergeMarks;
import io.holdfast.hostio.checkpoint.Preflight;
import io.holdfast.hostio.container.CheckpointImage;
import io.holdfast.hostio.container.CheckpointImage.CheckpointStatistics;
import io.holdfast.hostio.container.CheckpointOptions;
import io.holdfast.hostio.container.ContainerException;
import io.holdfast.hostio.container.ContainerException.Kind;
import io.holdfast.hostio.container.Cut;
import io.holdfast.hostio.container.Obstacle;
import io.holdfast.hostio.mount.OwnedFolder;
import io.holdfast.hostio.process.ProcessRun;
import io.holdfast.hostio.runc.MountPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One checkpoint of one container, whose lock the caller holds: all stands still, memory and files are
/// saved, all goes on.
final class Capture {
    private static final Duration FREEZE_MAX = Duration.ofSeconds(5);

    /// A server that has answered closes within a scheduling round; a client that keeps it open does not.
    private static final Duration CLOSING_MAX = Duration.ofMillis(500);

    private static final long CLOSING_STEP_NANOS = 10_000_000;

    private final Host host;
    private final LinuxContainer container;
    private final Path target;
    private final CheckpointOptions options;
    private final Cut cut;
    private final long startedNanos = System.nanoTime();
    private long frozenNanos;
    private long cutNanos;
    private int processCount;

    Capture(Host host, LinuxContainer container, Path target, CheckpointOptions options, Cut cut) {
        this.host = host;
        this.container = container;
        this.target = target;
        this.options = options;
        this.cut = cut;
    }

    CheckpointImage run() throws IOException, InterruptedException {
        prepare();
        boolean isDone = false;
        try {
            tellProgram();
            freeze();
            save();
            goOn();
            CheckpointImage image = seal();
            finish();
            isDone = true;
            return image;
        } finally {
            if (!isDone) {
                undo();
            }
        }
    }

    void prepare() throws IOException, InterruptedException {
        if (host.capabilities().compatibility().isEmpty()) {
            throw new ContainerException(
                    Kind.UNSUPPORTED, "this machine makes no checkpoints: " + host.capabilities().missing());
        }
        if (Files.exists(target) || !target.isAbsolute()) {
            throw new ContainerException(
                    Kind.INVALID_REQUEST, "a checkpoint needs a new folder: folder=" + target);
        }
        int layerCount = container.record().layers().size() + 1;
        if (layerCount > ImageManifest.LAYER_COUNT_MAX) {
            // What nobody could restore must not take the place of what runs.
            throw new ContainerException(
                    Kind.OBSTACLES, "it was restored too often to be saved once more: layers=" + layerCount
                    + " layersMax=" + ImageManifest.LAYER_COUNT_MAX + " container=" + container.id());
        }
        container.awaitMemory(left());
        Files.createDirectories(target.resolve("criu"));
        Files.createDirectories(target.resolve("layers"));
    }

    void tellProgram() throws IOException, InterruptedException {
        if (!container.isMarkedFrozen()) {
            new HookCalls(container.id(), container.told(), container.address())
                    .run(container.spec().program().hooks().beforeCheckpoint());
        }
    }

    /// All stands still, at a moment when everything in it can be saved. Connections that are just being
    /// closed are given a moment.
    void freeze() throws IOException {
        long until = System.nanoTime() + CLOSING_MAX.toNanos();
        while (true) {
            frozenNanos = System.nanoTime();
            Duration within = left().compareTo(FREEZE_MAX) < 0 ? left() : FREEZE_MAX;
            if (!container.cgroup().freeze(within)) {
                throw new IOException(
                        "it cannot be made to stand still: deadlineMillis=" + within.toMillis());
            }
            List<Obstacle> obstacles = container.obstacles(options);
            boolean mayWait = !container.isMarkedFrozen() && System.nanoTime() - until < 0;
            boolean isClosing = mayWait && Preflight.holdsClosingSocket(container.cgroup().processes());
            if (obstacles.isEmpty() && !isClosing) {
                return;
            }
            if (!mayWait || !Preflight.mayPass(obstacles)) {
                throw new ContainerException(
                        Kind.OBSTACLES, "no checkpoint can be made: " + obstacles.stream()
                        .map(Obstacle::explained)
                        .collect(Collectors.joining("; ")) + " container=" + container.id());
            }
            container.cgroup().thaw();
            LockSupport.parkNanos(CLOSING_STEP_NANOS);
        }
    }

    /// Memory by CRIU, then what is to be of the same moment, then the files that its memory refers to.
    ///
    /// The cut comes after CRIU, not before: CRIU waits for what the kernel is still writing by itself for
    /// the processes (asynchronous I/O), and their memory says that it is written.
    void save() throws IOException, InterruptedException {
        host.criu().dump(
                new Criu.Dump(
                        container.pid(),
                        target.resolve("criu"),
                        container.folder().tool(),
                        externals(),
                        container.cgroup().freezerFolder()),
                left());
        makeCut();
        MergeMarks.remove(target.resolve("criu"));
        describeForRunc();
        processCount = container.cgroup().processes().size();
        int index = 0;
        pack(container.folder().upper(), target.resolve("layers").resolve(index++ + ".tar"));
        for (Path layer : container.record().layers()) {
            pack(layer, target.resolve("layers").resolve(index++ + ".tar"));
        }
        if (!isEmpty(container.folder().sharedMemory())) {
            pack(container.folder().sharedMemory(), target.resolve("shm.tar"));
        }
    }

    private void makeCut() throws IOException {
        long begun = System.nanoTime();
        cut.make();
        cutNanos = System.nanoTime() - begun;
    }

    /// The container tool wants to know which descriptors are the standard ones.
    private void describeForRunc() throws IOException {
        String pipe = LogPump.nameOf(container.record().life().orElseThrow().pipes().own());
        Files.writeString(
                target.resolve("criu").resolve("descriptors.json"),
                "[\"/dev/null\",\"" + pipe + "\",\"" + pipe + "\"]",
                StandardCharsets.UTF_8);
    }

    private List<String> externals() throws IOException {
        List<String> externals = new ArrayList<>();
        Path network = Path.of("/proc/" + container.pid() + "/ns/net");
        // The kernel writes net:[N], CRIU net[N].
        externals.add(Files.readSymbolicLink(network).toString().replace(":[", "[") + ":" + Criu.NETWORK_KEY);
        externalMounts().forEach(place -> externals.add("mnt[" + place + "]:" + place));
        return externals;
    }

    private List<String> externalMounts() {
        return new Resources(host, container.spec()).plan().mounts().stream()
                .filter(MountPlan.Planned::isExternal)
                .map(MountPlan.Planned::destination)
                .toList();
    }

    private void pack(Path folder, Path file) throws IOException, InterruptedException {
        ProcessRun.of("tar", "--create", "--file", file.toString(), "--directory", folder.toString(),
                "--xattrs",
                        "--xattrs-include=*", "--acls", "--numeric-owner", "--sparse", "--format=posix",
                        "--pax-option=delete=atime,delete=ctime", "--warning=no-file-ignored", ".")
                .withDeadline(left())
                .run()
                .orThrow();
    }

    /// Of the time that all of it may take; a cut has a deadline of its own.
    private Duration left() throws IOException {
        Duration left = options.deadline().minusNanos(System.nanoTime() - startedNanos - cutNanos);
        if (left.isNegative() || left.isZero()) {
            throw new IOException(
                    "it was not saved in time: deadlineMillis=" + options.deadline().toMillis());
        }
        return left;
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (DirectoryStream<Path> content = Files.newDirectoryStream(folder)) {
            return !content.iterator().hasNext();
        }
    }

    void goOn() throws IOException {
        if (options.after() == CheckpointOptions.After.GO_ON && !container.isMarkedFrozen()) {
            container.cgroup().thaw();
        }
        frozenNanos = System.nanoTime() - frozenNanos;
    }

    CheckpointImage seal() throws IOException {
        long memoryBytes = 0;
        try (Stream<Path> files = Files.list(target.resolve("criu"))) {
            for (Path file : files.toList()) {
                memoryBytes += file.getFileName().toString().startsWith("pages-") ? Files.size(file) : 0;
            }
        }
        ImageManifest.Origin origin = new ImageManifest.Origin(
                container.spec(),
                host.capabilities().compatibility().orElseThrow()
                        .forRoot(container.spec().root().digest()),
                Instant.now(),
                container.restoreCount(),
                container.record().life().orElseThrow().pipes().own(),
                container.record().life().orElseThrow().pipes().members(),
                options.keepsConnections());
        CheckpointStatistics statistics = new CheckpointStatistics(
                (System.nanoTime() - startedNanos) / 1_000_000, frozenNanos / 1_000_000, memoryBytes,
                        processCount);
        return host.images().seal(target, new ImageManifest(
                origin, externalMounts(), container.record().layers().size() + 1, List.of(), statistics));
    }

    void finish() throws IOException {
        switch (options.after()) {
            case GO_ON -> {}
            case STAY_FROZEN -> container.markFrozen();
            case END -> {
                container.requestStop();
                container.endNow();
            }
        }
    }

    /// The folder goes, the container goes on.
    void undo() throws IOException, InterruptedException {
        if (!new Aftermath(container.cgroup()).isWhole()) {
            container.endNow();
        } else if (!container.isMarkedFrozen() && container.cgroup().exists()) {
            container.cgroup().thaw();
        }
        new OwnedFolder(target).delete();
    }
}
