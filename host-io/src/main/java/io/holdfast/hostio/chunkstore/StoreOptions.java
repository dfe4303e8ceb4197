package io.holdfast.hostio.chunkstore;

import java.util.random.RandomGenerator;

/// How a store is opened.
///
/// @param geometry for a disk that has no store yet
/// @param openFilesMax segment files kept open per disk
/// @param indexBytesMax memory for row indexes per disk; about 12 bytes per strip of the fragments in use
/// @param random draws instance and nonces
public record StoreOptions(
        StoreGeometry geometry, int openFilesMax, long indexBytesMax, RandomGenerator random) {
    private static final int OPEN_FILES_MAX = 256;
    private static final long INDEX_BYTES_MAX = 64L << 20;

    public static StoreOptions defaults(RandomGenerator random) {
        return new StoreOptions(StoreGeometry.DEFAULT, OPEN_FILES_MAX, INDEX_BYTES_MAX, random);
    }
}
