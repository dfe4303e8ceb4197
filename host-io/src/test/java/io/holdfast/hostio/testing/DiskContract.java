package io.holdfast.hostio.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.disk.Disk;
import io.holdfast.hostio.disk.DiskCapacity;
import io.holdfast.hostio.disk.DiskFile;
import io.holdfast.hostio.disk.DiskFileNotFoundException;
import io.holdfast.hostio.disk.DiskIoException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What every disk does, real or simulated.
public abstract class DiskContract {
    /// An empty disk with room for at least 4 MiB.
    protected abstract Disk disk();

    @Test
    void aCreatedFileIsFullOfZeros() {
        try (DiskFile file = disk().create("a", 10_000)) {
            assertEquals(10_000, file.sizeBytes());
            assertArrayEquals(new byte[10_000], read(file, 0, 10_000));
        }
    }

    @Test
    void readsBackWhatWasWrittenAnywhere() {
        Disk disk = disk();
        try (DiskFile file = disk.create("a", 8192)) {
            file.write(4090, bytes("across pages"));
            file.write(20_000, bytes("beyond the end"));
            file.sync();
        }
        try (DiskFile file = disk.open("a")) {
            assertEquals("across pages", text(read(file, 4090, 12)));
            assertEquals("beyond the end", text(read(file, 20_000, 14)));
            assertArrayEquals(new byte[100], read(file, 10_000, 100));
            assertEquals(20_014, file.sizeBytes());
        }
    }

    @Test
    void takesBytesFromDirectAndHeapBuffersBetweenPositionAndLimit() {
        try (DiskFile file = disk().create("a", 100)) {
            ByteBuffer direct = ByteBuffer.allocateDirect(10).put(bytes("0123456789")).flip();
            direct.position(2).limit(5);
            file.write(0, direct);
            assertEquals(0, direct.remaining());
            file.write(3, bytes("0123456789").position(7));
            assertEquals("234789", text(read(file, 0, 6)));
        }
    }

    @Test
    void zerosReplaceWhatWasThere() {
        try (DiskFile file = disk().create("a", 20_000)) {
            file.write(0, ByteBuffer.wrap("x".repeat(20_000).getBytes(StandardCharsets.UTF_8)));
            file.writeZeros(4096, 8192);
            file.writeZeros(19_000, 10);
            byte[] expected = "x".repeat(20_000).getBytes(StandardCharsets.UTF_8);
            Arrays.fill(expected, 4096, 4096 + 8192, (byte) 0);
            Arrays.fill(expected, 19_000, 19_010, (byte) 0);
            assertArrayEquals(expected, read(file, 0, 20_000));
        }
    }

    @Test
    void readingBeyondTheEndIsAnError() {
        try (DiskFile file = disk().create("a", 100)) {
            assertThrows(DiskIoException.class, () -> read(file, 90, 11));
        }
    }

    @Test
    void aNameIsGivenOnce() {
        Disk disk = disk();
        disk.create("a", 1).close();
        assertThrows(DiskIoException.class, () -> disk.create("a", 1));
    }

    @Test
    void renamingReplaces() {
        Disk disk = disk();
        try (DiskFile old = disk.create("a", 1); DiskFile next = disk.create("b", 1)) {
            old.write(0, bytes("o"));
            next.write(0, bytes("n"));
        }
        disk.rename("b", "a");
        disk.syncDirectory();
        assertEquals(List.of("a"), disk.list());
        try (DiskFile file = disk.open("a")) {
            assertEquals("n", text(read(file, 0, 1)));
        }
    }

    @Test
    void whatIsNotThereIsNotFound() {
        Disk disk = disk();
        assertThrows(DiskFileNotFoundException.class, () -> disk.open("a"));
        assertThrows(DiskFileNotFoundException.class, () -> disk.delete("a"));
        assertThrows(DiskFileNotFoundException.class, () -> disk.rename("a", "b"));
        disk.create("a", 1).close();
        disk.delete("a");
        assertThrows(DiskFileNotFoundException.class, () -> disk.open("a"));
    }

    @Test
    void listsNamesInOrder() {
        Disk disk = disk();
        for (String name : List.of("c", "a", "b")) {
            disk.create(name, 0).close();
        }
        assertEquals(List.of("a", "b", "c"), disk.list());
    }

    @Test
    void aClosedFileRefuses() {
        DiskFile file = disk().create("a", 10);
        file.close();
        file.close();
        assertThrows(DiskIoException.class, () -> read(file, 0, 1));
        assertThrows(DiskIoException.class, () -> file.write(0, bytes("x")));
        assertThrows(DiskIoException.class, file::sync);
    }

    @Test
    void knowsItsRoom() {
        DiskCapacity capacity = disk().capacity();
        assertTrue(capacity.usableBytes() > 0);
        assertTrue(capacity.totalBytes() >= capacity.usableBytes());
    }

    protected static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    protected static byte[] read(DiskFile file, long position, int count) {
        byte[] bytes = new byte[count];
        file.read(position, ByteBuffer.wrap(bytes));
        return bytes;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
