package io.holdfast.gridstate.image;

import static io.holdfast.gridstate.image.ImageCatalogs.IMAGES;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.gridstate.application.ApplicationSpec;
import io.holdfast.gridstate.application.Root;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.layer.LayerCatalogs;
import io.holdfast.gridstate.layer.LayerEntry;
import io.holdfast.gridstate.layer.LayerRules;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.GridReply.Accepted;
import io.holdfast.gridstate.rule.GridReply.Refused;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.rule.Refusals;
import io.holdfast.gridstate.rule.RuleScope;
import io.holdfast.hostio.id.LayerDigest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The rules of images. Which applications name an image stands in an index, key `image | 0 | application`.
/// Immutable; confined to the apply thread by what it is given.
public final class ImageRules {
    /// Images on record.
    public static final long IMAGES_MAX = 10_000;

    private static final Keyspace USERS = new Keyspace("image-users");
    private static final String COUNTER = "images";
    private static final byte[] NO_BYTES = {};

    private final LayerRules layers;

    public ImageRules(LayerRules layers) {
        this.layers = layers;
    }

    public static List<Keyspace> indexes() {
        return List.of(USERS);
    }

    /// Lets a name mean an image all of whose parts are in the registry.
    public GridReply put(RuleScope scope, String name, ImageDraft draft, ExpectedVersion expected) {
        Optional<Versioned<String, ImageEntry>> found = scope.findVersioned(IMAGES, name);
        if (!expected.isMetBy(found)) {
            return Refusals.mismatch("image", name, found);
        }
        if (found.isEmpty()) {
            long count = scope.counter(COUNTER);
            if (count == IMAGES_MAX) {
                return Refusals.full("images", IMAGES_MAX);
            }
            scope.setCounter(COUNTER, count + 1);
        }
        Set<LayerDigest> wanted = partsOf(draft);
        for (LayerDigest part : wanted) {
            if (scope.find(LayerCatalogs.LAYERS, part).flatMap(LayerEntry::blob).isEmpty()) {
                return Refusals.notFound("layer in the chunk store", part);
            }
            if (layers.addReference(scope, part, referrer(name)) instanceof Refused refused) {
                return refused;
            }
        }
        found.ifPresent(before -> giveBack(scope, name, before.value(), wanted));
        int users = found.map(before -> before.value().userCount()).orElse(0);
        scope.put(IMAGES, name, new ImageEntry(draft, scope.timeMillis(), users));
        return new Accepted(scope.version());
    }

    public GridReply delete(RuleScope scope, String name, ExpectedVersion expected) {
        Optional<Versioned<String, ImageEntry>> found = scope.findVersioned(IMAGES, name);
        if (found.isEmpty()) {
            return Refusals.notFound("image", name);
        }
        if (!expected.isMetBy(found)) {
            return Refusals.mismatch("image", name, found);
        }
        if (found.get().value().userCount() > 0) {
            return GridReply.refuse(
                    RefusalCode.IN_USE,
                    "applications run from the image: " + name + " applications="
                            + found.get().value().userCount(),
                    "delete these first, or give them another image");
        }
        giveBack(scope, name, found.get().value(), Set.of());
        scope.setCounter(COUNTER, scope.counter(COUNTER) - 1);
        scope.remove(IMAGES, name);
        return new Accepted(scope.version());
    }

    /// Gives the parts back that are no longer wanted.
    private void giveBack(RuleScope scope, String name, ImageEntry before, Set<LayerDigest> wanted) {
        for (LayerDigest part : partsOf(before.image())) {
            if (!wanted.contains(part)
                    && layers.removeReference(scope, part, referrer(name)) instanceof Refused refused) {
                throw new IllegalStateException("an image without its part: image=" + name + " " + refused);
            }
        }
    }

    private static Set<LayerDigest> partsOf(ImageDraft draft) {
        Set<LayerDigest> parts = new LinkedHashSet<>();
        parts.add(draft.manifest().digest());
        draft.parts().forEach(part -> parts.add(part.digest()));
        return parts;
    }

    private static String referrer(String image) {
        return "image/" + image;
    }

    /// Keeps count of who names which image, as an application's specification changes.
    ///
    /// @param application its key's text
    /// @return why it must not be: the image does not exist
    public static Optional<Refused> changeUser(
            RuleScope scope,
            String application,
            Optional<ApplicationSpec> before,
            Optional<ApplicationSpec> after) {
        Set<String> former = before.map(ImageRules::imagesOf).orElse(Set.of());
        Set<String> next = after.map(ImageRules::imagesOf).orElse(Set.of());
        for (String image : next) {
            if (scope.find(IMAGES, image).isEmpty()) {
                return Optional.of(new Refused(
                        RefusalCode.NOT_FOUND,
                        "no such image: " + image,
                        "import it first: holdfast image import FILE|REFERENCE --name " + image));
            }
        }
        former.stream().filter(image -> !next.contains(image))
                .forEach(image -> count(scope, image, application, -1));
        next.stream().filter(image -> !former.contains(image))
                .forEach(image -> count(scope, image, application, 1));
        return Optional.empty();
    }

    private static void count(RuleScope scope, String image, String application, int by) {
        byte[] key = (image + "\0" + application).getBytes(UTF_8);
        if (scope.hasIndex(USERS, key) == by > 0) {
            return;
        }
        if (by > 0) {
            scope.putIndex(USERS, key, NO_BYTES);
        } else {
            scope.deleteIndex(USERS, key);
        }
        scope.find(IMAGES, image)
                .ifPresent(entry -> scope.put(IMAGES, image, entry.withUsers(entry.userCount() + by)));
    }

    /// The names of the images of the cluster that a specification runs from, in its order.
    public static Set<String> imagesOf(ApplicationSpec spec) {
        Set<String> images = new LinkedHashSet<>();
        switch (spec.root()) {
            case Root.Plain plain -> imageOf(plain).ifPresent(images::add);
            case Root.Group group ->
                group.members().forEach(member -> imageOf(member.root()).ifPresent(images::add));
        }
        return images;
    }

    private static Optional<String> imageOf(Root.Plain root) {
        return root instanceof Root.Image(String reference)
                        && reference.startsWith(ImageEntry.REFERENCE_PREFIX)
                ? Optional.of(reference.substring(ImageEntry.REFERENCE_PREFIX.length()))
                : Optional.empty();
    }
}
