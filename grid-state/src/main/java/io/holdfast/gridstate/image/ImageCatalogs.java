package io.holdfast.gridstate.image;

import static io.holdfast.gridstate.catalog.Attribute.number;
import static io.holdfast.gridstate.catalog.Attribute.text;

import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.catalog.KeyForm;
import java.util.List;
import java.util.regex.Pattern;

/// The catalog of images.
public final class ImageCatalogs {
    public static final Catalog<String, ImageEntry> IMAGES = Catalog.of(
            "images",
            KeyForm.text(ImageCatalogs::checkedName, name -> name),
            ImageEntry.class,
            List.of(
                    text("manifest", entry -> entry.image().manifest().digest().value()),
                    number("sizeBytes", entry -> entry.image().sizeBytes()),
                    number("users", ImageEntry::userCount)));

    private static final Pattern NAME =
            Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}(?::[A-Za-z0-9_][A-Za-z0-9._-]{0,62})?");

    private ImageCatalogs() {}

    /// Whether a text may name an image: `NAME` or `NAME:TAG`.
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /// The text, if it may name an image.
    public static String checkedName(String text) {
        if (!isName(text)) {
            throw new IllegalArgumentException("an image's name is NAME or NAME:TAG; each is 1 to 63"
                    + " characters of a-z, 0-9, '.', '_' and '-', first a letter or digit; a tag may have"
                    + " capitals: name=" + text);
        }
        return text;
    }
}
