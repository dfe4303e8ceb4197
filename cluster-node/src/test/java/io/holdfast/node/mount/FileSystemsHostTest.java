package io.holdfast.node.mount;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.holdfast.hostio.process.DetachedProcess;
import io.holdfast.hostio.testing.HostTool;
import io.holdfast.node.testing.Await;
import io.holdfast.node.volume.HostAttachments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real ext4 on a real loop device, of blocks that `nbdkit` keeps in memory and that can be held up.
@Tag("host")
final class FileSystemsHostTest {
    private static final String VOLUME = "data";

    @TempDir
    private Path directory;

    private Path folder;
    private HostAttachments attachments;
    private DetachedProcess server;

    @BeforeEach
    void mount() throws Exception {
        HostTool.require("nbdkit", "nbdfuse", "losetup", "fusermount3", "mkfs.ext4", "blkid");
        HostTool.requireThat(
                Files.isWritable(Path.of("/dev/fuse")) && Files.isWritable(Path.of("/dev/loop-control")),
                "FUSE and loop devices");
        Path socket = directory.resolve("nbd");
        server = DetachedProcess.start(
                List.of("nbdkit", "--foreground", "-U", socket.toString(), "memory", "64M"),
                Map.of(), directory, directory.resolve("server.log"));
        Await.until("nbdkit listens", () -> Files.exists(socket));
        attachments = new HostAttachments(Files.createDirectory(directory.resolve("devices")), socket);
        Path device = Path.of(attachments.attach(VOLUME));
        folder = Files.createDirectory(directory.resolve("folder"));
        FileSystems.make(device, 0, 0);
        FileSystems.mount(device, "ext4", folder);
        Files.writeString(folder.resolve("file"), "not written out yet");
    }

    @AfterEach
    void leaveNothing() throws Exception {
        signal("-CONT");
        FileSystems.unmount(folder);
        attachments.detach(VOLUME);
        server.kill();
    }

    @Test
    void aChildWaitsForTheVolumeWhileItIsUnmounted() throws Exception {
        signal("-STOP");
        CompletableFuture<Void> unmounted = CompletableFuture.runAsync(() -> {
            try {
                FileSystems.unmount(folder);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
        // A thread of this process that waited in the kernel would keep open what a killed node serves.
        Await.until("a child unmounts", () -> ProcessHandle.current().children()
                .anyMatch(child -> child.info().command().orElse("").endsWith("/umount")));
        assertFalse(unmounted.isDone());

        signal("-CONT");
        unmounted.get(30, TimeUnit.SECONDS);
        assertFalse(FileSystems.isMounted(folder));
    }

    private void signal(String name) throws Exception {
        HostTool.output("kill", name, Long.toString(server.pid()));
    }
}
