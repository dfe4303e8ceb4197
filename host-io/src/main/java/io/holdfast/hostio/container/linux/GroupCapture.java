package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.container.CheckpointImage;
import io.holdfast.hostio.container.CheckpointOptions;
import io.holdfast.hostio.container.ContainerException;
import io.holdfast.hostio.container.ContainerException.Kind;
import io.holdfast.hostio.container.ContainerId;
import io.holdfast.hostio.container.Cut;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One cut through several containers: all stand still before the first is saved.
final class GroupCapture {
    private final Map<LinuxContainer, Capture> captures = new LinkedHashMap<>();
    private final CheckpointOptions options;

    GroupCapture(Host host, Map<LinuxContainer, Path> members, CheckpointOptions options) {
        members.forEach((member, folder) ->
                captures.put(member, new Capture(host, member, folder, options, Cut.NOTHING)));
        this.options = options;
    }

    Map<ContainerId, CheckpointImage> run() {
        List<LinuxContainer> locked = new ArrayList<>();
        try {
            for (LinuxContainer member : captures.keySet()) {
                member.lockAlone();
                locked.add(member);
                member.requireAlive();
            }
            return saveAll();
        } catch (IOException failure) {
            throw new ContainerException(
                    Kind.FAILED, "not all could be saved: " + failure.getMessage(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ContainerException(Kind.FAILED, "interrupted", interrupted);
        } finally {
            locked.forEach(LinuxContainer::unlockAlone);
            if (options.after() == CheckpointOptions.After.END) {
                locked.forEach(LinuxContainer::awaitRelease);
            }
        }
    }

    private Map<ContainerId, CheckpointImage> saveAll() throws IOException, InterruptedException {
        boolean isDone = false;
        try {
            for (Capture capture : captures.values()) {
                capture.prepare();
                capture.tellProgram();
            }
            for (Capture capture : captures.values()) {
                capture.freeze();
            }
            for (Capture capture : captures.values()) {
                capture.save();
            }
            for (Capture capture : captures.values()) {
                capture.goOn();
            }
            Map<ContainerId, CheckpointImage> images = new LinkedHashMap<>();
            for (Map.Entry<LinuxContainer, Capture> entry : captures.entrySet()) {
                images.put(entry.getKey().id(), entry.getValue().seal());
            }
            for (Capture capture : captures.values()) {
                capture.finish();
            }
            isDone = true;
            return images;
        } finally {
            if (!isDone) {
                undoAll();
            }
        }
    }

    private void undoAll() throws IOException, InterruptedException {
        Failures failures = new Failures();
        for (Capture capture : captures.values()) {
            failures.attempt(capture::undo);
        }
        failures.throwFirst();
    }
}
