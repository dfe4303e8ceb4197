package io.holdfast.hostio.container;

import java.nio.file.Path;
import java.time.Duration;

/// A wish for a further container that goes on from a checkpoint.
///
/// @param spec what the new container is and may do; its program, root digest and mounts must be those the
///     checkpoint was made with, its name, files and limits are its own
/// @param folder where the image lies
/// @param manifestDigest as the catalog knows it; anything else in the folder is refused
/// @param way how it is done
/// @param staysFrozen whether it stands still after the restore until it is thawed; the hooks then run at
///     the thaw
/// @param deadline after which nothing of it is left
public record RestoreRequest(
        ContainerSpec spec, Path folder, String manifestDigest, Way way, boolean staysFrozen,
                Duration deadline) {
    private static final Duration DEADLINE_DEFAULT = Duration.ofSeconds(30);

    /// Two ways to the same result.
    public enum Way {
        /// CRIU is driven directly.
        FAST,
        /// The container tool drives CRIU: slower, the reference.
        CAREFUL
    }

    /// The fast way, going on at once.
    public static RestoreRequest of(ContainerSpec spec, CheckpointImage image) {
        return new RestoreRequest(
                spec, image.folder(), image.manifestDigest(), Way.FAST, false, DEADLINE_DEFAULT);
    }

    public RestoreRequest withWay(Way changed) {
        return new RestoreRequest(spec, folder, manifestDigest, changed, staysFrozen, deadline);
    }

    public RestoreRequest frozen() {
        return new RestoreRequest(spec, folder, manifestDigest, way, true, deadline);
    }
}
