package io.holdfast.hostio.container;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

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
/// @param circle among which the kernel may keep equal pages of memory once; empty for none. Whoever shares
///     memory can find out by timing what others have in theirs, so a circle holds only what trusts each
///     other. The machine has one at a time: beside containers of another circle nothing is shared
public record RestoreRequest(
        ContainerSpec spec, Path folder, String manifestDigest, Way way, boolean staysFrozen,
                Duration deadline, Optional<String> circle) {
    private static final Duration DEADLINE_DEFAULT = Duration.ofSeconds(30);

    /// Two ways to the same result.
    public enum Way {
        /// CRIU is driven directly.
        FAST,
        /// The container tool drives CRIU: slower, the reference.
        CAREFUL
    }

    /// One that shares no memory.
    public RestoreRequest(
            ContainerSpec spec, Path folder, String manifestDigest, Way way, boolean staysFrozen,
                    Duration deadline) {
        this(spec, folder, manifestDigest, way, staysFrozen, deadline, Optional.empty());
    }

    /// The fast way, going on at once.
    public static RestoreRequest of(ContainerSpec spec, CheckpointImage image) {
        return new RestoreRequest(
                spec, image.folder(), image.manifestDigest(), Way.FAST, false, DEADLINE_DEFAULT);
    }

    public RestoreRequest withWay(Way changed) {
        return new RestoreRequest(spec, folder, manifestDigest, changed, staysFrozen, deadline, circle);
    }

    public RestoreRequest frozen() {
        return new RestoreRequest(spec, folder, manifestDigest, way, true, deadline, circle);
    }

    /// The same for another container.
    public RestoreRequest withId(ContainerId changed) {
        return new RestoreRequest(
                spec.withId(changed), folder, manifestDigest, way, staysFrozen, deadline, circle);
    }

    /// The same, sharing memory within a circle, if that can be.
    public RestoreRequest sharing(Optional<String> changed) {
        return new RestoreRequest(spec, folder, manifestDigest, way, staysFrozen, deadline, changed);
    }
}
