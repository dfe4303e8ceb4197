package io.holdfast.node.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.chunkstore.FragmentId;
import io.holdfast.hostio.id.ChunkId;
import io.holdfast.node.testing.Strips;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalDisksTest {
    private static final long SEGMENT_BYTES = 16L << 20;

    @TempDir
    private Path folder;

    private LocalDisks open(String node, String... disks) throws IOException {
        Path data = Files.createDirectories(folder.resolve(node));
        return LocalDisks.open(
                data, node, List.of(disks).stream().map(folder::resolve).toList(), SEGMENT_BYTES);
    }

    @Test
    void aDiskKeepsItsNumberWhereverItIsMounted() throws IOException {
        FragmentId id = FragmentId.of(new ChunkId(7, 1), 0);
        try (LocalDisks disks = open("n1", "a", "b")) {
            assertEquals(List.of(0, 1), disks.open());
            disks.store(1).orElseThrow().create(id, Strips.PROFILE, 3).join();
        }
        Files.move(folder.resolve("b"), folder.resolve("c"));
        try (LocalDisks disks = open("n1", "new", "c")) {
            assertEquals(List.of(1, 2), disks.open());
            assertTrue(disks.store(1).orElseThrow().status(id).isPresent());
            List<DiskReport> reports = disks.reports();
            assertEquals(List.of("absent", "serving", "serving"),
                    reports.stream().map(DiskReport::state).toList());
            assertEquals("no longer configured", reports.getFirst().reason());
            assertEquals(1, reports.get(1).fragments());
            assertEquals(reports, DiskReports.decode(DiskReports.encode(reports)));
        }
    }

    @Test
    void anotherNodesDiskIsLeftOut() throws IOException {
        try (LocalDisks disks = open("n1", "a")) {
            assertEquals(List.of(0), disks.open());
        }
        try (LocalDisks disks = open("n2", "a", "b")) {
            assertEquals(List.of(0), disks.open());
            assertTrue(disks.holder(0).isPresent());
            assertFalse(disks.holder(1).isPresent());
        }
    }

    @Test
    void aDiskThatDoesNotOpenIsAStateAndTheOthersServe() throws IOException {
        try (LocalDisks disks = open("n1", "a", "b")) {
            assertEquals(2, disks.open().size());
        }
        Files.writeString(folder.resolve("a/chunks/superblock"), "something else");
        try (LocalDisks disks = open("n1", "a", "b")) {
            assertEquals(List.of(1), disks.open());
            DiskReport lost = disks.reports().getFirst();
            assertEquals("absent", lost.state());
            assertFalse(lost.reason().isEmpty());
            assertFalse(lost.isServing());
        }
    }

    @Test
    void whatIsNoReportIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> DiskReports.decode(new byte[] {1, 2}));
    }
}
