package io.holdfast.hostio.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.disk.Disk;
import io.holdfast.hostio.disk.DiskFile;
import io.holdfast.hostio.disk.DiskFullException;
import io.holdfast.hostio.disk.DiskGoneException;
import io.holdfast.hostio.disk.DiskIoException;
import io.holdfast.hostio.disk.DiskReadOnlyException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SimulatedDiskTest extends DiskContract {
    private static final int TRIALS = 400;
    private final SplittableRandom random = new SplittableRandom(7);

    @Override
    protected Disk disk() {
        return new SimulatedDisk("simulated", 4 << 20);
    }

    @Test
    void whatWasSyncedSurvivesEveryCrash() {
        SimulatedDisk disk = (SimulatedDisk) disk();
        try (DiskFile file = disk.create("a", 4096)) {
            file.write(0, bytes("kept"));
            file.sync();
            disk.syncDirectory();
            file.write(0, bytes("lost"));
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < TRIALS; i++) {
                try (DiskFile survivor = disk.crash(random).open("a")) {
                    seen.add(new String(read(survivor, 0, 4), StandardCharsets.US_ASCII));
                }
            }
            assertEquals(Set.of("kept", "lost"), seen);
        }
    }

    @Test
    void aFileMayBeLongBeforeItsBytesAreThere() {
        SimulatedDisk disk = (SimulatedDisk) disk();
        try (DiskFile file = disk.create("a", 0)) {
            file.sync();
            disk.syncDirectory();
            file.write(0, bytes("x"));
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < TRIALS; i++) {
                try (DiskFile survivor = disk.crash(random).open("a")) {
                    long size = survivor.sizeBytes();
                    seen.add(size == 0 ? "empty" : read(survivor, 0, 1)[0] == 0 ? "zero" : "written");
                }
            }
            assertEquals(Set.of("empty", "zero", "written"), seen);
        }
    }

    @Test
    void aNameIsLostUntilTheFolderIsSynced() {
        SimulatedDisk disk = (SimulatedDisk) disk();
        try (DiskFile file = disk.create("a", 4096)) {
            file.sync();
            Set<List<String>> seen = new HashSet<>();
            for (int i = 0; i < TRIALS; i++) {
                seen.add(disk.crash(random).list());
            }
            assertEquals(Set.of(List.of(), List.of("a")), seen);
            disk.syncDirectory();
            disk.rename("a", "b");
            for (int i = 0; i < TRIALS; i++) {
                assertEquals(1, disk.crash(random).list().size());
            }
        }
    }

    @Test
    void aWriteIsTornBetweenSectorsOnly() {
        SimulatedDisk disk = (SimulatedDisk) disk();
        boolean torn = false;
        try (DiskFile file = disk.create("a", 4096)) {
            file.sync();
            disk.syncDirectory();
            byte[] ones = new byte[4096];
            Arrays.fill(ones, (byte) 1);
            file.write(0, ByteBuffer.wrap(ones));
            for (int i = 0; i < TRIALS; i++) {
                try (DiskFile survivor = disk.crash(random).open("a")) {
                    byte[] page = read(survivor, 0, 4096);
                    for (int at = 0; at < page.length; at++) {
                        assertEquals(page[at / 512 * 512], page[at]);
                        torn |= page[at] != page[0];
                    }
                }
            }
        }
        assertTrue(torn);
    }

    @Test
    void aFailedSyncIsNotMadeGoodByALaterOne() {
        SimulatedDisk disk = (SimulatedDisk) disk();
        try (DiskFile file = disk.create("a", 4096)) {
            file.sync();
            disk.syncDirectory();
            file.write(0, bytes("x"));
            disk.become(SimulatedDisk.State.SYNC_FAILS);
            assertThrows(DiskIoException.class, file::sync);
            disk.become(SimulatedDisk.State.HEALTHY);
            file.sync();
            boolean lost = false;
            for (int i = 0; i < TRIALS; i++) {
                try (DiskFile survivor = disk.crash(random).open("a")) {
                    lost |= read(survivor, 0, 1)[0] == 0;
                }
            }
            assertTrue(lost);
        }
    }

    @Test
    void failsAsItIsTold() {
        SimulatedDisk disk = (SimulatedDisk) disk();
        try (DiskFile file = disk.create("a", 4096)) {
            disk.become(SimulatedDisk.State.FULL);
            assertThrows(DiskFullException.class, () -> disk.create("b", 1));
            assertThrows(DiskFullException.class, () -> file.write(4096, bytes("x")));
            file.write(0, bytes("x"));
            disk.become(SimulatedDisk.State.READ_ONLY);
            assertThrows(DiskReadOnlyException.class, () -> file.write(0, bytes("x")));
            assertArrayEquals(new byte[] {'x'}, read(file, 0, 1));
            disk.become(SimulatedDisk.State.BROKEN);
            assertThrows(DiskIoException.class, () -> read(file, 0, 1));
            disk.become(SimulatedDisk.State.GONE);
            assertThrows(DiskGoneException.class, disk::list);
            disk.become(SimulatedDisk.State.HEALTHY);
            disk.flipBit("a", 0, 0);
            assertArrayEquals(new byte[] {'x' ^ 1}, read(file, 0, 1));
            disk.misdirectNextWrite(512);
            file.write(0, bytes("y"));
            assertArrayEquals(new byte[] {'x' ^ 1}, read(file, 0, 1));
            assertArrayEquals(new byte[] {'y'}, read(file, 512, 1));
        }
        assertEquals(0, disk.openCount());
    }
}
