package io.holdfast.hostio.container.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.process.ProcessRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerStoreTest {
    @TempDir
    private Path folder;

    @Test
    void aPackedFolderWithoutAnythingIsKnownWithoutUnpacking() throws Exception {
        assertFalse(LayerStore.holdsSomething(packed("empty")));
    }

    @Test
    void aPackedFileIsFoundAndUnpacked() throws Exception {
        Path source = Files.createDirectory(folder.resolve("full"));
        Files.writeString(source.resolve("a"), "b");
        Path packed = packed("full");
        assertTrue(LayerStore.holdsSomething(packed));
        Path target = Files.createDirectory(folder.resolve("target"));
        LayerStore.unpack(packed, target);
        assertEquals("b", Files.readString(target.resolve("a")));
    }

    @Test
    void whatIsNoPackedFolderIsLeftToThatWhichUnpacks() throws Exception {
        assertTrue(LayerStore.holdsSomething(Files.write(folder.resolve("short"), new byte[100])));
        assertTrue(LayerStore.holdsSomething(Files.write(folder.resolve("zeros"), new byte[10_240])));
    }

    @Test
    void whatIsNotUsedGoesAfterAWhileAndWhatIsStays() throws Exception {
        long[] nanos = {0};
        Path kept = Files.createDirectories(folder.resolve("layers/kept"));
        Path unused = Files.createDirectories(folder.resolve("layers/unused"));
        Path unfinished = Files.createDirectories(folder.resolve("layers/new-1/deep"));
        LayerStore store = LayerStore.open(folder.resolve("layers"), () -> nanos[0]);
        assertFalse(Files.exists(unfinished));
        store.trim(Set.of(kept));
        nanos[0] = LayerStore.UNUSED_KEPT.toNanos();
        store.trim(Set.of(kept));
        assertTrue(Files.exists(unused));
        nanos[0]++;
        store.trim(Set.of(kept));
        assertFalse(Files.exists(unused));
        assertTrue(Files.exists(kept));
    }

    @Test
    void whatAFormerProcessUnpackedIsTrustedOnlyWhereItIsInUse() throws Exception {
        Path used = Files.createDirectories(folder.resolve("layers/used"));
        Path perhapsTorn = Files.createDirectories(folder.resolve("layers/merged-0/deep"));
        LayerStore store = LayerStore.open(folder.resolve("layers"), () -> 0);
        store.keepOnly(Set.of(used));
        assertTrue(Files.exists(used));
        assertFalse(Files.exists(perhapsTorn.getParent()));
    }

    private Path packed(String name) throws Exception {
        Path source = Files.createDirectories(folder.resolve(name));
        Path packed = folder.resolve(name + ".tar");
        ProcessRun.of("tar", "--create", "--file", packed.toString(), "--directory", source.toString(), ".")
                .run()
                .orThrow();
        return packed;
    }
}
