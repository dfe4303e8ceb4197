package io.holdfast.node.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NodeConfigFileTest {
    private static final String MINIMAL = "name = alpha\ndata.dir = data\nlisten.host = 127.0.0.1\n";
    private static final Path SOURCE = Path.of("/etc/holdfast/node.conf");

    /// Changes to this list are changes that users see: the release notes name them.
    @Test
    void everyKeyAndDefaultIsListed() throws Exception {
        assertEquals(
                List.of(
                        "name = alpha",
                        "zone = default # default",
                        "data.dir = data",
                        "heap.max = 512MiB # default",
                        "listen.host = 127.0.0.1",
                        "advertised.host =  # default",
                        "port.api = 7600 # default",
                        "port.peer = 7601 # default",
                        "port.raft = 7602 # default",
                        "port.grid = 7603 # default",
                        "port.data = 7604 # default",
                        "port.nbd = 10809 # default",
                        "disk.folders =  # default",
                        "disk.segment.size = 256MiB # default",
                        "disk.scrub.period = 7d # default",
                        "nbd.socket =  # default",
                        "ledger.election.timeout.min = 300ms # default",
                        "ledger.election.timeout.max = 600ms # default",
                        "ledger.request.timeout = 10s # default",
                        "ledger.batch.commands.max = 512 # default",
                        "ledger.batch.bytes.max = 1MiB # default",
                        "ledger.pending.commands.max = 16384 # default",
                        "ledger.snapshot.entries = 50000 # default",
                        "ledger.history.entries.max = 1000000 # default",
                        "ledger.history.bytes.max = 512MiB # default",
                        "grid.partitions = 181 # default",
                        "grid.heartbeat.timeout = 10s # default",
                        "http.body.bytes.max = 1MiB # default",
                        "http.connections.max = 1024 # default",
                        "http.request.timeout = 30s # default",
                        "http.watches.max = 256 # default",
                        "oidc.issuer =  # default",
                        "oidc.client.id =  # default",
                        "oidc.client.secret.file =  # default",
                        "oidc.redirect =  # default",
                        "oidc.authorities.file =  # default",
                        "oidc.scopes = openid, profile # default",
                        "oidc.user.claim = preferred_username # default",
                        "oidc.user.prefix = oidc. # default",
                        "oidc.role.claim = groups # default",
                        "oidc.role.admin =  # default",
                        "oidc.role.operator =  # default",
                        "oidc.role.viewer =  # default",
                        "log.level = info # default",
                        "log.file.bytes.max = 16MiB # default",
                        "log.files.max = 8 # default",
                        "log.console = yes # default"),
                NodeConfigFile.parse(MINIMAL, SOURCE).listing());
    }

    @Test
    void pathsStartAtTheFilesFolderAndTheAdvertisedHostIsTheListener() throws Exception {
        NodeConfig config = NodeConfigFile.parse(MINIMAL, SOURCE).config();
        assertEquals(Path.of("/etc/holdfast/data"), config.dataDirectory());
        assertEquals("127.0.0.1:7600", config.network().apiAddress());
        assertEquals(Duration.ofMillis(300), config.ledger().electionTimeoutMin());
        assertEquals(512L << 20, config.heapBytesMax());
    }

    @Test
    void commentsBlankLinesAndUnitsAreRead() throws Exception {
        NodeConfig config = NodeConfigFile.parse(
                        MINIMAL + "\n# all of it\n  http.body.bytes.max = 2 MiB # twice the default\n"
                                + "http.request.timeout=90s\nadvertised.host = ::1\n",
                        SOURCE)
                .config();
        assertEquals(2L << 20, config.http().bodyBytesMax());
        assertEquals(Duration.ofSeconds(90), config.http().requestTimeout());
        assertEquals("[::1]:7603", config.network().gridAddress());
    }

    @Test
    void allProblemsAreSaidAtOnceEachWithItsLine() {
        assertEquals(
                List.of(
                        "/etc/holdfast/node.conf:2: unknown key 'zon', did you mean 'zone'?",
                        "/etc/holdfast/node.conf:3: expected 'key = value', found 'nonsense'",
                        "/etc/holdfast/node.conf:5: 'name' is already written in line 1",
                        "/etc/holdfast/node.conf:6: unknown key 'completely.different'; "
                                + "'holdfast node config' lists them all",
                        "/etc/holdfast/node.conf:1: name must be 1 to 63 characters of a-z, 0-9 and '-', "
                                + "first a letter, found 'Alpha'",
                        "/etc/holdfast/node.conf: 'data.dir' must be written: Folder of everything the node "
                                + "keeps: identity, ledger, logs. One node per folder.",
                        "/etc/holdfast/node.conf:4: port.api must be a whole number, 1 to 65535, found '0'"),
                problemsOf("""
                        name = Alpha
                        zon = a
                        nonsense
                        port.api = 0
                        name = b
                        completely.different = 1
                        """));
    }

    @Test
    void valuesThatContradictEachOtherAreRefused() {
        assertEquals(
                List.of(
                        "/etc/holdfast/node.conf: advertised.host must be written: listen.host means every "
                                + "interface",
                        "/etc/holdfast/node.conf:3: ledger.election.timeout.max must be more than "
                                + "ledger.election.timeout.min",
                        "/etc/holdfast/node.conf:4: port.raft must differ from port.api"),
                problemsOf("""
                        name = a
                        data.dir = d
                        ledger.election.timeout.max = 300ms
                        port.raft = 7600
                        """));
    }

    @Test
    void quantitiesWithoutUnitOrOutOfRangeAreRefused() {
        for (String line : List.of(
                "heap.max = 512", "heap.max = 1MiB", "heap.max = 512MB", "http.request.timeout = 60",
                "http.request.timeout = 99999999999999d", "log.console = true", "log.level = loud",
                "ledger.batch.commands.max = 1e3")) {
            assertEquals(1, problemsOf(MINIMAL + line).size(), line);
        }
    }

    @Test
    void aProviderOfIdentitiesIsReadWithItsRoles() throws Exception {
        NodeConfig.Oidc oidc = NodeConfigFile.parse(
                        MINIMAL + """
                        oidc.issuer = https://id.example/realms/home
                        oidc.client.id = holdfast
                        oidc.client.secret.file = secret
                        oidc.role.admin = root, wheel
                        """, SOURCE)
                .config().oidc().orElseThrow();
        assertEquals("https://id.example/realms/home", oidc.issuer().toString());
        assertEquals(Optional.of(Path.of("/etc/holdfast/secret")), oidc.clientSecretFile());
        assertEquals(List.of("root", "wheel"), oidc.roles().admin());
        assertEquals(List.of("openid", "profile"), oidc.scopes());
        assertEquals(Optional.empty(), NodeConfigFile.parse(MINIMAL, SOURCE).config().oidc());
        for (String line : List.of("oidc.issuer = https://id.example", "oidc.issuer = http://id.example",
                "oidc.issuer = id.example", "oidc.user.prefix = Upper",
                "oidc.redirect = https://a.example/?b")) {
            assertEquals(1, problemsOf(MINIMAL + line).size(), line);
        }
    }

    @Test
    void theReferenceDocumentsEveryKeyAndIsItselfReadable() throws Exception {
        String reference = String.join("\n", NodeConfigFile.reference());
        for (ConfigKey<?> key : ConfigKeys.ALL) {
            assertTrue(reference.contains(key.meaning()), key.name());
        }
        String filled = reference.replace("name = ", "name = a").replace("data.dir = ", "data.dir = d")
                .replace("#advertised.host = ", "advertised.host = a.example")
                .replaceAll("(?m)^#([a-z.]+ = )", "$1");
        assertEquals(
                ConfigKeys.ALL.size(),
                NodeConfigFile.parse(filled, SOURCE).listing().stream()
                        .filter(line -> !line.endsWith("# default"))
                        .count());
    }

    @Test
    void aMissingFileAndOneThatIsNotTextAreSaid(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("node.conf");
        assertThrows(InvalidConfigException.class, () -> NodeConfigFile.load(file));
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertEquals(
                List.of(file + ": is not UTF-8 text"),
                assertThrows(InvalidConfigException.class, () -> NodeConfigFile.load(file)).problems());
    }

    @Test
    void anyTextGivesAConfigurationOrProblems() {
        long seed = System.nanoTime();
        System.out.println("NodeConfigFileTest seed=" + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            byte[] bytes = (MINIMAL + "heap.max = 512MiB\nhttp.request.timeout = 60s\nport.api = 1\n")
                    .getBytes(StandardCharsets.UTF_8);
            for (int change = random.nextInt(6); change >= 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(128);
            }
            String text = new String(bytes, StandardCharsets.UTF_8);
            try {
                assertEquals(ConfigKeys.ALL.size(), NodeConfigFile.parse(text, SOURCE).listing().size());
            } catch (InvalidConfigException refused) {
                assertTrue(!refused.problems().isEmpty());
            }
        }
    }

    private static List<String> problemsOf(String text) {
        return assertThrows(InvalidConfigException.class, () -> NodeConfigFile.parse(text, SOURCE))
                .problems();
    }
}
