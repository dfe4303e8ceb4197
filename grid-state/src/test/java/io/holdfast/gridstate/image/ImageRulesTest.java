package io.holdfast.gridstate.image;

import static io.holdfast.gridstate.image.ImageCatalogs.IMAGES;
import static io.holdfast.gridstate.layer.LayerCatalogs.LAYERS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.gridstate.application.ApplicationSpec;
import io.holdfast.gridstate.application.GroupMember;
import io.holdfast.gridstate.application.Root;
import io.holdfast.gridstate.chunkmap.StoredBlob;
import io.holdfast.gridstate.command.ApplicationCommand;
import io.holdfast.gridstate.command.ImageCommand;
import io.holdfast.gridstate.command.LayerCommand;
import io.holdfast.gridstate.layer.LayerDraft;
import io.holdfast.gridstate.layer.LayerState;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.gridstate.testing.GridHarness;
import io.holdfast.gridstate.testing.Samples;
import io.holdfast.hostio.id.LayerDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ImageRulesTest {
    private static final ApplicationKey SHOP = new ApplicationKey("default", "shop");

    private final GridHarness grid = GridHarness.founded();

    @Test
    void anImageHasAllItsParts() {
        register(digest('a'));
        assertEquals(RefusalCode.NOT_FOUND, grid.refuse(put("shop", 'a', 'b')));
        assertEquals(new LayerState.Unreferenced(grid.timeMillis()), grid.get(LAYERS, digest('a')).state());
        register(digest('b'));
        grid.accept(put("shop", 'a', 'b'));
        assertEquals(new LayerState.Referenced(1), grid.get(LAYERS, digest('a')).state());
        assertEquals(2 * 4_096, grid.get(IMAGES, "shop").image().sizeBytes());
    }

    @Test
    void aPartStaysAsLongAsAnImageHasIt() {
        List.of('a', 'b', 'c').forEach(each -> register(digest(each)));
        grid.accept(put("shop", 'a', 'b'));
        grid.accept(put("shop:v2", 'a', 'c'));
        assertEquals(new LayerState.Referenced(2), grid.get(LAYERS, digest('a')).state());
        grid.accept(put("shop", 'b', 'c'));
        assertEquals(new LayerState.Referenced(1), grid.get(LAYERS, digest('a')).state());
        assertEquals(new LayerState.Referenced(2), grid.get(LAYERS, digest('c')).state());
        grid.accept(new ImageCommand.Delete("shop:v2", ExpectedVersion.ANY));
        assertEquals(new LayerState.Unreferenced(grid.timeMillis()), grid.get(LAYERS, digest('a')).state());
        assertEquals(new LayerState.Referenced(1), grid.get(LAYERS, digest('c')).state());
    }

    @Test
    void anImageThatApplicationsNameIsKept() {
        assertEquals(RefusalCode.NOT_FOUND, grid.refuse(define("cluster:shop")));
        List.of('a', 'b').forEach(each -> register(digest(each)));
        grid.accept(put("shop", 'a', 'b'));
        grid.accept(define("cluster:shop"));
        grid.accept(define("cluster:shop"));
        assertEquals(1, grid.get(IMAGES, "shop").userCount());
        assertEquals(
                RefusalCode.IN_USE, grid.refuse(new ImageCommand.Delete("shop", ExpectedVersion.ANY)));
        grid.accept(put("shop", 'b', 'a'));
        assertEquals(1, grid.get(IMAGES, "shop").userCount());
        grid.accept(define("oci:/srv/shop"));
        assertEquals(0, grid.get(IMAGES, "shop").userCount());
        grid.accept(define("cluster:shop"));
        grid.accept(new ApplicationCommand.Delete(SHOP, ExpectedVersion.ANY));
        grid.accept(new ImageCommand.Delete("shop", ExpectedVersion.ANY));
        assertTrue(grid.find(IMAGES, "shop").isEmpty());
    }

    @Test
    void everyImageOfAGroupIsKeptAndCountedOnce() {
        List.of('a', 'b').forEach(each -> register(digest(each)));
        grid.accept(put("shop", 'a', 'b'));
        assertEquals(RefusalCode.NOT_FOUND, grid.refuse(defineGroup("cluster:shop", "cluster:db")));
        assertEquals(0, grid.get(IMAGES, "shop").userCount());
        grid.accept(put("db", 'b', 'a'));
        grid.accept(defineGroup("cluster:shop", "cluster:db", "cluster:db", "oci:/srv/cache"));
        assertEquals(1, grid.get(IMAGES, "shop").userCount());
        assertEquals(1, grid.get(IMAGES, "db").userCount());
        grid.accept(defineGroup("cluster:db"));
        assertEquals(0, grid.get(IMAGES, "shop").userCount());
        assertEquals(
                RefusalCode.IN_USE, grid.refuse(new ImageCommand.Delete("db", ExpectedVersion.ANY)));
        grid.accept(new ApplicationCommand.Delete(SHOP, ExpectedVersion.ANY));
        assertEquals(0, grid.get(IMAGES, "db").userCount());
    }

    @Test
    void aBlobWithAnotherDigestIsNotTheLayer() {
        LayerDraft other = LayerDraft.in(blob(digest('b')), "application/x");
        assertEquals(
                RefusalCode.INVALID,
                grid.refuse(new LayerCommand.Register(digest('a'), other, Optional.empty())));
        assertThrows(
                IllegalArgumentException.class,
                () -> new LayerDraft(7, "application/x", List.of(), Optional.of(blob(digest('a')))));
    }

    @Test
    void namesHaveATagOrNone() {
        for (String name : List.of("a", "shop", "shop.api-2", "shop:v2", "shop:V2.1_b")) {
            assertTrue(ImageCatalogs.isName(name), name);
        }
        for (String name : List.of("", ":v2", "Shop", "shop:", "shop:v2:v3", "a/b", "shop@sha256:00", "-a",
                "a".repeat(64), "a:" + "b".repeat(64), "oci:/srv/shop", "a b")) {
            assertFalse(ImageCatalogs.isName(name), name);
        }
    }

    private void register(LayerDigest digest) {
        grid.accept(new LayerCommand.Register(
                digest, LayerDraft.in(blob(digest), "application/x"), Optional.empty()));
    }

    private static StoredBlob blob(LayerDigest digest) {
        return new StoredBlob(Samples.STREAM, 0, 4_096, digest);
    }

    /// An image with this manifest and this configuration.
    private static ImageCommand.Put put(String name, char manifest, char configuration) {
        ImageDraft draft = new ImageDraft(
                "oci:/srv/shop", "linux/amd64", digest(configuration), part(manifest),
                List.of(part(configuration)));
        return new ImageCommand.Put(name, draft, ExpectedVersion.ANY);
    }

    private static ImagePart part(char digit) {
        return new ImagePart("application/x", digest(digit), 4_096);
    }

    private static LayerDigest digest(char digit) {
        return new LayerDigest("sha256:" + String.valueOf(digit).repeat(64));
    }

    private static ApplicationCommand.Define defineGroup(String... references) {
        List<GroupMember> members = new ArrayList<>();
        for (String reference : references) {
            members.add(new GroupMember(
                    "m" + members.size(), new Root.Image(reference), List.of(), List.of(), "/"));
        }
        ApplicationSpec spec = Samples.APPLICATION_SPEC;
        return new ApplicationCommand.Define(
                SHOP,
                new ApplicationSpec(
                        new Root.Group(members), List.of(), List.of(), "/", spec.port(), spec.access(),
                        List.of(), spec.limits(), spec.probe(), spec.scaling(), spec.snapshots()),
                ExpectedVersion.ANY);
    }

    private static ApplicationCommand.Define define(String reference) {
        ApplicationSpec spec = Samples.APPLICATION_SPEC;
        return new ApplicationCommand.Define(
                SHOP,
                new ApplicationSpec(
                        new Root.Image(reference), spec.command(), spec.environment(), spec.workingFolder(),
                        spec.port(), spec.access(), spec.mounts(), spec.limits(), spec.probe(),
                        spec.scaling(), spec.snapshots()),
                ExpectedVersion.ANY);
    }
}
