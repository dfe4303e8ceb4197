package io.holdfast.chaos.powercut;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.chaos.cluster.NbdConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingServerTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int SIZE_BYTES = 1 << 20;

    @TempDir
    Path folder;

    @Test
    void everyWriteAndFlushIsRecordedInOrder() throws Exception {
        Recording recording = new Recording(DiskImage.ofZeros(SIZE_BYTES));
        Path socket = folder.resolve("s");
        try (RecordingServer _ = RecordingServer.start(recording, socket);
                NbdConnection client = NbdConnection.open(socket, "", LIMIT)) {
            client.write(512, new byte[] {1, 2, 3}, false).join();
            assertEquals(1, recording.position());
            client.flush().join();
            client.flush().join();
            client.write(513, new byte[] {9}, false).join();
            assertArrayEquals(new byte[] {0, 1, 9, 3, 0}, client.read(511, 5).join());
            assertThrows(CompletionException.class, () -> client.read(SIZE_BYTES - 1, 2).join());
            List<DiskEvent> events = recording.events(3);
            assertEquals(3, recording.position());
            assertEquals(512, assertInstanceOf(DiskEvent.Write.class, events.get(0)).offset());
            assertInstanceOf(DiskEvent.Flush.class, events.get(1));
            assertEquals(513, assertInstanceOf(DiskEvent.Write.class, events.get(2)).offset());
            assertArrayEquals(new byte[5], recording.before().read(511, 5));
        }
    }
}
