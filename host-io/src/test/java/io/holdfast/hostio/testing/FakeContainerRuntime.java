package io.holdfast.hostio.testing;

import io.holdfast.hostio.container.CheckpointImage;
import io.holdfast.hostio.container.CheckpointOptions;
import io.holdfast.hostio.container.CompatibilityClass;
import io.holdfast.hostio.container.Container;
import io.holdfast.hostio.container.ContainerException;
import io.holdfast.hostio.container.ContainerException.Kind;
import io.holdfast.hostio.container.ContainerId;
import io.holdfast.hostio.container.ContainerMemory;
import io.holdfast.hostio.container.ContainerRuntime;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.container.HostCapabilities;
import io.holdfast.hostio.container.RestoreRequest;
import io.holdfast.hostio.container.RootFileSystem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.UnaryOperator;

/// Containers that exist in memory only: each runs a [SimulatedProgram] chosen by its specification.
/// Checkpoints are real folders, with the program's state in them. Passes the contract of the real runtime.
public final class FakeContainerRuntime implements ContainerRuntime {
    private final Map<ContainerId, FakeContainer> containers = new ConcurrentSkipListMap<>();
    private final SimulatedProgram.Source programs;
    private final CompatibilityClass compatibility;
    private final Map<ContainerId, String> circles = new ConcurrentSkipListMap<>();
    private volatile UnaryOperator<String> nextFailure = operation -> "";
    private volatile ContainerMemory memoryOfEach = new ContainerMemory(1 << 20, 1 << 20, 0);

    public FakeContainerRuntime(SimulatedProgram.Source programs) {
        this(programs, "fake-processor");
    }

    /// Of a machine with this processor: it takes no checkpoints from others.
    public FakeContainerRuntime(SimulatedProgram.Source programs, String processor) {
        this.programs = programs;
        this.compatibility = new CompatibilityClass("fake-kernel", processor, "fake-tool", "any");
    }

    /// Decides per operation (`start`, `restore`, `checkpoint`) whether it fails: with the text answered, or
    /// not if that is empty.
    public void failWhen(UnaryOperator<String> decision) {
        nextFailure = decision;
    }

    /// Lets each container that lives cost this from now on.
    public void letEachCost(ContainerMemory memory) {
        memoryOfEach = memory;
    }

    ContainerMemory memoryOfEach() {
        return memoryOfEach;
    }

    /// With whom a container was to share memory.
    public Optional<String> circleOf(ContainerId id) {
        return Optional.ofNullable(circles.get(id));
    }

    @Override
    public HostCapabilities capabilities() {
        return new HostCapabilities(true, true, Optional.of(compatibility), true, List.of());
    }

    @Override
    public Container start(ContainerSpec spec) {
        failIfWanted("start");
        SimulatedProgram program = programs.start(spec, new byte[0]);
        return admit(new FakeContainer(this, spec, program, 0, false));
    }

    @Override
    public Container restore(RestoreRequest request) {
        failIfWanted("restore");
        FakeImage image = FakeImage.read(request.folder());
        if (!image.image().manifestDigest().equals(request.manifestDigest())) {
            throw new ContainerException(Kind.IMAGE_CORRUPT, "not the manifest asked for: folder="
                    + request.folder() + " expected=" + request.manifestDigest());
        }
        ContainerSpec spec = request.spec();
        CompatibilityClass needed = compatibility.forRoot(spec.root().digest());
        if (!image.image().compatibility().equals(needed)
                || !image.command().equals(spec.program().command())) {
            throw new ContainerException(Kind.IMAGE_UNFIT, "made elsewhere or of something else: image="
                    + image.image().compatibility().key() + " here=" + needed.key());
        }
        if (!request.permission().getAsBoolean()) {
            throw new ContainerException(Kind.WRONG_STATE, "it may not go on: container=" + spec.id());
        }
        SimulatedProgram program = programs.start(spec, image.state());
        request.circle().ifPresent(circle -> circles.put(spec.id(), circle));
        return admit(new FakeContainer(this, spec, program, image.restoreCount() + 1, request.staysFrozen()));
    }

    private Container admit(FakeContainer container) {
        if (containers.putIfAbsent(container.id(), container) != null) {
            throw new ContainerException(
                    Kind.WRONG_STATE, "there is one already: container=" + container.id());
        }
        return container;
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
        FakeContainer container = containers.remove(id);
        if (container != null) {
            container.end();
        }
    }

    @Override
    public Map<ContainerId, CheckpointImage> checkpointTogether(
            Map<ContainerId, Path> folders, CheckpointOptions options) {
        List<FakeContainer> members = new ArrayList<>();
        for (ContainerId id : folders.keySet()) {
            members.add(Optional.ofNullable(containers.get(id)).orElseThrow(() -> new ContainerException(
                    Kind.WRONG_STATE, "no such container: container=" + id)));
        }
        Map<ContainerId, CheckpointImage> images = new LinkedHashMap<>();
        members.forEach(member ->
                images.put(member.id(), member.checkpoint(folders.get(member.id()), options)));
        return images;
    }

    @Override
    public CheckpointImage inspect(Path folder) {
        return FakeImage.read(folder).image();
    }

    @Override
    public void prepare(RootFileSystem root, int count) {
        // There is nothing slow that could be made ready.
    }

    @Override
    public void close() {
        // The containers go on, as those of the real runtime do.
    }

    void failIfWanted(String operation) {
        String reason = nextFailure.apply(operation);
        if (!reason.isEmpty()) {
            throw new ContainerException(Kind.FAILED, reason);
        }
    }

    CompatibilityClass compatibility() {
        return compatibility;
    }
}
