package io.holdfast.hostio.image;

import static io.holdfast.hostio.image.ImageException.Kind.TOO_LARGE;

import com.github.luben.zstd.ZstdInputStream;
import io.holdfast.hostio.id.LayerDigest;
import io.holdfast.hostio.mount.OwnedFolder;
import io.holdfast.hostio.nativeaccess.OpenFolder;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The layers that this machine has unpacked, each once, whichever images it belongs to. Concurrent: a layer
/// is unpacked by one thread while others that want it wait.
///
/// - `FOLDER/layers/DIGEST`: a whole layer, named by the digest of its uncompressed bytes
/// - `FOLDER/names/NUMBER`: what a reference meant when it was last looked up
/// - `FOLDER/uses/DIGEST`: what a layer takes and when it was last used
/// - `FOLDER/new-NUMBER`: a layer that is being made; what is found at the start is removed
public final class ImageStore {
    private static final Logger LOG = LoggerFactory.getLogger(ImageStore.class);
    private static final String FRESH = "new-";

    /// Enough of a digest to name a layer, and short enough for 64 names in one mount.
    private static final int NAME_DIGITS = 32;

    /// What a tar file has besides the content of an entry: its header, a long name, padding.
    private static final long HEADER_BYTES = 4_096;

    /// What follows the last file of a layer: padding.
    private static final long TRAILER_BYTES_MAX = 1 << 20;

    private final Path folder;
    private final UnpackLimits limits;
    private final Platform platform;
    private final LayerUses uses;
    private final ConcurrentHashMap<Path, ReentrantLock> locks = new ConcurrentHashMap<>();

    private ImageStore(Path folder, UnpackLimits limits, Platform platform) {
        this.folder = folder;
        this.limits = limits;
        this.platform = platform;
        this.uses = new LayerUses(folder.resolve("layers"), folder.resolve("uses"));
    }

    /// Opens a store, and removes what its predecessor had begun and not finished.
    public static ImageStore open(Path folder, UnpackLimits limits) throws IOException {
        Files.createDirectories(folder.resolve("layers"));
        Files.createDirectories(folder.resolve("names"));
        Files.createDirectories(folder.resolve("uses"));
        Path real = folder.toRealPath();
        try (DirectoryStream<Path> begun = Files.newDirectoryStream(real, FRESH + "*")) {
            for (Path each : begun) {
                new OwnedFolder(real).deleteBelow(each);
            }
        }
        return new ImageStore(real, limits, Platform.here());
    }

    /// Reads which image a source has for this machine, without its layers.
    public OciImage read(ImageSource source) throws IOException {
        return new ImageReader(platform, limits.layerCountMax()).read(source);
    }

    /// Makes sure that every layer of an image is here.
    ///
    /// @return their folders, the topmost first, each once
    public List<Path> unpack(ImageSource source, OciImage image) throws IOException {
        for (OciImage.Layer layer : image.layers()) {
            unpack(source, layer);
        }
        return foldersOf(image);
    }

    /// Whether every layer of an image is here; if so, they are used now.
    public boolean use(OciImage image) throws IOException {
        for (OciImage.Layer layer : image.layers()) {
            if (!use(placeOf(layer.unpackedDigest()))) {
                return false;
            }
        }
        return true;
    }

    private boolean use(Path place) throws IOException {
        ReentrantLock lock = lockOf(place);
        lock.lock();
        try {
            boolean isHere = Files.isDirectory(place);
            if (isHere) {
                uses.note(place, Instant.now());
            }
            return isHere;
        } finally {
            lock.unlock();
        }
    }

    /// Removes layers, the ones used longest ago first, until the rest takes no more than the bound.
    ///
    /// @param kept layers' folders that something stands on
    /// @param unusedSince what was used later stays in any case: somebody may be about to stand on it
    /// @return about how many bytes went
    public long trim(long bytesMax, Set<Path> kept, Instant unusedSince) throws IOException {
        List<LayerUses.Use> all = uses.all();
        long left = all.stream().mapToLong(LayerUses.Use::bytes).sum();
        long before = left;
        for (LayerUses.Use use : all) {
            if (left <= bytesMax) {
                break;
            }
            if (!kept.contains(use.layer()) && remove(use.layer(), unusedSince)) {
                left -= use.bytes();
            }
        }
        return before - left;
    }

    private boolean remove(Path layer, Instant unusedSince) throws IOException {
        ReentrantLock lock = lockOf(layer);
        lock.lock();
        try {
            if (uses.of(layer).last().isAfter(unusedSince)) {
                return false;
            }
            // What is being removed is no layer any more, even if that is not brought to its end.
            Path going = Files.createTempDirectory(folder, FRESH);
            Files.move(layer, going.resolve("layer"), StandardCopyOption.ATOMIC_MOVE);
            uses.forget(layer);
            new OwnedFolder(folder).deleteBelow(going);
            LOG.info("a layer is removed that was not used lately: layer={}", layer.getFileName());
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// About what all layers take.
    public long bytes() throws IOException {
        return uses.all().stream().mapToLong(LayerUses.Use::bytes).sum();
    }

    /// Remembers what a reference meant, for a time when its source is out of reach.
    public void remember(String reference, OciImage image) throws IOException {
        names().remember(reference, image);
    }

    /// What a reference meant when it was last looked up, if all its layers are here.
    public Optional<OciImage> recall(String reference) {
        return names().recall(reference)
                .filter(image -> foldersOf(image).stream().allMatch(Files::isDirectory));
    }

    private RememberedImages names() {
        return new RememberedImages(folder.resolve("names"));
    }

    /// The folders of an image's layers, the topmost first, each once: a layer below itself adds nothing, and
    /// overlayfs refuses it.
    public List<Path> foldersOf(OciImage image) {
        return image.layers().reversed().stream().map(layer -> placeOf(layer.unpackedDigest())).distinct()
                .toList();
    }

    private Path placeOf(LayerDigest digest) {
        String digits = digest.value().substring(digest.value().indexOf(':') + 1);
        return folder.resolve("layers").resolve(digits.substring(0, NAME_DIGITS));
    }

    private void unpack(ImageSource source, OciImage.Layer layer) throws IOException {
        Path place = placeOf(layer.unpackedDigest());
        ReentrantLock lock = lockOf(place);
        lock.lock();
        try {
            if (Files.isDirectory(place)) {
                uses.note(place, Instant.now());
            } else {
                unpackTo(source, layer, place);
            }
        } finally {
            lock.unlock();
        }
    }

    private ReentrantLock lockOf(Path place) {
        return locks.computeIfAbsent(place, _ -> new ReentrantLock());
    }

    private void unpackTo(ImageSource source, OciImage.Layer layer, Path place) throws IOException {
        Path fresh = Files.createTempDirectory(folder, FRESH);
        try {
            LayerUnpacker.Unpacked unpacked;
            try (InputStream stored = source.open(layer.blob())) {
                unpacked = unpack(stored, layer, fresh);
            }
            OpenFolder.sync(fresh);
            Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
            OpenFolder.sync(folder);
            uses.begin(place, unpacked.entryCount(), unpacked.bytes());
            LOG.info("a layer is unpacked: digest={} entries={} bytes={}", layer.unpackedDigest(),
                    unpacked.entryCount(), unpacked.bytes());
        } catch (IOException failure) {
            new OwnedFolder(folder).deleteBelow(fresh);
            throw failure;
        }
    }

    /// Unpacks and, at the end, requires that both digests are right.
    private LayerUnpacker.Unpacked unpack(InputStream stored, OciImage.Layer layer, Path fresh)
            throws IOException {
        String what = layer.blob().digest().value();
        Files.setPosixFilePermissions(
                fresh, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        MessageDigest digest = Digests.of(layer.unpackedDigest());
        VerifiedInput verified = new VerifiedInput(stored, layer.blob());
        long bytesMax = limits.bytesMax() + limits.entryCountMax() * HEADER_BYTES + TRAILER_BYTES_MAX;
        try (InputStream plain = decompressed(verified, layer.blob(), what);
                InputStream counted = new DigestInputStream(new Limited(plain, bytesMax, what), digest)) {
            LayerUnpacker.Unpacked unpacked =
                    new LayerUnpacker(limits, what).unpack(new Unclosed(counted), fresh);
            drain(counted, what);
            drain(verified, what);
            Digests.require(layer.unpackedDigest(), digest);
            return unpacked;
        }
    }

    private static InputStream decompressed(InputStream stored, Blob blob, String what) throws IOException {
        try {
            return switch (MediaTypes.compressionOf(blob.mediaType())) {
                case NONE -> stored;
                case GZIP -> GzipCompressorInputStream.builder()
                        .setInputStream(stored)
                        .setDecompressConcatenated(true)
                        .get();
                case ZSTANDARD -> new ZstdInputStream(stored);
            };
        } catch (ImageException known) {
            throw known;
        } catch (IOException malformed) {
            throw new ImageException(ImageException.Kind.INVALID,
                    "layer=" + what + ": not compressed as it says: " + malformed.getMessage(), malformed);
        }
    }

    private static void drain(InputStream bytes, String what) throws IOException {
        byte[] passed = new byte[1 << 16];
        long count = 0;
        for (int read = bytes.read(passed); read >= 0; read = bytes.read(passed)) {
            count += read;
            if (count > TRAILER_BYTES_MAX) {
                throw ImageException.invalid("layer=" + what + ": goes on after its end");
            }
        }
    }

    /// Lets a reader end without closing what is read from.
    private static final class Unclosed extends FilterInputStream {
        Unclosed(InputStream bytes) {
            super(bytes);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return in.read(bytes, offset, length);
        }

        @Override
        public void close() {}
    }

    /// Bytes up to a limit, whatever was announced; decompressors fail in their own ways, named here.
    private static final class Limited extends FilterInputStream {
        private final long bytesMax;
        private final String what;
        private long count;

        Limited(InputStream bytes, long bytesMax, String what) {
            super(bytes);
            this.bytesMax = bytesMax;
            this.what = what;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = in.read(bytes, offset, length);
            count += Math.max(0, read);
            if (count > bytesMax) {
                throw new ImageException(
                        TOO_LARGE, "layer=" + what + ": too large unpacked: bytesMax=" + bytesMax);
            }
            return read;
        }
    }
}
