package io.holdfast.node.identity;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The files that hold a node's identity:
///
/// ```
/// identity/            0700
///   node.key           0600  PKCS#8, PEM
///   node.crt           0600  this node's certificate, PEM
///   ca.crt             0600  one or two authorities, PEM, the issuer of node.crt first
///   authority.key      0600  on voters only: the key of the first authority, PEM
///   node.*.next        0600  a rotation that was cut off by a crash
/// ```
///
/// Every file is written beside its place, forced to disk and renamed. Key and certificate change
/// together: both `.next` files are durable before the first is renamed, and [#load()] finishes a
/// rotation that was cut off between the two renames or drops one that had not come so far. A key
/// that others may read is refused. Confined to whoever starts the node and rotates its
/// certificate; not safe for two processes.
public final class IdentityDirectory {
    private static final String NODE_KEY = "node.key";
    private static final String NODE_CERTIFICATE = "node.crt";
    private static final String AUTHORITIES = "ca.crt";
    private static final String AUTHORITY_KEY = "authority.key";
    private static final String NEXT = ".next";
    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OTHERS =
            EnumSet.complementOf(
                    EnumSet.of(
                            PosixFilePermission.OWNER_READ,
                            PosixFilePermission.OWNER_WRITE,
                            PosixFilePermission.OWNER_EXECUTE));

    private final Path directory;

    private IdentityDirectory(Path directory) {
        this.directory = directory;
    }

    /// Uses the directory, making it if it is not there.
    public static IdentityDirectory open(Path directory) throws IOException {
        Files.createDirectories(
                directory,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return new IdentityDirectory(directory);
    }

    /// Whether an identity has been stored here.
    public boolean exists() {
        return Files.exists(directory.resolve(NODE_CERTIFICATE))
                || Files.exists(directory.resolve(NODE_CERTIFICATE + NEXT));
    }

    /// Stores an identity in place of the one before.
    public void store(NodeIdentity identity) throws IOException {
        write(AUTHORITIES, Pem.ofCertificates(identity.authorities()));
        writeForced(NODE_KEY + NEXT, Pem.ofKey(identity.key()));
        writeForced(NODE_CERTIFICATE + NEXT, Pem.ofCertificates(List.of(identity.certificate())));
        force(directory);
        rename(NODE_KEY + NEXT, NODE_KEY);
        rename(NODE_CERTIFICATE + NEXT, NODE_CERTIFICATE);
        force(directory);
    }

    /// Replaces the trusted authorities.
    public void storeAuthorities(List<X509Certificate> authorities) throws IOException {
        write(AUTHORITIES, Pem.ofCertificates(authorities));
    }

    /// Reads what [#store] wrote.
    public NodeIdentity load() throws IOException {
        finishRotation();
        try {
            return new NodeIdentity(
                    Pem.key(readSecret(NODE_KEY)),
                    certificate(NODE_CERTIFICATE),
                    Pem.certificates(read(AUTHORITIES)));
        } catch (InvalidIdentityException e) {
            throw new CorruptIdentityException(
                    "identity files are damaged: directory=" + directory, e);
        }
    }

    /// Stores the authority's key: this node votes.
    public void storeAuthority(CertificateAuthority authority) throws IOException {
        write(AUTHORITY_KEY, authority.keyPem());
    }

    /// The authority, if this node holds its key.
    public Optional<CertificateAuthority> loadAuthority(InstantSource clock, SecureRandom random)
            throws IOException {
        if (!Files.exists(directory.resolve(AUTHORITY_KEY))) {
            return Optional.empty();
        }
        try {
            PrivateKey key = Pem.key(readSecret(AUTHORITY_KEY));
            for (X509Certificate certificate : Pem.certificates(read(AUTHORITIES))) {
                if (KeyPairs.belongTogether(certificate.getPublicKey(), key)) {
                    return Optional.of(CertificateAuthority.of(certificate, key, clock, random));
                }
            }
        } catch (InvalidIdentityException e) {
            throw new CorruptIdentityException(
                    "the authority's files are damaged: directory=" + directory, e);
        }
        throw new CorruptIdentityException(
                "the authority's key belongs to none of the trusted authorities: directory="
                        + directory);
    }

    /// Forgets the authority's key: this node no longer votes.
    public void deleteAuthority() throws IOException {
        Files.deleteIfExists(directory.resolve(AUTHORITY_KEY));
        force(directory);
    }

    private void finishRotation() throws IOException {
        Path nextKey = directory.resolve(NODE_KEY + NEXT);
        Path nextCertificate = directory.resolve(NODE_CERTIFICATE + NEXT);
        boolean keyWaits = Files.exists(nextKey);
        boolean certificateWaits = Files.exists(nextCertificate);
        if (certificateWaits
                && isPair(keyWaits ? NODE_KEY + NEXT : NODE_KEY, NODE_CERTIFICATE + NEXT)) {
            if (keyWaits) {
                rename(NODE_KEY + NEXT, NODE_KEY);
            }
            rename(NODE_CERTIFICATE + NEXT, NODE_CERTIFICATE);
            force(directory);
        } else if (keyWaits || certificateWaits) {
            Files.deleteIfExists(nextKey);
            Files.deleteIfExists(nextCertificate);
            force(directory);
        }
    }

    private boolean isPair(String keyFile, String certificateFile) throws IOException {
        try {
            return KeyPairs.belongTogether(
                    certificate(certificateFile).getPublicKey(), Pem.key(readSecret(keyFile)));
        } catch (IdentityException e) {
            return false;
        }
    }

    private X509Certificate certificate(String file) throws IOException {
        return Pem.certificates(read(file)).getFirst();
    }

    private String readSecret(String file) throws IOException {
        Path path = directory.resolve(file);
        if (Files.exists(path)) {
            Set<PosixFilePermission> open = EnumSet.copyOf(Files.getPosixFilePermissions(path));
            open.retainAll(OTHERS);
            if (!open.isEmpty()) {
                throw new CorruptIdentityException(
                        "a private key is open to others, run chmod 600: file=" + path);
            }
        }
        return read(file);
    }

    private String read(String file) throws IOException {
        Path path = directory.resolve(file);
        if (!Files.isRegularFile(path)) {
            throw new CorruptIdentityException("an identity file is missing: file=" + path);
        }
        if (Files.size(path) > Pem.TEXT_LENGTH_MAX) {
            throw new CorruptIdentityException("an identity file is too long: file=" + path);
        }
        return Files.readString(path, StandardCharsets.ISO_8859_1);
    }

    private void write(String file, String text) throws IOException {
        writeForced(file + NEXT, text);
        rename(file + NEXT, file);
        force(directory);
    }

    private void writeForced(String file, String text) throws IOException {
        Path path = directory.resolve(file);
        Files.deleteIfExists(path);
        try (FileChannel channel =
                FileChannel.open(
                        path,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    private void rename(String from, String to) throws IOException {
        Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
