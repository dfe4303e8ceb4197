package io.holdfast.chaos.powercut;

import io.holdfast.chaos.pace.Await;
import io.holdfast.chaos.process.Command;
import io.holdfast.chaos.process.RunningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/// A mounted file system on a device that is recorded: nbdfuse shows the server's device as a file, and a
/// loop device stands on that. Owned by whoever opened it.
public final class RecordedDisk implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final Recording recording;
    private final RecordingServer server;
    private final RunningProcess bridge;
    private final Path device;
    private final Path folder;

    private RecordedDisk(
            Recording recording, RecordingServer server, RunningProcess bridge, Path device, Path folder) {
        this.recording = recording;
        this.server = server;
        this.bridge = bridge;
        this.device = device;
        this.folder = folder;
    }

    /// Makes a file system and mounts it.
    ///
    /// @param place a folder that is there, on a file system that is not a real disk; the device bears its
    ///     name
    public static RecordedDisk open(FileSystemKind kind, Path place)
            throws IOException, InterruptedException, TimeoutException {
        Recording recording = new Recording(kind.make(place.resolve("made")));
        Path device = Files.createDirectory(place.resolve("device"));
        Path file = device.resolve(place.getFileName());
        Path folder = Files.createDirectory(place.resolve("recorded"));
        Path socket = place.resolve("nbd.sock");
        RecordingServer server = RecordingServer.start(recording, socket);
        try {
            RunningProcess bridge = RunningProcess.start(
                    Command.of("nbdfuse", file.toString(), "nbd+unix:///?socket=" + socket)
                            .loggedTo(place.resolve("nbdfuse.log")));
            try {
                Await.real().untilTrue("nbdfuse's file", LIMIT, () -> Files.exists(file));
                kind.mount(file, folder);
                return new RecordedDisk(recording, server, bridge, device, folder);
            } catch (IOException | TimeoutException | InterruptedException e) {
                bridge.close();
                throw e;
            }
        } catch (IOException | TimeoutException | InterruptedException e) {
            server.close();
            throw e;
        }
    }

    public Recording recording() {
        return recording;
    }

    /// Where it is mounted.
    public Path folder() {
        return folder;
    }

    /// Unmounts it. What that writes is recorded as well.
    @Override
    public void close() throws IOException {
        FileSystemKind.unmount(folder.toString());
        // The loop device may not have let go of it yet.
        FileSystemKind.unmount("--lazy", device.toString());
        bridge.close();
        server.close();
    }
}
