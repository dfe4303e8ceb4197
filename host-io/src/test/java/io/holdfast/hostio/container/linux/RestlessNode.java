package io.holdfast.hostio.container.linux;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.hostio.container.CheckpointImage;
import io.holdfast.hostio.container.CheckpointOptions;
import io.holdfast.hostio.container.Container;
import io.holdfast.hostio.container.ContainerId;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.container.RestoreRequest;
import io.holdfast.hostio.container.SpecJson;
import io.holdfast.hostio.mount.OwnedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A program that restores, saves and removes containers of a state folder without end, for a test that
/// kills it. Says by a file that it has begun.
///
/// Arguments: the state folder, an image to begin with, a folder for more, the file, a number for names.
final class RestlessNode {
    private RestlessNode() {}

    public static void main(String[] arguments) throws Exception {
        Path images = Path.of(arguments[2]);
        LinuxContainerRuntime runtime = LinuxContainerRuntime.open(RuntimeOptions.in(Path.of(arguments[0])));
        CheckpointImage image = runtime.inspect(Path.of(arguments[1]));
        ContainerSpec spec = specOf(image);
        Files.createFile(Path.of(arguments[3]));
        for (int step = 0; ; step++) {
            ContainerId id = new ContainerId("n" + arguments[4] + "-" + step);
            RestoreRequest request = RestoreRequest.of(spec.withId(id), image)
                    .withWay(step % 3 == 2 ? RestoreRequest.Way.CAREFUL : RestoreRequest.Way.FAST);
            Container restored = runtime.restore(step % 2 == 0 ? request : request.frozen());
            Path saved = images.resolve(id.value());
            restored.checkpoint(saved, CheckpointOptions.DEFAULT.withAfter(step % 2 == 0
                    ? CheckpointOptions.After.GO_ON
                    : CheckpointOptions.After.STAY_FROZEN));
            new OwnedFolder(saved).delete();
            if (step % 2 == 1) {
                runtime.remove(id);
            }
        }
    }

    private static ContainerSpec specOf(CheckpointImage image) throws IOException {
        String manifest = Files.readString(image.folder().resolve("manifest.json"));
        return SpecJson.read(new ObjectMapper().readTree(manifest).path("spec"));
    }
}
