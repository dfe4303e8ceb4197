package io.holdfast.node.snapshot;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.gridstate.catalog.Sha256;
import io.holdfast.gridstate.snapshot.SnapshotKey;
import io.holdfast.gridstate.snapshot.StoredImage;
import io.holdfast.hostio.container.CheckpointImage;
import io.holdfast.node.peerlink.PeerRefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Snapshots as sealed packs in this node's data folder, copied to further nodes, and fetched from one of
/// them where they are opened. Concurrent: packs are written beside their place and moved there whole.
public final class HeldSnapshots implements SnapshotStore, AutoCloseable {
    /// Nodes that are to hold a snapshot, this one included.
    static final int COPIES = 2;

    private static final Logger LOG = LoggerFactory.getLogger(HeldSnapshots.class);
    private static final String SUFFIX = ".sealed";

    /// More than this no pack unpacks to: the largest memory that a checkpoint may have.
    private static final long UNPACKED_BYTES_MAX = 256L << 30;

    private final Path folder;
    private final OpenFolders opened;
    private final TenantKeys keys;
    private final PackLink peers;
    private final Supplier<List<String>> otherNodes;
    private final String self;
    private final SecureRandom random = new SecureRandom();

    /// Where packs lie, in the clear and sealed.
    ///
    /// @param sealed durable
    /// @param open in memory, if the host has such a file system
    /// @param openBytesMax what may lie in the clear without being used
    public record Folders(Path sealed, Path open, long openBytesMax) {}

    private HeldSnapshots(
            Path folder, OpenFolders opened, TenantKeys keys, PackLink peers,
                    Supplier<List<String>> otherNodes,
            String self) {
        this.folder = folder;
        this.opened = opened;
        this.keys = keys;
        this.peers = peers;
        this.otherNodes = otherNodes;
        this.self = self;
    }

    /// Opens the store.
    ///
    /// @param otherNodes those that could take a copy, the best first
    public static HeldSnapshots open(
            Folders folders, TenantKeys keys, PackLink peers, Supplier<List<String>> otherNodes, String self)
            throws IOException {
        Files.createDirectories(folders.sealed());
        OpenFolders opened = OpenFolders.open(folders.open(), folders.openBytesMax());
        HeldSnapshots store = new HeldSnapshots(folders.sealed(), opened, keys, peers, otherNodes, self);
        store.dropUnfinished();
        return store;
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

    @Override
    public StoredImage put(SnapshotKey key, CheckpointImage image) throws IOException {
        StoredImage stored = putCopy(key, image);
        opened.adopt(key, image.folder());
        return stored;
    }

    /// Stores an image's files, as [#put] does, and leaves the image's folder to the caller.
    public StoredImage putCopy(SnapshotKey key, CheckpointImage image) throws IOException {
        Path place = placeOf(key);
        Path unfinished = unfinished(place);
        try (OutputStream target = Files.newOutputStream(unfinished, StandardOpenOption.CREATE_NEW)) {
            OutputStream sealed = SealedStream.seal(target, keys, key, random);
            FilePack.write(image, sealed);
            sealed.close();
        } catch (IOException | RuntimeException failure) {
            Files.deleteIfExists(unfinished);
            throw failure;
        }
        makeDurable(unfinished, place);
        long sizeBytes = Files.size(place);
        List<String> holders = new ArrayList<>(List.of(self));
        holders.addAll(copyToOthers(key, sizeBytes));
        return new StoredImage(new Sha256(image.manifestDigest()), sizeBytes, holders, Optional.empty());
    }

    /// The nodes that took a copy. A cluster of one has none to ask, and a node that does not answer now is
    /// no reason to keep the application waiting: the catalog says how many there are.
    private List<String> copyToOthers(SnapshotKey key, long sizeBytes) {
        List<String> took = new ArrayList<>();
        for (String node : otherNodes.get()) {
            if (took.size() == COPIES - 1) {
                break;
            }
            try {
                peers.askToFetch(node, key, self, sizeBytes);
                took.add(node);
            } catch (ConsensusException | PeerRefusedException refused) {
                LOG.info("a node took no copy: snapshot={} node={} reason={}", key, node,
                        refused.getMessage());
            }
        }
        return took;
    }

    @Override
    public OpenSnapshot open(SnapshotKey key, StoredImage stored) throws IOException {
        return opened.use(key, target -> {
            if (!Files.exists(placeOf(key))) {
                fetchFromAny(key, stored);
            }
            try (InputStream sealed = Files.newInputStream(placeOf(key));
                    InputStream plain = SealedStream.open(sealed, keys, key)) {
                FilePack.unpack(plain, target, UNPACKED_BYTES_MAX);
            }
        });
    }

    private void fetchFromAny(SnapshotKey key, StoredImage stored) throws IOException {
        IOException last = new NoSuchFileException("no node has the snapshot: key=" + key);
        for (String holder : stored.holders()) {
            if (holder.equals(self)) {
                continue;
            }
            try {
                fetch(key, holder, stored.sizeBytes());
                return;
            } catch (ConsensusException | PeerRefusedException refused) {
                last = new IOException(
                        "no holder of the snapshot answers: key=" + key + " holders=" + stored.holders(),
                                refused);
            }
        }
        throw last;
    }

    /// Copies a pack from another node; what it holds is verified when it is opened.
    public void fetch(SnapshotKey key, String holder, long sizeBytes) throws IOException {
        Path place = placeOf(key);
        Path unfinished = unfinished(place);
        try (OutputStream target = Files.newOutputStream(unfinished, StandardOpenOption.CREATE_NEW)) {
            long offset = 0;
            while (offset < sizeBytes) {
                byte[] part = peers.read(holder, key, offset);
                if (part.length == 0 || part.length > sizeBytes - offset) {
                    throw new SnapshotDamagedException("a holder has another length: key=" + key + " holder="
                            + holder + " offset=" + offset);
                }
                target.write(part);
                offset += part.length;
            }
        } catch (IOException | RuntimeException failure) {
            Files.deleteIfExists(unfinished);
            throw failure;
        }
        makeDurable(unfinished, place);
    }

    /// A part of a pack that lies here; empty at its end.
    public byte[] read(SnapshotKey key, long offset, int lengthMax) throws IOException {
        try (FileChannel channel = FileChannel.open(placeOf(key), StandardOpenOption.READ)) {
            java.nio.ByteBuffer part = java.nio.ByteBuffer.allocate(
                    Math.clamp(channel.size() - offset, 0, lengthMax));
            int read = 0;
            while (part.hasRemaining() && read >= 0) {
                read = channel.read(part, offset + part.position());
            }
            return java.util.Arrays.copyOf(part.array(), part.position());
        }
    }

    @Override
    public void delete(SnapshotKey key) throws IOException {
        opened.forget(key);
        Files.deleteIfExists(placeOf(key));
    }

    /// Deletes the packs that belong to none of these snapshots and are older than a while.
    ///
    /// @return how many went
    public int sweep(Set<SnapshotKey> known, java.time.Instant olderThan) throws IOException {
        Set<String> names = known.stream().map(HeldSnapshots::nameOf).collect(Collectors.toSet());
        int swept = 0;
        try (Stream<Path> packs = Files.list(folder)) {
            for (Path pack : packs.toList()) {
                boolean isKnown = names.contains(String.valueOf(pack.getFileName()));
                if (!isKnown && Files.getLastModifiedTime(pack).toInstant().isBefore(olderThan)) {
                    Files.deleteIfExists(pack);
                    swept++;
                }
            }
        }
        return swept;
    }

    private void dropUnfinished() throws IOException {
        try (Stream<Path> packs = Files.list(folder)) {
            for (Path pack : packs.toList()) {
                if (!String.valueOf(pack.getFileName()).endsWith(SUFFIX)) {
                    Files.deleteIfExists(pack);
                }
            }
        }
    }

    private Path placeOf(SnapshotKey key) {
        return folder.resolve(nameOf(key));
    }

    private Path unfinished(Path place) {
        return folder.resolve(place.getFileName() + "." + Long.toUnsignedString(random.nextLong(), 36));
    }

    private static void makeDurable(Path unfinished, Path place) throws IOException {
        try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(unfinished, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel channel =
                FileChannel.open(java.util.Objects.requireNonNull(place.getParent()),
                        StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static String nameOf(SnapshotKey key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.toString().getBytes(UTF_8));
            return HexFormat.of().formatHex(hash, 0, 20) + SUFFIX;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public void close() {
        opened.close();
    }
}
