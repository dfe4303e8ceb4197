package io.holdfast.node.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.gridstate.application.Root;
import io.holdfast.gridstate.chunkmap.StoredBlob;
import io.holdfast.gridstate.command.ImageCommand;
import io.holdfast.gridstate.command.OperationCommand;
import io.holdfast.gridstate.layer.LayerRules;
import io.holdfast.gridstate.operation.OperationCatalogs;
import io.holdfast.gridstate.operation.OperationEntry;
import io.holdfast.gridstate.operation.OperationState;
import io.holdfast.gridstate.rule.Actor;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.hostio.image.ImageStore;
import io.holdfast.hostio.image.Platform;
import io.holdfast.hostio.image.UnpackLimits;
import io.holdfast.hostio.testing.LayerTar;
import io.holdfast.hostio.testing.OciLayout;
import io.holdfast.hostio.testing.OciLayout.Compression;
import io.holdfast.node.app.ResolvedRoot;
import io.holdfast.node.app.StartFailedException;
import io.holdfast.node.http.port.ImageDesk;
import io.holdfast.node.ledger.LedgerAccess;
import io.holdfast.node.testing.Await;
import io.holdfast.node.testing.MemoryBlobs;
import io.holdfast.node.testing.MemoryLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Two nodes, one ledger, one chunk store in memory.
@Timeout(120)
class ClusterImagesTest {
    private static final Root.Image SHOP = new Root.Image("cluster:shop");

    @TempDir
    private Path directory;

    private long nowMillis = 1_000_000;
    private final InstantSource clock = () -> Instant.ofEpochMilli(nowMillis);
    private final MemoryLedger ledger = new MemoryLedger(clock, 2);
    private final LedgerAccess access = ledger.access("node-1");
    private final MemoryBlobs blobs = new MemoryBlobs();
    private final ClusterImages images = new ClusterImages(access.reader(), blobs);
    private final LayerReclaimer reclaimer = new LayerReclaimer(access, images, clock);

    @BeforeEach
    void requireRoot() throws IOException {
        assumeTrue(Files.getOwner(directory).getName().equals("root"), "skipped: owners need root");
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void anotherNodeRunsWhatOneHasImported() throws Exception {
        assertEquals(new OperationState.Succeeded("shop"), importAs("1", "shop", layout("a", "b")).state());
        assertEquals(4, blobs.count(), "manifest, configuration, two layers");
        ImageRoots roots = roots("node-2");
        ResolvedRoot root = roots.resolve(SHOP);
        assertEquals(List.of("/run"), root.settings().commandOr(List.of()));
        assertEquals(
                List.of("b", "a"),
                root.files().layers().stream().map(ClusterImagesTest::contentOf).toList());
        blobs.setDown(true);
        assertEquals(root, roots.resolve(SHOP));
        assertEquals(root.files(), roots("node-2").resolve(SHOP).files(), "also after it was started again");
        assertThrows(StartFailedException.class, () -> roots("node-3").resolve(SHOP));
    }

    @Test
    void whatIsThereIsNotStoredAgain() throws Exception {
        assertEquals(new OperationState.Succeeded("shop"), importAs("1", "shop", layout("a", "b")).state());
        assertEquals(new OperationState.Succeeded("two"), importAs("2", "two", layout("a", "b")).state());
        assertEquals(4, blobs.count());
        assertEquals(new OperationState.Succeeded("shop"), importAs("3", "shop", layout("a", "c")).state());
        assertEquals(7, blobs.count(), "a layer, a manifest and a configuration are new");
    }

    @Test
    void aNameMeansWhatTheCatalogSaysWhenAnInstanceStarts() throws Exception {
        assertEquals(new OperationState.Succeeded("shop"), importAs("1", "shop", layout("a")).state());
        ImageRoots roots = roots("node-2");
        ResolvedRoot before = roots.resolve(SHOP);
        assertEquals(new OperationState.Succeeded("shop"), importAs("2", "shop", layout("b")).state());
        assertNotEquals(before.files().digest(), roots.resolve(SHOP).files().digest());
        StartFailedException unknown = assertThrows(
                StartFailedException.class, () -> roots.resolve(new Root.Image("cluster:other")));
        assertTrue(unknown.getMessage().contains("no such image"), unknown.getMessage());
    }

    @Test
    void damagedPartsAreNotRun() throws Exception {
        assertEquals(new OperationState.Succeeded("shop"), importAs("1", "shop", layout("a")).state());
        List<StoredBlob> all = new ArrayList<>();
        images.forEach(all::add);
        all.forEach(blobs::damage);
        assertThrows(StartFailedException.class, () -> roots("node-2").resolve(SHOP));
    }

    @Test
    void anUnpackedLayerThatWasRemovedIsFetchedAgain() throws Exception {
        assertEquals(new OperationState.Succeeded("shop"), importAs("1", "shop", layout("a", "b")).state());
        ImageRoots roots = roots("node-2");
        ResolvedRoot root = roots.resolve(SHOP);
        Instant later = Instant.now().plus(Duration.ofHours(1));
        roots.trim(0, Set.of(root.files().layers().getFirst()), later);
        assertTrue(Files.exists(root.files().layers().getFirst()), "something stands on it");
        assertFalse(Files.exists(root.files().layers().getLast()));
        assertEquals(root, roots.resolve(SHOP));
        assertEquals("a", contentOf(root.files().layers().getLast()));
    }

    @Test
    void aLayerThatNothingRefersToGoesAfterAWhile() throws Exception {
        assertEquals(new OperationState.Succeeded("shop"), importAs("1", "shop", layout("a", "b")).state());
        assertEquals(new OperationState.Succeeded("two"), importAs("2", "two", layout("a")).state());
        access.submit(new ImageCommand.Delete("shop", ExpectedVersion.ANY));
        assertEquals(0, reclaimer.step());
        nowMillis += LayerRules.GRACE_MILLIS;
        assertEquals(0, reclaimer.step(), "it is marked first");
        assertEquals(3, reclaimer.step(), "a layer, a manifest and a configuration");
        List<StoredBlob> left = new ArrayList<>();
        images.forEach(left::add);
        assertEquals(3, left.size());
        assertEquals(new OperationState.Succeeded("shop"), importAs("3", "shop", layout("a", "b")).state());
        assertEquals(List.of("b", "a"), roots("node-2").resolve(SHOP).files().layers().stream()
                .map(ClusterImagesTest::contentOf).toList());
    }

    @Test
    void anImportThatFailsSaysWhyAndOneThatWasLeftIsEnded() throws Exception {
        OperationEntry absent = importAs("1", "shop", "oci:" + directory.resolve("nothing"));
        assertTrue(absent.state() instanceof OperationState.Failed(String code, String _)
                && code.equals("not-found"), absent.toString());
        blobs.setDown(true);
        OperationEntry down = importAs("2", "shop", layout("a"));
        assertTrue(down.state() instanceof OperationState.Failed(String code, String _)
                && code.equals("unavailable"), down.toString());
        start("3", "shop");
        nowMillis += 1;
        ImageImports next = imports();
        next.endLeft();
        assertTrue(operation("3").state() instanceof OperationState.Failed(String code, String _)
                && code.equals("interrupted"), operation("3").toString());
    }

    @Test
    void anImportWaitsForANodeThatHasYetToHearOfIt() throws Exception {
        long next = ledger.log().store().appliedIndex().value() + 1;
        imports().begin(order("1", next, "shop", layout("a")));
        start("1", "shop");
        Await.until("the import ends", () -> operation("1").state().isOver());
        assertEquals(new OperationState.Succeeded("shop"), operation("1").state());
    }

    @Test
    void anImportThatWasNeverBegunIsEndedAfterAWhile() throws Exception {
        ImageImports imports = imports();
        nowMillis += 1;
        start("1", "shop");
        imports.endLeft();
        assertEquals(new OperationState.Running(), operation("1").state(), "it may be about to begin");
        nowMillis += Duration.ofMinutes(2).toMillis();
        imports.endLeft();
        assertTrue(operation("1").state() instanceof OperationState.Failed(String code, String _)
                && code.equals("interrupted"), operation("1").toString());
    }

    private OperationEntry importAs(String operation, String name, String reference) throws Exception {
        start(operation, name);
        imports().begin(order(operation, ledger.log().store().appliedIndex().value(), name, reference));
        Await.until("the import ends", () -> operation(operation).state().isOver());
        return operation(operation);
    }

    private static ImageDesk.Order order(String operation, long index, String name, String reference) {
        return new ImageDesk.Order(
                operation, index, reference, name, ExpectedVersion.ANY, new Actor.User("ada"),
                        "r-" + operation);
    }

    private void start(String operation, String name) {
        GridReply reply = access.submit(
                new OperationCommand.Start(operation, ImageDesk.KIND, name, "node-1"));
        assertTrue(reply instanceof GridReply.Accepted, reply.toString());
    }

    private OperationEntry operation(String id) {
        return access.reader().get(OperationCatalogs.OPERATIONS, id).orElseThrow().value();
    }

    private ImageImports imports() throws IOException {
        return new ImageImports("node-1", access, store("node-1"), images, blobs, clock);
    }

    private ImageRoots roots(String node) throws IOException {
        return new ImageRoots(store(node), images);
    }

    private ImageStore store(String node) throws IOException {
        return ImageStore.open(directory.resolve(node), UnpackLimits.STANDARD);
    }

    /// The reference of an image with a layer for each content.
    private String layout(String... contents) throws IOException {
        OciLayout layout = new OciLayout(directory.resolve("layout-" + String.join("-", contents)));
        for (String content : contents) {
            layout.layer(new LayerTar().file("content", content), Compression.GZIP);
        }
        layout.image("v1", Platform.here().architecture(), Map.of("Cmd", List.of("/run")));
        return "oci:" + layout.folder();
    }

    private static String contentOf(Path layer) {
        try {
            return Files.readString(layer.resolve("content"));
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }
}
