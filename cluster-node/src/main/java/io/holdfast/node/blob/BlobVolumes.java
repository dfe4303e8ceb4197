package io.holdfast.node.blob;

import io.holdfast.gridstate.chunkmap.Profile;

/// What volumes of blobs are called and how they are written.
public final class BlobVolumes {
    /// Begins the names of volumes that belong to the cluster itself.
    public static final String PREFIX = "system.";

    private static final String NAME = PREFIX + "blobs-";

    private BlobVolumes() {}

    /// The name of a node's volume of blobs.
    ///
    /// @param node the node's number, which no other ever gets
    static String nameOf(int node) {
        return NAME + node;
    }

    /// Whether a volume of this name holds blobs.
    static boolean isOne(String volume) {
        return volume.startsWith(NAME);
    }

    /// The number of the node whose volume it is.
    static int nodeOf(String volume) {
        return Integer.parseInt(volume.substring(NAME.length()));
    }

    /// What suits so many hosts: one of them may be lost, from six on two.
    static Profile profileFor(int nodes) {
        return switch (nodes) {
            case 0, 1 -> new Profile(1, 0, Profile.Spread.NODE);
            case 2 -> new Profile(1, 1, Profile.Spread.NODE);
            case 3 -> new Profile(2, 1, Profile.Spread.NODE);
            case 4, 5 -> new Profile(3, 1, Profile.Spread.NODE);
            default -> new Profile(4, 2, Profile.Spread.NODE);
        };
    }
}
