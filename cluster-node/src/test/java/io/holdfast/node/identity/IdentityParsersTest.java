package io.holdfast.node.identity;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.node.testing.TestCluster;

import org.junit.jupiter.api.Test;

import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

class IdentityParsersTest {
    private static final TestCluster CLUSTER = TestCluster.now("home");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long SEED = Long.getLong("holdfast.seed", 20_261_121L);

    @Test
    void tokensAreReadAsTheyWereWritten() {
        JoinToken join = JoinToken.create(CLUSTER.authority().certificate(), RANDOM);
        JoinToken read = JoinToken.parse(join.text());
        assertEquals(join.text(), read.text());
        assertTrue(join.secret().hash().matches(read.secret()));
        assertTrue(read.pins(CLUSTER.authority().certificate()));
        assertFalse(read.pins(TestCluster.now("home").authority().certificate()));
        UserToken user = UserToken.create(RANDOM);
        assertEquals(user.text(), UserToken.parse(user.text()).text());
        assertFalse(user.secret().hash().matches(UserToken.create(RANDOM).secret()));
    }

    @Test
    void aTokensSecretIsNotInItsToString() {
        UserToken user = UserToken.create(RANDOM);
        assertFalse(
                user.toString().contains(user.text().substring(user.text().lastIndexOf('.') + 1)));
        JoinToken join = JoinToken.create(CLUSTER.authority().certificate(), RANDOM);
        assertFalse(
                join.toString().contains(join.text().substring(join.text().lastIndexOf('.') + 1)));
    }

    @Test
    void aRequestMustBeSignedWithItsKeyAndAskForTheAllowedName() {
        KeyPair pair = CertificateRequest.generateKeyPair(RANDOM);
        KeyPair other = CertificateRequest.generateKeyPair(RANDOM);
        String stolen =
                CertificateRequest.create(
                        ClusterCertificate.Kind.NODE,
                        "node-a",
                        new KeyPair(pair.getPublic(), other.getPrivate()));
        assertThrows(InvalidIdentityException.class, () -> CertificateRequest.parse(stolen));
        CertificateRequest asked =
                CertificateRequest.parse(
                        CertificateRequest.create(ClusterCertificate.Kind.NODE, "node-a", pair));
        CertificateAuthority authority = CLUSTER.authority();
        assertThrows(
                InvalidIdentityException.class,
                () -> authority.signNode(asked, "node-b", List.of()));
        assertThrows(InvalidIdentityException.class, () -> authority.signUser(asked, "node-a"));
        assertThrows(
                InvalidIdentityException.class,
                () -> authority.signNode(asked, "node-a", List.of("not a host")));
        assertDoesNotThrow(
                () -> authority.signNode(asked, "node-a", List.of("10.0.0.1", "::1", "a.example")));
    }

    @Test
    void mutatedTokensAreReadOrRefused() {
        String join = JoinToken.create(CLUSTER.authority().certificate(), RANDOM).text();
        fuzz("join token", join, 100_000, JoinToken::parse);
        fuzz("user token", UserToken.create(RANDOM).text(), 100_000, UserToken::parse);
    }

    @Test
    void mutatedPemIsReadOrRefused() {
        KeyPair pair = CertificateRequest.generateKeyPair(RANDOM);
        String request = CertificateRequest.create(ClusterCertificate.Kind.NODE, "node-a", pair);
        fuzz(
                "certificates",
                Pem.ofCertificates(List.of(CLUSTER.authority().certificate())),
                5_000,
                text -> {
                    for (var certificate : Pem.certificates(text)) {
                        ClusterCertificate.of(certificate);
                    }
                });
        fuzz("key", Pem.ofKey(pair.getPrivate()), 5_000, Pem::key);
        fuzz("request", request, 5_000, CertificateRequest::parse);
    }

    @Test
    void overlongPemIsRefusedUnread() {
        assertThrows(
                InvalidIdentityException.class,
                () ->
                        Pem.certificates(
                                "-----BEGIN CERTIFICATE-----" + "A".repeat(Pem.TEXT_LENGTH_MAX)));
    }

    private static void fuzz(String what, String sample, int count, Consumer<String> parser) {
        Random random = new Random(SEED);
        for (int i = 0; i < count; i++) {
            String text = mutate(sample, random);
            try {
                parser.accept(text);
            } catch (InvalidIdentityException expected) {
                assertTrue(expected.getMessage().length() < 1_000);
            } catch (RuntimeException e) {
                throw new AssertionError(
                        "seed=" + SEED + " what=" + what + " round=" + i + " text=" + text, e);
            }
        }
    }

    private static String mutate(String sample, Random random) {
        StringBuilder text = new StringBuilder(sample);
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && !text.isEmpty(); i++) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(4)) {
                case 0 -> text.setCharAt(at, (char) random.nextInt(256));
                case 1 -> text.deleteCharAt(at);
                case 2 -> text.insert(at, (char) ('0' + random.nextInt(75)));
                default -> text.setLength(at);
            }
        }
        return text.toString();
    }
}
