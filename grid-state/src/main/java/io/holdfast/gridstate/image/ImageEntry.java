package io.holdfast.gridstate.image;

import io.holdfast.gridstate.catalog.Check;

/// An image that the cluster keeps.
///
/// @param image what it is
/// @param importedMillis when its name came to mean it
/// @param userCount applications whose specification names it
public record ImageEntry(ImageDraft image, long importedMillis, int userCount) {
    /// What an image's reference in a specification begins with, if the cluster keeps it.
    public static final String REFERENCE_PREFIX = "cluster:";

    public ImageEntry {
        Check.notNegative("a time", importedMillis);
        Check.notNegative("a count of users", userCount);
    }

    ImageEntry withUsers(int count) {
        return new ImageEntry(image, importedMillis, count);
    }
}
