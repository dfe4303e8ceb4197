package io.holdfast.node.snapshot;

import io.holdfast.consensus.UnavailableException;
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
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Snapshots as sealed packs in the cluster's chunk store, each with the pages that no earlier one has; what
/// was sealed or opened here lately lies here as well, sealed and in the clear, so that opening it again
/// costs no network. Concurrent.
public final class HeldSnapshots implements SnapshotStore, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HeldSnapshots.class);

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
    public StoredImage put(SnapshotKey key, CheckpointImage image, Optional<Known> like) throws IOException {
        StoredImage stored = putCopy(key, image, like);
        opened.adopt(key, image.folder());
        return stored;
    }

    /// Stores an image's files, as [#put] does, and leaves the image's folder to the caller.
    public StoredImage putCopy(SnapshotKey key, CheckpointImage image, Optional<Known> like)
            throws IOException {
        Path sealed = packs.newFile();
        try {
            PackWriter writer = new PackWriter(keys, key, image, like.flatMap(known -> compare(key, known)));
            PackWriter.Written written = writer.write(sealed, random);
            StoredBlob blob = putBlob(sealed);
            packs.keep(blob, sealed);
            return StoredImage.in(
                    blob, new Sha256(image.manifestDigest()), written.contentBytes(),
                    written.sharedBytes(), written.shared());
        } finally {
            Files.deleteIfExists(sealed);
        }
    }

    /// What a new snapshot can share with another one, which is nothing if that cannot be looked at now.
    private Optional<PackWriter.Comparison> compare(SnapshotKey key, Known known) {
        Optional<StoredBlob> pack = known.stored().blob();
        boolean isShareable = known.stored().contentBytes() > 0
                && known.key().application().tenant().equals(key.application().tenant());
        if (pack.isEmpty() || !isShareable) {
            return Optional.empty();
        }
        try {
            PackDirectory directory = directoryOf(known.key(), pack.get());
            return directory.packs().size() == known.stored().packs().size()
                    ? Optional.of(new PackWriter.Comparison(known.stored(), directory))
                    : Optional.empty();
        } catch (IOException | UnavailableException unknown) {
            LOG.info("a snapshot is stored whole, for another cannot be read: key={} other={} reason={}",
                    key, known.key(), unknown.getMessage());
            return Optional.empty();
        }
    }

    private PackDirectory directoryOf(SnapshotKey key, StoredBlob pack) throws IOException {
        try (FileChannel here = FileChannel.open(packs.placeOf(pack), StandardOpenOption.READ)) {
            return SnapshotPack.directory(here, key, keys);
        } catch (NoSuchFileException | SnapshotDamagedException elsewhere) {
            return remoteDirectoryOf(key, pack);
        }
    }

    private PackDirectory remoteDirectoryOf(SnapshotKey key, StoredBlob pack) throws IOException {
        try {
            return SnapshotPack.directory(
                    (position, target) -> blobs.read(pack, position, target), pack.lengthBytes(), key, keys);
        } catch (BlobDamagedException damaged) {
            throw new SnapshotDamagedException("key=" + key + ": " + damaged.getMessage(), damaged);
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

    /// Where the bytes are that it takes to restore a snapshot.
    public BlobWhereabouts whereabouts(StoredImage stored) throws IOException {
        List<BlobWhereabouts> all = new ArrayList<>();
        for (StoredBlob pack : packsOf(stored)) {
            all.add(blobs.whereabouts(pack));
        }
        return BlobWhereabouts.together(all);
    }

    private static List<StoredBlob> packsOf(StoredImage stored) throws IOException {
        if (stored.blob().isEmpty()) {
            throw new IOException("the snapshot is not in the chunk store, but was copied to nodes: holders="
                    + stored.holders());
        }
        return stored.packs();
    }

    @Override
    public void discard(SnapshotKey key, StoredImage stored) throws IOException {
        delete(key);
        if (stored.blob().isPresent()) {
            packs.drop(stored.blob().get());
            blobs.discard(stored.blob().get());
        }
    }

    @Override
    public OpenSnapshot open(SnapshotKey key, StoredImage stored) throws IOException {
        return opened.use(key, target -> {
            if (!unpack(key, stored, target, false)) {
                boolean _ = unpack(key, stored, target, true);
            }
        });
    }

    /// Whether it is unpacked; not if a pack that lay here was not what it should be. Then it lies here no
    /// more, and the folder is empty.
    ///
    /// @param isFetched whether all packs are to be fetched, whatever lies here
    private boolean unpack(SnapshotKey key, StoredImage stored, Path target, boolean isFetched)
            throws IOException {
        List<StoredBlob> needed = packsOf(stored);
        boolean isFresh = true;
        try (OpenPacks files = new OpenPacks(packs)) {
            Optional<FileChannel> own = Optional.empty();
            for (StoredBlob pack : needed) {
                Optional<FileChannel> here = isFetched ? Optional.empty() : files.addIfHere(pack);
                if (here.isEmpty()) {
                    LOG.debug("a pack is fetched: key={} pack={}", key, pack);
                    files.add(pack, blobs.openUnverified(pack));
                } else {
                    isFresh = false;
                    own = pack.equals(needed.getFirst()) ? here : own;
                }
            }
            PackDirectory directory = own.isPresent()
                    ? SnapshotPack.directory(own.get(), key, keys)
                    : remoteDirectoryOf(key, needed.getFirst());
            SnapshotPack.unpack(directory, files.all(), key.application().tenant(), keys, target);
            files.keep();
            return true;
        } catch (SnapshotDamagedException damaged) {
            for (StoredBlob pack : needed) {
                packs.drop(pack);
            }
            if (isFresh) {
                throw damaged;
            }
            LOG.info("a snapshot's packs on this host are of no use: key={} reason={}", key,
                    damaged.getMessage());
        }
        OpenFolders.deleteTree(target);
        OpenFolders.privateFolder(target);
        return false;
    }

    @Override
    public void delete(SnapshotKey key) throws IOException {
        opened.forget(key);
    }

    /// Deletes the packs on this host that are none of these and were not used for a while.
    ///
    /// @return how many went
    public int sweep(Set<StoredBlob> known, Instant olderThan) throws IOException {
        return packs.sweep(known, olderThan);
    }

    @Override
    public void close() {
        opened.close();
    }
}
