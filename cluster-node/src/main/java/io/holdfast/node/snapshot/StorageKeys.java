package io.holdfast.node.snapshot;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.holdfast.consensus.UnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The cluster's storage key on this node: 32 bytes in a file of its own that only the node reads. The
/// ledger knows the key's digest and nothing more; whoever lacks the key asks the other nodes, over mutual
/// TLS, until one hands over what has that digest. Guarded by its own lock.
public final class StorageKeys {
    /// The setting that holds the key's digest.
    public static final String SETTING = "snapshots/storage-key-sha256";

    private static final Logger LOG = LoggerFactory.getLogger(StorageKeys.class);
    private static final int KEY_BYTES = 32;

    private final Path file;
    private final Supplier<Optional<String>> agreedDigest;
    private final Function<String, Boolean> agree;
    private final Supplier<Iterable<byte[]>> others;
    private byte @Nullable [] key;

    /// Makes the desk.
    ///
    /// @param agreedDigest what the ledger says; empty as long as there is no key
    /// @param agree proposes a digest as the first; answers whether it became that
    /// @param others what other nodes hand over, asked one after the other
    public StorageKeys(
            Path file,
            Supplier<Optional<String>> agreedDigest,
            Function<String, Boolean> agree,
            Supplier<Iterable<byte[]>> others) {
        this.file = file;
        this.agreedDigest = agreedDigest;
        this.agree = agree;
        this.others = others;
    }

    /// The key; throws an [UnavailableException] while this node cannot get it.
    public synchronized byte[] key() {
        byte[] known = key;
        if (known == null) {
            try {
                known = find();
            } catch (IOException failure) {
                throw new UncheckedIOException("the storage key cannot be kept: file=" + file, failure);
            }
            key = known;
        }
        return known.clone();
    }

    /// The key, if this node has it already; what another node is given.
    public synchronized Optional<byte[]> held() {
        try {
            byte[] known = key != null ? key : stored().filter(this::isAgreed).orElse(null);
            return Optional.ofNullable(known).map(byte[]::clone);
        } catch (IOException unreadable) {
            LOG.warn("the storage key cannot be read: file={} reason={}", file, unreadable.getMessage());
            return Optional.empty();
        }
    }

    private byte[] find() throws IOException {
        Optional<byte[]> stored = stored();
        if (stored.filter(this::isAgreed).isPresent()) {
            return stored.get();
        }
        if (agreedDigest.get().isEmpty()) {
            // Kept before it is agreed on, so that what is agreed on is never lost with this process.
            byte[] drawn = stored.orElseGet(StorageKeys::draw);
            store(drawn);
            if (agree.apply(digestOf(drawn))) {
                LOG.info("the cluster has a storage key: sha256={}", digestOf(drawn));
                return drawn;
            }
        }
        for (byte[] offered : others.get()) {
            if (isAgreed(offered)) {
                store(offered);
                return offered;
            }
        }
        throw new UnavailableException("no node that answers has the storage key");
    }

    private boolean isAgreed(byte[] candidate) {
        return candidate.length == KEY_BYTES && agreedDigest.get().equals(Optional.of(digestOf(candidate)));
    }

    private Optional<byte[]> stored() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String text = Files.readString(file, US_ASCII).strip();
        return text.matches("[0-9a-f]{64}") ? Optional.of(HexFormat.of().parseHex(text)) : Optional.empty();
    }

    private void store(byte[] value) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(unfinished);
        Files.createFile(
                unfinished, PosixFilePermissions.asFileAttribute(
                        PosixFilePermissions.fromString("rw-------")));
        try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
            channel.write(java.nio.ByteBuffer.wrap(
                    (HexFormat.of().formatHex(value) + "\n").getBytes(US_ASCII)));
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static byte[] draw() {
        byte[] drawn = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(drawn);
        return drawn;
    }

    private static String digestOf(byte[] value) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(value));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
