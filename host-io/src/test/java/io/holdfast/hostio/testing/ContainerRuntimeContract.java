package io.holdfast.hostio.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.container.CheckpointImage;
import io.holdfast.hostio.container.CheckpointImage.ImageFile;
import io.holdfast.hostio.container.CheckpointOptions;
import io.holdfast.hostio.container.CheckpointOptions.After;
import io.holdfast.hostio.container.Container;
import io.holdfast.hostio.container.ContainerException;
import io.holdfast.hostio.container.ContainerException.Kind;
import io.holdfast.hostio.container.ContainerExit;
import io.holdfast.hostio.container.ContainerId;
import io.holdfast.hostio.container.ContainerRuntime;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.container.ContainerState;
import io.holdfast.hostio.container.RestoreRequest;
import io.holdfast.hostio.container.RestoreRequest.Way;
import io.holdfast.hostio.process.ProcessExit;
import io.holdfast.hostio.process.ProcessOutcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What every container runtime does. A subclass says how to make one and what its containers run.
public abstract class ContainerRuntimeContract {
    private static final Duration SOON = Duration.ofSeconds(10);

    /// Where checkpoints go.
    @TempDir
    protected Path folder;

    private ContainerRuntime runtime = new FakeContainerRuntime(SimulatedProgram::shell);

    protected abstract ContainerRuntime newRuntime() throws Exception;

    /// Prints `hello` and a line end, then idles.
    protected abstract ContainerSpec greeting(ContainerId id);

    /// Ends at once with this code.
    protected abstract ContainerSpec ending(ContainerId id, int code);

    @BeforeEach
    void openRuntime() throws Exception {
        runtime = newRuntime();
    }

    @AfterEach
    void closeRuntime() {
        runtime.containers().forEach(container -> runtime.remove(container.id()));
        runtime.close();
    }

    @Test
    void startedContainerRunsAndPrints() {
        Container container = runtime.start(greeting(id("a")));
        assertEquals(ContainerState.RUNNING, container.state());
        assertEquals(0, container.restoreCount());
        assertTrue(container.log().awaitBeyond(5, SOON));
        assertEquals("hello\n", text(container));
        assertEquals(Optional.empty(), container.exit());
        assertEquals(List.of("a"), names());
    }

    @Test
    void exitIsExplained() {
        Container container = runtime.start(ending(id("a"), 7));
        ContainerExit exit = container.awaitExit(SOON).orElseThrow();
        assertEquals(Optional.of(new ProcessExit.Code(7)), exit.how());
        assertEquals(ContainerState.ENDED, container.state());
        assertFalse(exit.isRequested());
        assertEquals("exited with code 7", exit.explained());
    }

    @Test
    void stopEndsAndRemoveForgets() {
        Container container = runtime.start(greeting(id("a")));
        assertTrue(container.stop(Duration.ofSeconds(2)).isRequested());
        assertEquals(ContainerState.ENDED, container.state());
        assertEquals(Kind.WRONG_STATE, kindOf(container::freeze));
        assertEquals("hello\n", text(container));
        runtime.remove(id("a"));
        assertEquals(List.of(), names());
        runtime.remove(id("a"));
    }

    @Test
    void nameIsTakenOnlyOnce() {
        runtime.start(greeting(id("a")));
        assertEquals(Kind.WRONG_STATE, kindOf(() -> runtime.start(greeting(id("a")))));
        assertEquals(ContainerState.RUNNING, runtime.find(id("a")).orElseThrow().state());
    }

    @Test
    void frozenContainerStaysUntilThawed() {
        Container container = runtime.start(greeting(id("a")));
        container.freeze();
        container.freeze();
        assertEquals(ContainerState.FROZEN, container.state());
        container.thaw();
        container.thaw();
        assertEquals(ContainerState.RUNNING, container.state());
    }

    @Test
    void commandRunsInside() {
        Container container = runtime.start(greeting(id("a")));
        assertEquals("inside\n", container.exec(List.of("/bin/echo", "inside"), SOON).output()
                .replace("/bin/echo ", ""));
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void whatMayNotGoOnIsEndedWhereItStands(Way way) {
        Container original = runtime.start(greeting(id("a")));
        CheckpointImage image = original.checkpoint(folder.resolve("image"), CheckpointOptions.DEFAULT);
        AtomicInteger asked = new AtomicInteger();
        RestoreRequest request = RestoreRequest.of(greeting(id("b")), image)
                .withWay(way)
                .withPermission(() -> asked.incrementAndGet() > 1);
        assertEquals(Kind.WRONG_STATE, kindOf(() -> runtime.restore(request)));
        assertEquals(1, asked.get());
        assertEquals(List.of("a"), names());
        assertEquals(ContainerState.RUNNING, runtime.restore(request).state(), "once it may");
        assertEquals(2, asked.get());
    }

    @Test
    void checkpointLeavesTheContainerAndIsRestoredBesideIt() {
        Container original = runtime.start(greeting(id("a")));
        assertTrue(original.log().awaitBeyond(5, SOON));
        assertEquals(List.of(), original.preflight(CheckpointOptions.DEFAULT));
        CheckpointImage image = original.checkpoint(folder.resolve("image"), CheckpointOptions.DEFAULT);
        assertEquals(ContainerState.RUNNING, original.state());
        assertEquals(image, runtime.inspect(image.folder()));

        Container copy = runtime.restore(RestoreRequest.of(greeting(id("b")), image));
        assertEquals(ContainerState.RUNNING, copy.state());
        assertEquals(1, copy.restoreCount());
        assertEquals("", text(copy), "what was printed before the checkpoint is not printed again");
        Container frozen = runtime.restore(RestoreRequest.of(greeting(id("c")), image).frozen());
        assertEquals(ContainerState.FROZEN, frozen.state());
        frozen.thaw();
        assertEquals(ContainerState.RUNNING, frozen.state());
        assertEquals(List.of("a", "b", "c"), names());
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void everyWayRestoresSomethingThatWorks(Way way) {
        Container original = runtime.start(greeting(id("a")));
        assertTrue(original.log().awaitBeyond(5, SOON));
        CheckpointImage image = original.checkpoint(folder.resolve("image"), CheckpointOptions.DEFAULT);
        Container copy = runtime.restore(RestoreRequest.of(greeting(id("b")), image).withWay(way));
        assertEquals(ContainerState.RUNNING, copy.state());
        ProcessOutcome echoed = copy.exec(List.of("/bin/echo", "inside"), SOON);
        assertTrue(echoed.output().contains("inside"), echoed.explained());
        Container frozen = runtime.restore(
                RestoreRequest.of(greeting(id("c")), image).withWay(way).frozen());
        assertEquals(ContainerState.FROZEN, frozen.state());
        frozen.thaw();
        CheckpointImage second = copy.checkpoint(folder.resolve("second"), CheckpointOptions.DEFAULT);
        Container grandchild = runtime.restore(RestoreRequest.of(greeting(id("d")), second).withWay(way));
        assertEquals(2, grandchild.restoreCount());
        assertTrue(copy.stop(Duration.ZERO).isRequested());
    }

    @Test
    void checkpointEndsOrFreezesTheContainerAsAsked() {
        Container ended = runtime.start(greeting(id("a")));
        ended.checkpoint(folder.resolve("image"), CheckpointOptions.DEFAULT.withAfter(After.END));
        assertEquals(ContainerState.ENDED, ended.state());
        Container frozen = runtime.start(greeting(id("b")));
        frozen.checkpoint(folder.resolve("other"), CheckpointOptions.DEFAULT.withAfter(After.STAY_FROZEN));
        assertEquals(ContainerState.FROZEN, frozen.state());
    }

    @Test
    void severalAreSavedTogether() {
        runtime.start(greeting(id("a")));
        runtime.start(greeting(id("b")));
        Map<ContainerId, CheckpointImage> images = runtime.checkpointTogether(
                Map.of(id("a"), folder.resolve("1"), id("b"), folder.resolve("2")),
                        CheckpointOptions.DEFAULT);
        assertEquals(2, images.size());
        images.forEach((id, image) ->
                runtime.restore(RestoreRequest.of(greeting(id(id.value() + "-copy")), image)));
        assertEquals(List.of("a", "a-copy", "b", "b-copy"), names());
    }

    @Test
    void imageOfSomethingElseIsUnfit() {
        Container original = runtime.start(greeting(id("a")));
        CheckpointImage image = original.checkpoint(folder.resolve("image"), CheckpointOptions.DEFAULT);
        assertEquals(
                Kind.IMAGE_UNFIT, kindOf(
                        () -> runtime.restore(RestoreRequest.of(ending(id("b"), 1), image))));
        assertEquals(List.of("a"), names());
    }

    @Test
    void damagedImageIsRefusedWhateverFileIsHit() throws IOException {
        Container original = runtime.start(greeting(id("a")));
        CheckpointImage image = original.checkpoint(folder.resolve("image"), CheckpointOptions.DEFAULT);
        for (ImageFile file : image.files()) {
            Path path = image.folder().resolve(file.path());
            byte[] sound = Files.readAllBytes(path);
            if (sound.length > 0) {
                byte[] damaged = sound.clone();
                damaged[damaged.length / 2] ^= 4;
                Files.write(path, damaged);
                assertEquals(
                        Kind.IMAGE_CORRUPT,
                        kindOf(() -> runtime.restore(RestoreRequest.of(greeting(id("b")), image))),
                        file.path());
                Files.write(path, sound);
            }
        }
        assertEquals(List.of("a"), names());
    }

    private List<String> names() {
        return runtime.containers().stream().map(container -> container.id().value()).toList();
    }

    private static String text(Container container) {
        return new String(container.log().read(0, 1_000).bytes(), StandardCharsets.UTF_8);
    }

    private static Kind kindOf(org.junit.jupiter.api.function.Executable operation) {
        return assertThrows(ContainerException.class, operation).kind();
    }

    private static ContainerId id(String name) {
        return new ContainerId(name);
    }
}
