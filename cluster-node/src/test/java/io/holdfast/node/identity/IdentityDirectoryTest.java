package io.holdfast.node.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.node.testing.TestCluster;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

class IdentityDirectoryTest {
    private static final TestCluster CLUSTER = TestCluster.now("home");

    @TempDir private Path folder = Path.of("");

    private Path place = Path.of("");

    @BeforeEach
    void choosePlace() {
        place = folder.resolve("identity");
    }

    @Test
    void anIdentityIsReadAsItWasStored() throws IOException {
        IdentityDirectory directory = IdentityDirectory.open(place);
        assertFalse(directory.exists());
        NodeIdentity identity = CLUSTER.node("node-a");
        directory.store(identity);
        assertTrue(directory.exists());
        assertEquals(identity, IdentityDirectory.open(place).load());
        assertEquals("node-a", identity.name());
        assertEquals("home", identity.facts().cluster());
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(place.resolve("node.key"))));
        assertEquals(
                "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(place)));
    }

    @Test
    void aRotationCutOffAtEachStepLeavesOneWholeIdentity() throws IOException {
        NodeIdentity old = CLUSTER.node("node-a");
        NodeIdentity next = CLUSTER.node("node-a");
        String nextKey = Pem.ofKey(next.key());
        String nextCertificate = Pem.ofCertificates(List.of(next.certificate()));
        IdentityDirectory directory = IdentityDirectory.open(place);

        directory.store(old);
        secret("node.key.next", nextKey);
        assertEquals(old, directory.load());

        secret("node.key.next", nextKey);
        secret("node.crt.next", nextCertificate.substring(0, nextCertificate.length() / 2));
        assertEquals(old, directory.load());

        secret("node.key.next", nextKey);
        secret("node.crt.next", nextCertificate);
        assertEquals(next, directory.load());

        directory.store(old);
        secret("node.key", nextKey);
        secret("node.crt.next", nextCertificate);
        assertEquals(next, directory.load());
        assertFalse(Files.exists(place.resolve("node.crt.next")));
    }

    @Test
    void damagedMissingOpenAndForeignFilesAreRefused() throws IOException {
        IdentityDirectory directory = IdentityDirectory.open(place);
        assertThrows(CorruptIdentityException.class, directory::load);
        directory.store(CLUSTER.node("node-a"));
        Files.setPosixFilePermissions(
                place.resolve("node.key"), PosixFilePermissions.fromString("rw-r-----"));
        assertTrue(
                assertThrows(CorruptIdentityException.class, directory::load)
                        .getMessage()
                        .contains("chmod 600"));
        directory.store(CLUSTER.node("node-a"));
        secret("node.key", Pem.ofKey(CLUSTER.node("node-a").key()));
        assertThrows(CorruptIdentityException.class, directory::load);
        secret("node.key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        assertThrows(CorruptIdentityException.class, directory::load);
    }

    @Test
    void aVoterKeepsTheAuthoritysKeyAndCanForgetIt() throws IOException {
        IdentityDirectory directory = IdentityDirectory.open(place);
        directory.store(CLUSTER.node("node-a"));
        assertTrue(directory.loadAuthority(InstantSource.system(), new SecureRandom()).isEmpty());
        directory.storeAuthority(CLUSTER.authority());
        CertificateAuthority read =
                directory.loadAuthority(InstantSource.system(), new SecureRandom()).orElseThrow();
        assertEquals(CLUSTER.authority().certificate(), read.certificate());
        directory.storeAuthority(TestCluster.now("other").authority());
        assertThrows(
                CorruptIdentityException.class,
                () -> directory.loadAuthority(InstantSource.system(), new SecureRandom()));
        directory.deleteAuthority();
        assertTrue(directory.loadAuthority(InstantSource.system(), new SecureRandom()).isEmpty());
    }

    @Test
    void aCertificateRotatesAfterTwoThirdsOfItsLifetime() throws IOException {
        Instant now = Instant.now();
        NodeIdentity fresh = CLUSTER.at(now).node("node-a");
        IdentityDirectory directory = IdentityDirectory.open(place);
        directory.store(fresh);
        RotatingKeys keys = new RotatingKeys(fresh);
        ClusterTrust trust = new ClusterTrust(fresh.authorities(), Admission.ALL);
        CertificateRotation.CertificateIssuer issuer =
                request ->
                        new CertificateRotation.Issued(
                                CLUSTER.authority()
                                        .signNode(
                                                CertificateRequest.parse(request),
                                                "node-a",
                                                List.of()),
                                List.of(CLUSTER.authority().certificate()));
        assertFalse(
                rotation(directory, keys, trust, issuer, now.plus(Duration.ofDays(19)))
                        .rotateIfDue());
        assertEquals(fresh, keys.identity());
        assertTrue(
                rotation(directory, keys, trust, issuer, now.plus(Duration.ofDays(21)))
                        .rotateIfDue());
        assertFalse(fresh.facts().serial().equals(keys.identity().facts().serial()));
        assertEquals(keys.identity(), directory.load());
    }

    private static CertificateRotation rotation(
            IdentityDirectory directory,
            RotatingKeys keys,
            ClusterTrust trust,
            CertificateRotation.CertificateIssuer issuer,
            Instant now) {
        return new CertificateRotation(directory, keys, trust, issuer, InstantSource.fixed(now));
    }

    private void secret(String file, String text) throws IOException {
        Files.writeString(place.resolve(file), text);
        Files.setPosixFilePermissions(
                place.resolve(file), PosixFilePermissions.fromString("rw-------"));
    }
}
