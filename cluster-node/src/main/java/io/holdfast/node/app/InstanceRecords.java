package io.holdfast.node.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.gridstate.placement.PlacementKey;
import io.holdfast.hostio.container.ContainerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/// What this node remembers of its containers beyond its own end: which slot each runs in.
///
///     file NAME-OF-CONTAINER, three lines:   slot | generation | snapshot's name, or nothing
///
/// Concurrent: files are written beside their place and moved there whole.
final class InstanceRecords {
    private final Path folder;

    /// One container.
    ///
    /// @param snapshot the name of what it was restored from, or went into, last
    record InstanceRecord(PlacementKey slot, long generation, Optional<String> snapshot) {}

    private InstanceRecords(Path folder) {
        this.folder = folder;
    }

    static InstanceRecords open(Path folder) throws IOException {
        Files.createDirectories(folder);
        return new InstanceRecords(folder);
    }

    void write(ContainerId container, InstanceRecord instance) throws IOException {
        Path unfinished = folder.resolve("." + container);
        Files.writeString(unfinished, String.join(
                "\n", instance.slot().toString(), Long.toString(instance.generation()),
                        instance.snapshot().orElse(""), ""), UTF_8);
        Files.move(unfinished, folder.resolve(container.value()), StandardCopyOption.ATOMIC_MOVE);
    }

    /// What was written; empty if nothing readable is there.
    Optional<InstanceRecord> read(ContainerId container) throws IOException {
        try {
            List<String> lines = Files.readAllLines(folder.resolve(container.value()), UTF_8);
            return lines.size() == 3
                    ? Optional.of(new InstanceRecord(
                            PlacementKey.parse(lines.get(0)),
                            Long.parseLong(lines.get(1)),
                            Optional.of(lines.get(2)).filter(name -> !name.isEmpty())))
                    : Optional.empty();
        } catch (NoSuchFileException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    void delete(ContainerId container) throws IOException {
        Files.deleteIfExists(folder.resolve(container.value()));
    }
}
