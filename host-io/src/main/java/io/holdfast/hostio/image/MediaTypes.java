package io.holdfast.hostio.image;

import java.util.Set;

/// What the pieces of images are called.
final class MediaTypes {
    static final String INDEX = "application/vnd.oci.image.index.v1+json";
    static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    static final String CONFIGURATION = "application/vnd.oci.image.config.v1+json";
    static final String LAYER = "application/vnd.oci.image.layer.v1.tar";

    private static final String DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
    private static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
    private static final Set<String> CONFIGURATIONS =
            Set.of(CONFIGURATION, "application/vnd.docker.container.image.v1+json");
    private static final Set<String> TAR = Set.of(
            LAYER,
            "application/vnd.oci.image.layer.nondistributable.v1.tar",
            "application/vnd.docker.image.rootfs.diff.tar");
    private static final Set<String> TAR_GZIP = Set.of(
            LAYER + "+gzip",
            "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
            "application/vnd.docker.image.rootfs.diff.tar.gzip",
            "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip");
    private static final Set<String> TAR_ZSTD = Set.of(
            LAYER + "+zstd",
            "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
            "application/vnd.docker.image.rootfs.diff.tar.zstd");

    /// How a layer is compressed.
    enum Compression {
        NONE,
        GZIP,
        ZSTANDARD
    }

    private MediaTypes() {}

    static boolean isIndex(String type) {
        return type.equals(INDEX) || type.equals(DOCKER_LIST);
    }

    static boolean isManifest(String type) {
        return type.equals(MANIFEST) || type.equals(DOCKER_MANIFEST);
    }

    static boolean isConfiguration(String type) {
        return CONFIGURATIONS.contains(type);
    }

    /// What a registry is asked for.
    static String accepted() {
        return String.join(", ", INDEX, MANIFEST, DOCKER_LIST, DOCKER_MANIFEST);
    }

    static Compression compressionOf(String type) throws ImageException {
        if (TAR.contains(type)) {
            return Compression.NONE;
        }
        if (TAR_GZIP.contains(type)) {
            return Compression.GZIP;
        }
        if (TAR_ZSTD.contains(type)) {
            return Compression.ZSTANDARD;
        }
        throw ImageException.invalid("not a layer of a known form: mediaType=" + type);
    }
}
