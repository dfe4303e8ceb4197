package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.checkpoint.Criu;
import io.holdfast.hostio.checkpoint.ImageManifest;
import io.holdfast.hostio.container.CheckpointImage;
import io.holdfast.hostio.container.CheckpointOptions;
import io.holdfast.hostio.container.Container;
import io.holdfast.hostio.container.ContainerId;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.container.RestoreRequest;
import io.holdfast.hostio.nativeaccess.Descriptor;
import io.holdfast.hostio.network.ContainerNetwork;
import io.holdfast.hostio.process.InheritingProcess;
import io.holdfast.hostio.process.ProcessExit;
import io.holdfast.hostio.runc.MountPlan;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/// A service restored without Holdfast, for comparison: one command line of CRIU or runc, everything else
/// (network, root, mounts, bundle) prepared beforehand and not timed. Confined.
public final class RestoreByHand implements AutoCloseable {
    /// Requests that a service has handled before it is saved.
    public static final int WARMING_COUNT = 200;

    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final long SETTLE_NANOS = 20_000_000;

    private final LinuxContainerRuntime runtime;
    private final Host host;
    private final Function<ContainerId, ContainerSpec> specs;
    private final int port;
    private final CheckpointImage image;
    private final ImageManifest manifest;
    private int number;

    private RestoreByHand(
            LinuxContainerRuntime runtime, Function<ContainerId, ContainerSpec> specs, int port, Path images)
            throws IOException {
        this.runtime = runtime;
        this.host = runtime.host();
        this.specs = specs;
        this.port = port;
        ContainerSpec spec = specs.apply(new ContainerId("by-hand"));
        Container original = runtime.start(spec);
        for (int request = 0; request <= WARMING_COUNT; request++) {
            double _ = millisToAnswer(System.nanoTime(), original.address());
        }
        this.image = original.checkpoint(images, CheckpointOptions.DEFAULT);
        runtime.remove(spec.id());
        this.manifest = host.images().open(image.folder()).manifest();
    }

    /// Starts the service once and saves it.
    ///
    /// @param folder a new one, for its state
    /// @param images a new one, for what is saved
    public static RestoreByHand of(
            Path folder, Path images, int port, Function<ContainerId, ContainerSpec> specs)
            throws IOException {
        LinuxContainerRuntime runtime = LinuxContainerRuntime.open(RuntimeOptions.in(folder));
        try {
            return new RestoreByHand(runtime, specs, port, images);
        } catch (IOException | RuntimeException failure) {
            runtime.erase();
            throw failure;
        }
    }

    public long imageBytes() {
        return image.totalBytes();
    }

    /// From CRIU's command line to the first answer.
    public double criuMillis() throws Exception {
        try (Place place = new Place()) {
            List<String> line = criuLine(place);
            long begun = System.nanoTime();
            try (Descriptor ended = LogPump.openEnded();
                    Descriptor namespace = Descriptor.openReadOnly(place.network.namespaceFile());
                    InheritingProcess criu = InheritingProcess.start(line, Map.of(
                            0, ended, 1, ended, 2, ended, 3, namespace, 4, place.pipe.second()))) {
                ProcessExit exit = criu.await(DEADLINE);
                if (!exit.isSuccess()) {
                    throw new IOException("criu " + exit.explained() + Criu.complaints(
                            place.folder.tool().resolve("log")));
                }
                return millisToAnswer(begun, place.network.inetAddress());
            }
        }
    }

    private List<String> criuLine(Place place) {
        List<String> line = new ArrayList<>(List.of(
                host.criu().folder().resolve("criu").toString(), "restore",
                "-D", image.folder().resolve("criu").toString(),
                "-W", place.folder.tool().toString(), "-o", "log", "-v1",
                "--root", place.folder.root().toString(), "--restore-detached", "--manage-cgroups=ignore",
                "--pidfile", place.folder.tool().resolve("pid").toString(),
                "--tcp-established", "--file-locks",
                "--inherit-fd", "fd[3]:" + Criu.NETWORK_KEY,
                "--inherit-fd", "fd[4]:" + LogPump.nameOf(manifest.origin().logPipe())));
        for (MountPlan.Planned planned : place.resources.plan().mounts()) {
            if (planned.isExternal()) {
                line.addAll(List.of(
                        "--external", "mnt[" + planned.destination() + "]:" + planned.source()));
            }
        }
        return line;
    }

    /// From the first of several `runc restore`, in a loop, until all have answered.
    public double runcMillis(int count) throws Exception {
        List<Place> places = new ArrayList<>();
        try {
            for (int each = 0; each < count; each++) {
                Place place = new Place();
                places.add(place);
                place.writeBundle();
            }
            long begun = System.nanoTime();
            for (Place place : places) {
                place.restoreWithRunc();
            }
            double last = 0;
            for (Place place : places) {
                last = millisToAnswer(begun, place.network.inetAddress());
            }
            return last;
        } finally {
            for (Place place : places) {
                place.close();
            }
        }
    }

    /// From now on until the service at an address answers.
    private double millisToAnswer(long begun, InetAddress address) {
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(address, port), 1_000);
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                if (socket.getInputStream().read() >= 0) {
                    return (System.nanoTime() - begun) / 1e6;
                }
            } catch (IOException notYet) {
                LockSupport.parkNanos(300_000);
            }
        }
    }

    @Override
    public void close() {
        runtime.erase();
    }

    /// What one restored container stands in.
    private final class Place implements AutoCloseable {
        private final ContainerSpec spec = specs.apply(new ContainerId("by-hand-" + number++));
        private final Resources resources = new Resources(host, spec);
        private final ContainerFolder folder = host.folder(spec.id());
        private final ContainerNetwork network;
        private final Descriptor.Pair pipe;

        Place() throws IOException, InterruptedException {
            network = host.networks().take();
            resources.mount(host.layers().unpack(image.folder(), manifest));
            resources.furnish(network, 1);
            pipe = LogPump.openPipe();
        }

        void writeBundle() throws IOException {
            resources.writeBundle(network);
        }

        void restoreWithRunc() throws IOException {
            try (Descriptor images = Descriptor.openPlace(image.folder().resolve("criu"), true)) {
                Path path = Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + images.number());
                long _ = new RuncCall(host, folder)
                        .restore(path, pipe.second(), RestoreRequest.of(spec, image));
            }
        }

        @Override
        public void close() throws IOException {
            Path pidFile = folder.tool().resolve("pid");
            if (Files.exists(pidFile)) {
                ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip()))
                        .ifPresent(ProcessHandle::destroyForcibly);
            }
            LockSupport.parkNanos(SETTLE_NANOS);
            pipe.close();
            try {
                resources.release(network.number());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            resources.forget();
        }
    }
}
