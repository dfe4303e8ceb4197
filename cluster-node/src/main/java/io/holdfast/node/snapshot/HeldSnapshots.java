package io.holdfast.node.snapshot;

import io.holdfast.gridstate.catalog.Sha256;
import io.holdfast.gridstate.chunkmap.StoredBlob;
import io.holdfast.gridstate.snapshot.SnapshotKey;
import io.holdfast.gridstate.snapshot.StoredImage;
import io.holdfast.hostio.container.CheckpointImage;
import io.holdfast.node.blob.BlobDamagedException;
import io.holdfast.node.blob.BlobUnavailableException;
import io.holdfast.node.blob.BlobWhereabouts;
import io.holdfast.node.blob.ClusterBlobs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Snapshots as sealed packs in the cluster's chunk store; what was sealed or opened here lately lies here
/// as well, sealed and in the clear, so that opening it again costs no network. Concurrent.
public final class HeldSnapshots implements SnapshotStore, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HeldSnapshots.class);

    /// More than this no pack unpacks to: the largest memory that a checkpoint may have.
    private static final long UNPACKED_BYTES_MAX = 256L << 30;

    /// A volume of blobs that another node took over meanwhile is back with the second.
    private static final int PUTS_MAX = 2;

    private final PackCache packs;
    private final OpenFolders opened;
    private final TenantKeys keys;
    private final ClusterBlobs blobs;
    private final SecureRandom random = new SecureRandom();

    /// Where packs lie on this host.
    ///
    /// @param sealed those that this node used lately
    /// @param sealedBytesMax what they may take
    /// @param open in the clear; in memory, if the host has such a file system
    /// @param openBytesMax what may lie in the clear without being used
    public record Folders(Path sealed, long sealedBytesMax, Path open, long openBytesMax) {}

    private HeldSnapshots(PackCache packs, OpenFolders opened, TenantKeys keys, ClusterBlobs blobs) {
        this.packs = packs;
        this.opened = opened;
        this.keys = keys;
        this.blobs = blobs;
    }

    /// Opens the store.
    ///
    /// @param blobs where snapshots are kept
    public static HeldSnapshots open(
            Folders folders, TenantKeys keys, ClusterBlobs blobs, InstantSource clock) throws IOException {
        PackCache packs = PackCache.open(folders.sealed(), folders.sealedBytesMax(), clock);
        return new HeldSnapshots(
                packs, OpenFolders.open(folders.open(), folders.openBytesMax()), keys, blobs);
    }

    /// A folder for a checkpoint that is to be [#put]; it does not exist yet.
    public Path newFolder() {
        return opened.newFolder();
    }

    /// Removes what a checkpoint that came to nothing left behind.
    public void drop(Path unfinished) {
        try {
            if (Files.exists(unfinished)) {
                OpenFolders.deleteTree(unfinished);
            }
        } catch (IOException failure) {
            LOG.warn("a folder could not be removed: folder={} reason={}", unfinished, failure.getMessage());
        }
    }

    /// The bytes that lie in the clear now.
    public long openBytes() {
        return opened.bytes();
    }

    /// The bytes of sealed packs that lie on this host beside the chunk store.
    public long cachedBytes() {
        return packs.bytes();
    }

    @Override
    public StoredImage put(SnapshotKey key, CheckpointImage image) throws IOException {
        StoredImage stored = putCopy(key, image);
        opened.adopt(key, image.folder());
        return stored;
    }

    /// Stores an image's files, as [#put] does, and leaves the image's folder to the caller.
    public StoredImage putCopy(SnapshotKey key, CheckpointImage image) throws IOException {
        Path sealed = packs.newFile(key);
        try {
            seal(key, image, sealed);
            StoredBlob blob = putBlob(sealed);
            packs.keep(key, sealed);
            return StoredImage.in(blob, new Sha256(image.manifestDigest()), 0, List.of());
        } finally {
            Files.deleteIfExists(sealed);
        }
    }

    private void seal(SnapshotKey key, CheckpointImage image, Path target) throws IOException {
        try (OutputStream file = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW);
                OutputStream sealing = SealedStream.seal(file, keys, key, random)) {
            FilePack.write(image, sealing);
        }
    }

    private StoredBlob putBlob(Path sealed) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try (InputStream bytes = Files.newInputStream(sealed)) {
                return blobs.put(bytes, Files.size(sealed));
            } catch (BlobUnavailableException notNow) {
                if (attempt == PUTS_MAX) {
                    throw notNow;
                }
                LOG.info("a snapshot is stored once more: reason={}", notNow.getMessage());
            }
        }
    }

    /// Where a snapshot's bytes are.
    public BlobWhereabouts whereabouts(StoredImage stored) throws IOException {
        return blobs.whereabouts(blobOf(stored));
    }

    private static StoredBlob blobOf(StoredImage stored) throws IOException {
        return stored.blob().orElseThrow(() -> new IOException(
                "the snapshot is not in the chunk store, but was copied to nodes: holders="
                        + stored.holders()));
    }

    @Override
    public void discard(SnapshotKey key, StoredImage stored) throws IOException {
        delete(key);
        stored.blob().ifPresent(blobs::discard);
    }

    @Override
    public OpenSnapshot open(SnapshotKey key, StoredImage stored) throws IOException {
        return opened.use(key, target -> {
            if (!unpackFromHere(key, target)) {
                unpackFromCluster(key, stored, target);
            }
        });
    }

    /// Whether a pack lay here and was what it should be; the folder is empty again if not.
    private boolean unpackFromHere(SnapshotKey key, Path target) throws IOException {
        Path place = packs.placeOf(key);
        try (InputStream sealed = Files.newInputStream(place);
                InputStream plain = SealedStream.open(sealed, keys, key)) {
            FilePack.unpack(plain, target, UNPACKED_BYTES_MAX);
            packs.touch(place);
            return true;
        } catch (NoSuchFileException absent) {
            LOG.debug("a snapshot is fetched: key={}", key);
        } catch (SnapshotDamagedException torn) {
            LOG.info("a snapshot's pack on this host is of no use: key={} reason={}", key, torn.getMessage());
            packs.drop(key);
        }
        OpenFolders.deleteTree(target);
        FilePack.privateFolder(target);
        return false;
    }

    private void unpackFromCluster(SnapshotKey key, StoredImage stored, Path target) throws IOException {
        StoredBlob blob = blobOf(stored);
        Path copy = packs.newFile(key);
        try (OutputStream file = Files.newOutputStream(copy, StandardOpenOption.CREATE_NEW);
                InputStream sealed = new CopyingStream(blobs.open(blob), file);
                InputStream plain = SealedStream.open(sealed, keys, key)) {
            FilePack.unpack(plain, target, UNPACKED_BYTES_MAX);
        } catch (BlobDamagedException damaged) {
            Files.deleteIfExists(copy);
            throw new SnapshotDamagedException("key=" + key + ": " + damaged.getMessage(), damaged);
        } catch (IOException | RuntimeException failure) {
            Files.deleteIfExists(copy);
            throw failure;
        }
        packs.keep(key, copy);
    }

    @Override
    public void delete(SnapshotKey key) throws IOException {
        opened.forget(key);
        packs.drop(key);
    }

    /// Deletes the packs on this host that belong to none of these snapshots and were not used for a while.
    ///
    /// @return how many went
    public int sweep(Set<SnapshotKey> known, Instant olderThan) throws IOException {
        return packs.sweep(known, olderThan);
    }

    @Override
    public void close() {
        opened.close();
    }
}
