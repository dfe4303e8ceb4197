package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.checkpoint.ImageManifest;
import io.holdfast.hostio.checkpoint.MemoryFill;
import io.holdfast.hostio.container.RestoreRequest;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where the memory of a container that is being restored comes from: all of it from the images before it
/// goes on, or what it needs soon, and the rest while it runs. The first time an image is restored here all
/// comes before: what it needs soon is not known, and finding out takes longer than it may ever save.
/// Confined to its caller.
final class MemorySource implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MemorySource.class);

    /// With less, what it takes to fill in the rest costs more than it brings.
    private static final long BYTES_MIN = 32L << 20;

    private static final int PAGE_BYTES = 4_096;

    private final ShownImages images;
    private @Nullable Filling filling;
    private boolean areImagesFilling;

    private MemorySource(ShownImages images) {
        this.images = images;
    }

    /// Makes it ready for a container whose folder is made.
    static MemorySource of(Host host, RestoreRequest request, ImageManifest manifest) throws IOException {
        ContainerFolder folder = host.folder(request.spec().id());
        Optional<WorkingSets.Known> known = isForIt(host, request, manifest)
                ? host.workingSets().restoring(request.manifestDigest())
                : Optional.empty();
        boolean isGradual = known.isPresent()
                && (long) known.get().set().size() * PAGE_BYTES < manifest.statistics().memoryBytes() / 2;
        MemorySource source = new MemorySource(
                ShownImages.of(request, folder, isGradual ? known.get().images() : Map.of()));
        if (isGradual) {
            try {
                source.filling = Filling.begin(host, request, source.images);
            } catch (IOException failure) {
                source.close();
                throw failure;
            }
        }
        return source;
    }

    /// A copy that stands still waits for nobody, and what members share is not several programs' own.
    private static boolean isForIt(Host host, RestoreRequest request, ImageManifest manifest)
            throws IOException {
        return host.workingSets().isOfUse()
                && request.way() == RestoreRequest.Way.FAST
                && !request.staysFrozen()
                && request.circle().isEmpty()
                && manifest.statistics().memoryBytes() >= BYTES_MIN
                && MemoryFill.isFor(request.folder().resolve("criu"));
    }

    ShownImages images() {
        return images;
    }

    /// What fills in memory later, once it is ready; empty if all comes before, also because this host knows
    /// no other way.
    Optional<Filling> filling(Host host) throws IOException {
        Filling begun = filling;
        if (begun == null) {
            return Optional.empty();
        }
        try {
            begun.awaitReady();
            return Optional.of(begun);
        } catch (IOException unable) {
            LOG.info("from now on memory is restored whole: reason={}", unable.getMessage());
            host.workingSets().giveUp();
            begun.giveUp();
            filling = null;
            return Optional.empty();
        }
    }

    /// The container has what it needs of this from now on.
    void handTo(LinuxContainer container) {
        Filling begun = filling;
        if (begun != null) {
            filling = null;
            areImagesFilling = true;
            container.fillWith(begun);
        }
    }

    @Override
    public void close() throws IOException {
        Filling begun = filling;
        if (begun != null) {
            begun.undo();
        } else if (!areImagesFilling) {
            images.close();
        }
    }
}
