package io.holdfast.node.image;

import io.holdfast.gridstate.application.Root;
import io.holdfast.hostio.container.RootFileSystem;
import io.holdfast.hostio.image.ImageException;
import io.holdfast.hostio.image.ImageReference;
import io.holdfast.hostio.image.ImageSource;
import io.holdfast.hostio.image.ImageSources;
import io.holdfast.hostio.image.ImageStore;
import io.holdfast.hostio.image.ImageUser;
import io.holdfast.hostio.image.OciImage;
import io.holdfast.node.app.ResolvedRoot;
import io.holdfast.node.app.Roots;
import io.holdfast.node.app.StartFailedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Roots that are OCI images, unpacked on this host when they are first needed. Concurrent; blocks.
public final class ImageRoots implements Roots {
    private static final Logger LOG = LoggerFactory.getLogger(ImageRoots.class);

    private final ImageStore store;
    private final Map<String, Resolution> resolutions = new ConcurrentHashMap<>();

    /// What a reference stands for, once that is known. Guarded by its lock.
    private static final class Resolution {
        private final ReentrantLock lock = new ReentrantLock();
        private List<ResolvedRoot> found = List.of();
    }

    public ImageRoots(ImageStore store) {
        this.store = store;
    }

    @Override
    public ResolvedRoot resolve(Root root) throws StartFailedException {
        if (!(root instanceof Root.Image(String reference))) {
            throw new IllegalArgumentException("not an image: root=" + root.label());
        }
        Resolution resolution = resolutions.computeIfAbsent(reference, _ -> new Resolution());
        resolution.lock.lock();
        try {
            if (resolution.found.isEmpty()) {
                resolution.found = List.of(unpack(reference));
            }
            return resolution.found.getFirst();
        } finally {
            resolution.lock.unlock();
        }
    }

    private ResolvedRoot unpack(String text) throws StartFailedException {
        try {
            OciImage image = unpack(ImageReference.parse(text));
            List<Path> layers = store.foldersOf(image);
            return new ResolvedRoot(
                    new RootFileSystem(image.configuration().digest().value(), layers),
                    image.settings(),
                    ImageUser.resolve(image.settings().user(), layers));
        } catch (ImageException refused) {
            String why = refused.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
            throw new StartFailedException("the image cannot be had (" + why + "): image=" + text + " reason="
                    + refused.getMessage(), refused);
        } catch (IOException | IllegalArgumentException failure) {
            throw new StartFailedException(
                    "the image cannot be had: image=" + text + " reason=" + failure.getMessage(), failure);
        }
    }

    private OciImage unpack(ImageReference reference) throws IOException {
        try (ImageSource source = ImageSources.open(reference)) {
            OciImage image = store.read(source);
            var _ = store.unpack(source, image);
            store.remember(reference, image);
            return image;
        } catch (ImageException refused) {
            if (refused.kind() != ImageException.Kind.UNAVAILABLE) {
                throw refused;
            }
            Optional<OciImage> known = store.recall(reference);
            LOG.warn("an image's source is out of reach: image={} isKnown={} reason={}", reference,
                    known.isPresent(), refused.getMessage());
            return known.orElseThrow(() -> refused);
        }
    }
}
