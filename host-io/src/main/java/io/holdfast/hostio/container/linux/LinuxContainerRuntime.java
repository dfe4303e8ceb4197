package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.checkpoint.ImageFolder;
import io.holdfast.hostio.container.CheckpointImage;
import io.holdfast.hostio.container.CheckpointOptions;
import io.holdfast.hostio.container.Container;
import io.holdfast.hostio.container.ContainerException;
import io.holdfast.hostio.container.ContainerException.Kind;
import io.holdfast.hostio.container.ContainerId;
import io.holdfast.hostio.container.ContainerRuntime;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.container.ContainerState;
import io.holdfast.hostio.container.HostCapabilities;
import io.holdfast.hostio.container.RestoreRequest;
import io.holdfast.hostio.container.RootFileSystem;
import io.holdfast.hostio.mount.Mounts;
import io.holdfast.hostio.mount.OwnedFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The real container runtime. Concurrent.
public final class LinuxContainerRuntime implements ContainerRuntime {
    private static final Logger LOG = LoggerFactory.getLogger(LinuxContainerRuntime.class);

    private final Host host;
    private final Map<ContainerId, LinuxContainer> containers = new ConcurrentSkipListMap<>();

    /// Names between being asked for and being there.
    private final Set<ContainerId> claimed = ConcurrentHashMap.newKeySet();

    private final MemoryCircle circle = new MemoryCircle();

    private volatile boolean isClosed;

    LinuxContainerRuntime(Host host) {
        this.host = host;
    }

    /// Opens a state folder: finds its containers and removes what was left half-made.
    public static LinuxContainerRuntime open(RuntimeOptions options) {
        return RuntimeStart.open(options);
    }

    Host host() {
        return host;
    }

    void admit(LinuxContainer container) {
        containers.put(container.id(), container);
        if (container.exit().isEmpty()) {
            container.record().origin().circle().ifPresent(name -> circle.keep(container.id(), name));
            ExitWatch.start(container, () -> isClosed);
        }
    }

    WorkingSets workingSets() {
        return host.workingSets();
    }

    @Override
    public HostCapabilities capabilities() {
        return host.capabilities();
    }

    @Override
    public Container start(ContainerSpec spec) {
        requireRunnable(spec);
        return claim(spec.id(), () -> new Launch(host, spec).run());
    }

    @Override
    public Container restore(RestoreRequest request) {
        requireRunnable(request.spec());
        if (request.spec().isGroup() && request.way() == RestoreRequest.Way.CAREFUL) {
            throw new ContainerException(
                    Kind.UNSUPPORTED, "what has members is restored the fast way alone: container="
                            + request.spec().id());
        }
        Thread.ofVirtual().name("cgroups").start(this::expectMoves);
        ImageFolder.Verified image = host.images().open(request.folder(), request.manifestDigest());
        new Fitness(host.capabilities()).require(request.spec(), image.manifest());
        return claim(request.spec().id(), () -> new Revival(host, sharing(request), image).run());
    }

    private void expectMoves() {
        try {
            host.cgroups().expectMoves();
        } catch (IOException unable) {
            LOG.debug("the next move into a cgroup will take longer: reason={}", unable.getMessage());
        }
    }

    /// The same request, without a circle if it cannot be in one.
    private RestoreRequest sharing(RestoreRequest request) {
        return request.sharing(request.circle().filter(name ->
                host.canShareMemory() && circle.join(request.spec().id(), name, this::isThere)));
    }

    private boolean isThere(ContainerId id) {
        return claimed.contains(id) || find(id).filter(found -> found.exit().isEmpty()).isPresent();
    }

    private void requireRunnable(ContainerSpec spec) {
        if (!host.capabilities().canRun()) {
            throw new ContainerException(
                    Kind.UNSUPPORTED, "this machine runs no containers: " + host.capabilities().missing());
        }
        SpecRules.require(spec);
    }

    private LinuxContainer claim(ContainerId id, Making making) {
        if (!claimed.add(id)) {
            throw new ContainerException(Kind.WRONG_STATE, "it is being made: container=" + id);
        }
        try {
            if (containers.containsKey(id)) {
                throw new ContainerException(Kind.WRONG_STATE, "there is one already: container=" + id);
            }
            LinuxContainer made = making.run();
            admit(made);
            return made;
        } catch (IOException failure) {
            throw new ContainerException(Kind.FAILED, failure.getMessage() + " container=" + id, failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ContainerException(Kind.FAILED, "interrupted: container=" + id, interrupted);
        } finally {
            claimed.remove(id);
        }
    }

    /// What makes a container.
    @FunctionalInterface
    private interface Making {
        LinuxContainer run() throws IOException, InterruptedException;
    }

    @Override
    public List<Container> containers() {
        return List.copyOf(containers.values());
    }

    @Override
    public Optional<Container> find(ContainerId id) {
        return Optional.ofNullable(containers.get(id));
    }

    @Override
    public void remove(ContainerId id) {
        LinuxContainer container = containers.get(id);
        if (container == null) {
            return;
        }
        container.stop(java.time.Duration.ZERO);
        try {
            new Resources(host, container.spec()).forget();
            containers.remove(id);
        } catch (IOException failure) {
            throw new ContainerException(Kind.FAILED, failure.getMessage() + " container=" + id, failure);
        }
        host.layers().trim(layersInUse());
    }

    private Set<Path> layersInUse() {
        return containers.values().stream()
                .filter(container -> container.state() != ContainerState.ENDED)
                .flatMap(container -> container.record().layers().stream())
                .collect(Collectors.toSet());
    }

    /// Deletes the layers that a former runtime has unpacked for containers that run no more.
    void forgetFormerLayers() throws IOException {
        host.layers().keepOnly(layersInUse());
    }

    @Override
    public Map<ContainerId, CheckpointImage> checkpointTogether(
            Map<ContainerId, Path> folders, CheckpointOptions options) {
        Map<LinuxContainer, Path> members = new LinkedHashMap<>();
        folders.keySet().stream().sorted().forEach(id -> members.put(
                Optional.ofNullable(containers.get(id)).orElseThrow(() -> new ContainerException(
                        Kind.WRONG_STATE, "no such container: container=" + id)),
                folders.get(id)));
        return new GroupCapture(host, members, options).run();
    }

    @Override
    public CheckpointImage inspect(Path folder) {
        return host.images().open(folder).image();
    }

    @Override
    public void prepare(RootFileSystem root, int count) {
        try {
            host.networks().fill();
        } catch (IOException failure) {
            throw new ContainerException(Kind.FAILED, "no networks can be made ready", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        boolean isInUse = !containers.isEmpty();
        isClosed = true;
        host.networks().close();
        if (!isInUse) {
            releaseFolders();
        }
    }

    /// Unmounts what containers share, so that the folder can be deleted like any other.
    private void releaseFolders() {
        try {
            Mounts.unmountBelow(host.state());
        } catch (IOException failure) {
            LOG.warn("mounts are left: folder={} reason={}", host.state(), failure.getMessage());
        }
    }

    /// Ends every container and takes back all that belongs to the state folder, the folder included.
    public void erase() {
        containers().forEach(container -> remove(container.id()));
        try {
            Failures failures = new Failures();
            failures.attempt(host.networks()::destroyBridge);
            failures.attempt(host.toolCgroup()::remove);
            failures.attempt(host.cgroups().at(Host.cgroupParent(host.state()))::remove);
            failures.attempt(new OwnedFolder(host.state())::delete);
            failures.throwFirst();
        } catch (IOException failure) {
            throw new ContainerException(
                    Kind.FAILED, "not all is taken back: folder=" + host.state(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
