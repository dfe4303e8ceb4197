package io.holdfast.node.image;

import io.holdfast.gridstate.application.Root;
import io.holdfast.gridstate.image.ImageEntry;
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
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Roots that are OCI images, unpacked on this host when they are needed and not here. Concurrent; blocks.
public final class ImageRoots implements Roots {
    private static final Logger LOG = LoggerFactory.getLogger(ImageRoots.class);

    private static final Duration LATELY = Duration.ofMinutes(10);

    private final ImageStore store;
    private final ClusterImages images;
    private final Map<String, Resolution> resolutions = new ConcurrentHashMap<>();

    /// What a reference stands for, once that is known. Guarded by its lock.
    private static final class Resolution {
        private final ReentrantLock lock = new ReentrantLock();
        private @Nullable Found found;
    }

    private record Found(OciImage image, ResolvedRoot root) {}

    /// How an image is found.
    ///
    /// @param identity by which it is remembered
    private record Meaning(String identity, Finder finder) {}

    private interface Finder {
        OciImage find() throws IOException;
    }

    /// @param store what this host has unpacked
    /// @param images what the cluster keeps
    public ImageRoots(ImageStore store, ClusterImages images) {
        this.store = store;
        this.images = images;
    }

    /// Removes layers that were not used lately, until the rest takes no more than the bound.
    ///
    /// @param kept folders that containers stand on
    public void trim(long bytesMax, Set<Path> kept, Instant now) throws IOException {
        long freed = store.trim(bytesMax, kept, now.minus(LATELY));
        if (freed > 0) {
            LOG.info("unpacked layers were removed: bytes={} bytesMax={}", freed, bytesMax);
        }
    }

    /// About what the unpacked layers take.
    public long unpackedBytes() {
        try {
            return store.bytes();
        } catch (IOException | UncheckedIOException unreadable) {
            LOG.debug("the folder of layers cannot be read: reason={}", unreadable.getMessage());
            return 0;
        }
    }

    @Override
    public ResolvedRoot resolve(Root root) throws StartFailedException {
        if (!(root instanceof Root.Image(String reference))) {
            throw new IllegalArgumentException("not an image: root=" + root.label());
        }
        Meaning meaning = meaningOf(reference);
        Resolution resolution = resolutions.computeIfAbsent(meaning.identity(), _ -> new Resolution());
        resolution.lock.lock();
        try {
            Found known = resolution.found;
            if (known == null || !store.use(known.image())) {
                OciImage image = meaning.finder().find();
                known = new Found(image, rootOf(image));
                resolution.found = known;
            }
            return known.root();
        } catch (ImageException refused) {
            String why = refused.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
            throw new StartFailedException("the image cannot be had (" + why + "): image=" + reference
                    + " reason=" + refused.getMessage(), refused);
        } catch (IOException | IllegalArgumentException failure) {
            throw new StartFailedException(
                    "the image cannot be had: image=" + reference + " reason=" + failure.getMessage(),
                    failure);
        } finally {
            resolution.lock.unlock();
        }
    }

    private Meaning meaningOf(String reference) throws StartFailedException {
        if (!reference.startsWith(ImageEntry.REFERENCE_PREFIX)) {
            return new Meaning(reference, () -> unpack(ImageReference.parse(reference)));
        }
        String name = reference.substring(ImageEntry.REFERENCE_PREFIX.length());
        ImageEntry entry = images.find(name).orElseThrow(
                () -> new StartFailedException("the cluster has no such image: image=" + name));
        String identity = ImageEntry.REFERENCE_PREFIX + entry.image().manifest().digest();
        return new Meaning(identity, () -> unpack(identity, entry));
    }

    private ResolvedRoot rootOf(OciImage image) throws IOException {
        List<Path> layers = store.foldersOf(image);
        return new ResolvedRoot(
                new RootFileSystem(image.configuration().digest().value(), layers),
                image.settings(),
                ImageUser.resolve(image.settings().user(), layers));
    }

    /// Of an image that the cluster keeps; what the digest of its manifest means never changes.
    private OciImage unpack(String identity, ImageEntry entry) throws IOException {
        Optional<OciImage> known = store.recall(identity);
        if (known.isPresent() && store.use(known.get())) {
            return known.get();
        }
        try (ImageSource source = images.source(entry)) {
            OciImage image = store.read(source);
            var _ = store.unpack(source, image);
            store.remember(identity, image);
            return image;
        }
    }

    private OciImage unpack(ImageReference reference) throws IOException {
        try (ImageSource source = ImageSources.open(reference)) {
            OciImage image = store.read(source);
            var _ = store.unpack(source, image);
            store.remember(reference.toString(), image);
            return image;
        } catch (ImageException refused) {
            if (refused.kind() != ImageException.Kind.UNAVAILABLE) {
                throw refused;
            }
            Optional<OciImage> known = store.recall(reference.toString());
            LOG.warn("an image's source is out of reach: image={} isKnown={} reason={}", reference,
                    known.isPresent(), refused.getMessage());
            return known.orElseThrow(() -> refused);
        }
    }
}
