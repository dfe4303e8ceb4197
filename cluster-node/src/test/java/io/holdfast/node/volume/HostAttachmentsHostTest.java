package io.holdfast.node.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.process.DetachedProcess;
import io.holdfast.hostio.testing.HostTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Devices of a real host, of blocks that `nbdkit` keeps in memory.
@Tag("host")
final class HostAttachmentsHostTest {
    private static final String VOLUME = "data";

    @TempDir
    private Path directory;

    private Path socket;
    private Path devices;
    private DetachedProcess server;

    @BeforeEach
    void serveBlocks() throws Exception {
        for (String tool : List.of("nbdkit", "nbdfuse", "losetup", "fusermount3")) {
            HostTool.require(tool);
        }
        HostTool.requireThat(
                Files.isWritable(Path.of("/dev/fuse")) && Files.isWritable(Path.of("/dev/loop-control")),
                "FUSE and loop devices");
        socket = directory.resolve("nbd");
        devices = Files.createDirectory(directory.resolve("devices"));
        server = DetachedProcess.start(
                List.of("nbdkit", "--foreground", "-U", socket.toString(), "memory", "8M"),
                Map.of(),
                directory,
                directory.resolve("server.log"));
        while (!Files.exists(socket)) {
            assertTrue(server.isAlive(), Files.readString(directory.resolve("server.log")));
            Thread.onSpinWait();
        }
    }

    @AfterEach
    void leaveNothing() throws Exception {
        new HostAttachments(devices, socket).sweep(_ -> false);
        server.kill();
    }

    @Test
    void whatADeadNodeLeftIsTakenAwayUnlessItIsToBeAttachedAgain() throws Exception {
        String device = new HostAttachments(devices, socket).attach(VOLUME);
        assertTrue(isDevice(device), device);
        // The node dies, and with it what stood between it and the device.
        DetachedProcess.readPidFile(devices.resolve(VOLUME + ".pid")).orElseThrow().kill();
        HostTool.output("fusermount3", "-u", "-z", devices.resolve(VOLUME).toString());
        assertTrue(isDevice(device), "the kernel keeps the device");

        HostAttachments next = new HostAttachments(devices, socket);
        next.sweep(VOLUME::equals);
        assertTrue(isDevice(device), "kept for the volume");
        next.sweep(_ -> false);
        assertFalse(isDevice(device), device);
        try (var left = Files.list(devices)) {
            assertEquals(List.of(devices.resolve(VOLUME + ".log")), left.toList());
        }
    }

    @Test
    void whatThisNodeAttachedStays() throws Exception {
        HostAttachments attachments = new HostAttachments(devices, socket);
        String device = attachments.attach(VOLUME);
        attachments.sweep(_ -> false);
        assertTrue(isDevice(device), device);
        assertEquals(device, attachments.attach(VOLUME));
        attachments.detach(VOLUME);
        assertFalse(isDevice(device), device);
    }

    private static boolean isDevice(String device) throws IOException {
        Path backing =
                Path.of("/sys/block", Path.of(device).getFileName().toString(), "loop", "backing_file");
        return Files.exists(backing) && Files.readString(backing).contains("nbd");
    }
}
