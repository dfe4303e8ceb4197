package io.holdfast.node.cli.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SupportBundleTest {
    @TempDir
    private Path directory;

    @Test
    void logsAndConfigurationsAreTakenButNoSecret() throws Exception {
        LocalCluster cluster = ClusterStart.prepare(directory.resolve("c"), 1);
        String token = Files.readString(cluster.tokenFile()).strip();
        LocalNode node = cluster.nodes().getFirst();
        Path log = node.dataDirectory().resolve("log").resolve("node.log");
        Files.createDirectories(log.getParent());
        Files.writeString(log, "logged in: Authorization: Bearer abc token=" + token + " name=ann\n");
        Path archive = directory.resolve("support.zip");
        List<String> names = SupportBundle.write(cluster, Map.of("version.txt", "1\n"), archive);
        assertEquals(List.of("version.txt", "node-1/node.conf", "node-1/node.log"), names);
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            String text = new String(
                    zip.getInputStream(
                            zip.getEntry("node-1/node.log")).readAllBytes(), StandardCharsets.UTF_8);
            assertEquals("logged in: Authorization: [removed] token=[removed] name=ann\n", text);
        }
    }

    @Test
    void keysAndJoinTokensAreBlackened() {
        String text = SupportBundle.withoutSecrets(
                "a hf1.00112233445566778899aabbccddeeff.id.secret b\n-----BEGIN PRIVATE KEY-----\nMIIB\n---");
        assertFalse(text.contains("secret"), text);
        assertFalse(text.contains("MIIB"), text);
        assertTrue(text.startsWith("a [removed] b"), text);
    }
}
