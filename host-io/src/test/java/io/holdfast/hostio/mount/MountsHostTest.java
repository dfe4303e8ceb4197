package io.holdfast.hostio.mount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.hostio.nativeaccess.ErrorNumbers;
import io.holdfast.hostio.nativeaccess.SystemCallException;
import io.holdfast.hostio.testing.HostTool;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The kernel is asked to unmount what somebody has open.
@Tag("host")
final class MountsHostTest {
    @TempDir
    private Path folder;

    private Path mounted;

    @BeforeEach
    void mount() throws IOException {
        HostTool.requireThat("root".equals(System.getProperty("user.name")), "mounts need root");
        mounted = Files.createDirectory(folder.resolve("mounted"));
        Mounts.memory(mounted, 1 << 20, "700");
    }

    @AfterEach
    void unmount() throws IOException {
        if (mounted != null) {
            Mounts.unmountBelow(mounted);
        }
    }

    @Test
    void whatIsBusyForAMomentIsUnmounted() throws Exception {
        OutputStream open = Files.newOutputStream(mounted.resolve("open"));
        CompletableFuture<Void> closed = CompletableFuture.runAsync(
                () -> closed(open), CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS));
        Mounts.unmountBelow(mounted);
        assertFalse(MountTable.read().isMountPoint(mounted.toRealPath()));
        closed.get(10, TimeUnit.SECONDS);
    }

    @Test
    void whatStaysBusyIsNamed() throws Exception {
        try (OutputStream _ = Files.newOutputStream(mounted.resolve("open"))) {
            SystemCallException busy =
                    assertThrows(SystemCallException.class, () -> Mounts.unmountBelow(mounted));
            assertEquals(ErrorNumbers.EBUSY, busy.errno());
        }
    }

    private static void closed(OutputStream open) {
        try {
            open.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
