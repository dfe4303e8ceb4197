package io.holdfast.hostio.container;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

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
/// @param permission asked once, when all stands complete, whether it may go on; may block
public record RestoreRequest(
        ContainerSpec spec,
        Path folder,
        String manifestDigest,
        Way way,
        boolean staysFrozen,
        Duration deadline,
        Optional<String> circle,
        BooleanSupplier permission) {
    private static final Duration DEADLINE_DEFAULT = Duration.ofSeconds(30);

    /// Two ways to the same result.
    public enum Way {
        /// CRIU is driven directly.
        FAST,
        /// The container tool drives CRIU: slower, the reference.
        CAREFUL
    }

    /// One that shares no memory and needs no permission.
    public RestoreRequest(
            ContainerSpec spec, Path folder, String manifestDigest, Way way, boolean staysFrozen,
                    Duration deadline) {
        this(spec, folder, manifestDigest, way, staysFrozen, deadline, Optional.empty(), () -> true);
    }

    /// The fast way, going on at once.
    public static RestoreRequest of(ContainerSpec spec, CheckpointImage image) {
        return new RestoreRequest(
                spec, image.folder(), image.manifestDigest(), Way.FAST, false, DEADLINE_DEFAULT);
    }

    public RestoreRequest withWay(Way changed) {
        return new RestoreRequest(
                spec, folder, manifestDigest, changed, staysFrozen, deadline, circle, permission);
    }

    public RestoreRequest frozen() {
        return new RestoreRequest(
                spec, folder, manifestDigest, way, true, deadline, circle, permission);
    }

    /// The same, which goes on only if it may then.
    public RestoreRequest withPermission(BooleanSupplier asked) {
        return new RestoreRequest(
                spec, folder, manifestDigest, way, staysFrozen, deadline, circle, asked);
    }

    /// The same for another container.
    public RestoreRequest withId(ContainerId changed) {
        return new RestoreRequest(
                spec.withId(changed), folder, manifestDigest, way, staysFrozen, deadline, circle, permission);
    }

    /// The same, sharing memory within a circle, if that can be.
    public RestoreRequest sharing(Optional<String> changed) {
        return new RestoreRequest(
                spec, folder, manifestDigest, way, staysFrozen, deadline, changed, permission);
    }
}
