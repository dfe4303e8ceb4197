package io.holdfast.node.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/// The one table of the configuration: every key, its form, its default and its meaning.
final class ConfigKeys {
    private static final Pattern NAME_FORM = Pattern.compile("[a-z][a-z0-9-]{0,62}");
    private static final ConfigKind<String> NAME_KIND =
            ConfigKind.text("1 to 63 characters of a-z, 0-9 and '-', first a letter", NAME_FORM);
    private static final Pattern VISIBLE_FORM = Pattern.compile("[\\x21-\\x7e]{1,255}");
    private static final ConfigKind<Integer> PORT_KIND = ConfigKind.number(1, 65_535);

    static final ConfigKey<String> NAME =
            ConfigKey.required("name", NAME_KIND, "The node's name: unique in the cluster, never changed.");
    static final ConfigKey<String> ZONE = ConfigKey.of("zone", NAME_KIND, "default",
            "Failure domain: what may fail together, such as a rack or a building.");
    static final ConfigKey<Path> DATA_DIR = ConfigKey.required("data.dir", ConfigKind.path(),
            "Folder of everything the node keeps: identity, ledger, logs. One node per folder.");
    static final ConfigKey<Long> HEAP_MAX = ConfigKey.of("heap.max", ConfigKind.bytes(128L << 20, 64L << 30),
            "512MiB", "Most memory for Java objects; bin/holdfast reads it before it starts the node.");

    static final ConfigKey<String> LISTEN_HOST = ConfigKey.of("listen.host", ConfigKind.host(), "0.0.0.0",
            "Address to listen on; 0.0.0.0 means every interface.");
    static final ConfigKey<String> ADVERTISED_HOST = ConfigKey.of("advertised.host", ConfigKind.host(), "",
            "Name or address at which the others reach this node; must be written if listen.host is 0.0.0.0"
                    + " or ::, and is listen.host otherwise.");
    static final ConfigKey<Integer> PORT_API =
            ConfigKey.of("port.api", PORT_KIND, "7600", "HTTP API and web UI (HTTPS).");
    static final ConfigKey<Integer> PORT_PEER =
            ConfigKey.of("port.peer", PORT_KIND, "7601", "Requests between nodes (mutual TLS).");
    static final ConfigKey<Integer> PORT_RAFT =
            ConfigKey.of("port.raft", PORT_KIND, "7602", "Replication of the ledger (mutual TLS).");
    static final ConfigKey<Integer> PORT_GRID =
            ConfigKey.of("port.grid", PORT_KIND, "7603", "The in-memory grid (mutual TLS).");

    static final ConfigKey<Integer> PORT_DATA =
            ConfigKey.of("port.data", PORT_KIND, "7604",
                    "Fragments of chunks on this node's disks (mutual TLS).");
    static final ConfigKey<Integer> PORT_NBD =
            ConfigKey.of("port.nbd", PORT_KIND, "10809", "Volumes as network block devices (mutual TLS).");

    static final ConfigKey<List<Path>> DISK_FOLDERS = ConfigKey.of("disk.folders", ConfigKind.paths(), "",
            "Folders that fragments are kept in, one per disk, best each on a file system of its own; may be"
                    + " added to at any time. Nothing means the folder disk-0 in data.dir.");
    static final ConfigKey<Long> DISK_SEGMENT_SIZE = ConfigKey.of("disk.segment.size",
            ConfigKind.bytes(16L << 20, 4L << 30), "256MiB",
            "Size of the files that a new disk is filled with, one after the other.");
    static final ConfigKey<Duration> DISK_SCRUB_PERIOD = ConfigKey.of("disk.scrub.period",
            ConfigKind.duration(Duration.ofMinutes(1), Duration.ofDays(366)), "7d",
            "In which everything on a disk is read and verified once.");
    static final ConfigKey<Path> NBD_SOCKET = ConfigKey.of("nbd.socket", ConfigKind.path(), "",
            "Unix socket for volumes as network block devices on this host. Nothing means nbd.sock in"
                    + " data.dir.");

    static final ConfigKey<Duration> LEDGER_ELECTION_TIMEOUT_MIN = ConfigKey.of("ledger.election.timeout.min",
            ConfigKind.duration(Duration.ofMillis(100), Duration.ofSeconds(30)), "300ms",
            "Shortest silence of the leader after which a voter stands for election.");
    static final ConfigKey<Duration> LEDGER_ELECTION_TIMEOUT_MAX = ConfigKey.of("ledger.election.timeout.max",
            ConfigKind.duration(Duration.ofMillis(150), Duration.ofMinutes(1)), "600ms",
            "Longest such silence; each voter draws its own between the two.");
    static final ConfigKey<Duration> LEDGER_REQUEST_TIMEOUT = ConfigKey.of("ledger.request.timeout",
            ConfigKind.duration(Duration.ofMillis(500), Duration.ofMinutes(5)), "10s",
            "How long a command may wait for a majority before its outcome is reported as unknown.");
    static final ConfigKey<Integer> LEDGER_BATCH_COMMANDS_MAX = ConfigKey.of("ledger.batch.commands.max",
            ConfigKind.number(1, 4_096), "512", "Most commands of several callers in one ledger entry.");
    static final ConfigKey<Long> LEDGER_BATCH_BYTES_MAX = ConfigKey.of("ledger.batch.bytes.max",
            ConfigKind.bytes(64L << 10, 2L << 20), "1MiB", "Most bytes of commands in one ledger entry.");
    static final ConfigKey<Integer> LEDGER_PENDING_COMMANDS_MAX = ConfigKey.of("ledger.pending.commands.max",
            ConfigKind.number(64, 1_048_576), "16384",
            "Most commands waiting on this node; further callers are told to try again later.");
    static final ConfigKey<Integer> LEDGER_SNAPSHOT_ENTRIES = ConfigKey.of("ledger.snapshot.entries",
            ConfigKind.number(100, 100_000_000), "50000",
            "Entries after which the log is compacted to the stored state.");
    static final ConfigKey<Integer> LEDGER_HISTORY_ENTRIES_MAX = ConfigKey.of("ledger.history.entries.max",
            ConfigKind.number(1_000, 1_000_000_000), "1000000",
            "Most entries kept in the hash-chained history; the same on every node.");
    static final ConfigKey<Long> LEDGER_HISTORY_BYTES_MAX = ConfigKey.of("ledger.history.bytes.max",
            ConfigKind.bytes(1L << 20, 1L << 40), "512MiB",
            "Most bytes kept in the hash-chained history; the same on every node.");

    static final ConfigKey<Integer> GRID_PARTITIONS = ConfigKey.of("grid.partitions",
            ConfigKind.number(3, 10_007), "181", "Parts the grid is cut into; the same on every node.");
    static final ConfigKey<Duration> GRID_HEARTBEAT_TIMEOUT = ConfigKey.of("grid.heartbeat.timeout",
            ConfigKind.duration(Duration.ofSeconds(2), Duration.ofMinutes(5)), "10s",
            "Silence after which a grid member is taken for lost.");

    static final ConfigKey<Long> HTTP_BODY_BYTES_MAX = ConfigKey.of("http.body.bytes.max",
            ConfigKind.bytes(1L << 10, 64L << 20), "1MiB", "Largest body of an API request.");
    static final ConfigKey<Integer> HTTP_CONNECTIONS_MAX = ConfigKey.of("http.connections.max",
            ConfigKind.number(8, 100_000), "1024", "Most API connections at one time.");
    static final ConfigKey<Duration> HTTP_REQUEST_TIMEOUT = ConfigKey.of("http.request.timeout",
            ConfigKind.duration(Duration.ofSeconds(1), Duration.ofMinutes(10)), "30s",
            "How long a request may take to come in, and a connection may be idle.");
    static final ConfigKey<Integer> HTTP_WATCHES_MAX = ConfigKey.of("http.watches.max",
            ConfigKind.number(1, 10_000), "256", "Most watches (event streams) at one time.");

    static final ConfigKey<URI> OIDC_ISSUER = ConfigKey.of("oidc.issuer", ConfigKind.httpsAddress(), "",
            "OpenID provider where people log in to the web UI, as its metadata has it. Nothing means none."
                    + " Users from there are called by their name behind oidc.user.prefix; what they may do"
                    + " follows from their claims at each login.");
    static final ConfigKey<String> OIDC_CLIENT_ID = ConfigKey.of("oidc.client.id",
            ConfigKind.text("1 to 255 visible characters", VISIBLE_FORM), "",
            "This cluster's name at the provider; must be written with oidc.issuer.");
    static final ConfigKey<Path> OIDC_CLIENT_SECRET_FILE = ConfigKey.of("oidc.client.secret.file",
            ConfigKind.path(), "", "File with the client's secret. Nothing means a public client; PKCE is"
                    + " used with both.");
    static final ConfigKey<URI> OIDC_REDIRECT = ConfigKey.of("oidc.redirect", ConfigKind.httpsAddress(), "",
            "Where the provider sends browsers back, as registered there: /login/oidc/callback of this node."
                    + " Nothing means that path at advertised.host and port.api.");
    static final ConfigKey<Path> OIDC_AUTHORITIES_FILE = ConfigKey.of("oidc.authorities.file",
            ConfigKind.path(), "", "PEM file of the authorities that sign the provider's own certificate."
                    + " Nothing means those that Java trusts.");
    static final ConfigKey<List<String>> OIDC_SCOPES = ConfigKey.of("oidc.scopes", ConfigKind.words(),
            "openid, profile", "What is asked for; openid is asked for in any case.");
    static final ConfigKey<String> OIDC_USER_CLAIM = ConfigKey.of("oidc.user.claim",
            ConfigKind.text("1 to 255 visible characters", VISIBLE_FORM), "preferred_username",
            "Claim with a person's name, which must be fit for a user's: a-z, 0-9, '.', '_' and '-'.");
    static final ConfigKey<String> OIDC_USER_PREFIX = ConfigKey.of("oidc.user.prefix",
            ConfigKind.text("1 to 30 characters of a-z, 0-9, '.', '_' and '-', first a letter or digit",
                    Pattern.compile("[a-z0-9][a-z0-9._-]{0,29}")), "oidc.",
            "Stands before the names of such users, so that nobody at the provider becomes one made here.");
    static final ConfigKey<String> OIDC_ROLE_CLAIM = ConfigKey.of("oidc.role.claim",
            ConfigKind.text("1 to 255 visible characters", VISIBLE_FORM), "groups",
            "Claim with a person's roles or groups, a text or a list; dots lead into objects.");
    static final ConfigKey<List<String>> OIDC_ROLE_ADMIN = ConfigKey.of("oidc.role.admin",
            ConfigKind.words(), "", "Values of that claim that make an admin.");
    static final ConfigKey<List<String>> OIDC_ROLE_OPERATOR = ConfigKey.of("oidc.role.operator",
            ConfigKind.words(), "", "Values of that claim that make an operator.");
    static final ConfigKey<List<String>> OIDC_ROLE_VIEWER = ConfigKey.of("oidc.role.viewer",
            ConfigKind.words(), "",
            "Values of that claim that make a viewer. Whoever has none of the three is refused.");

    static final ConfigKey<String> LOG_LEVEL = ConfigKey.of("log.level",
            ConfigKind.oneOf(List.of("error", "warn", "info", "debug", "trace")), "info",
            "Least severity that is logged.");
    static final ConfigKey<Long> LOG_FILE_BYTES_MAX = ConfigKey.of("log.file.bytes.max",
            ConfigKind.bytes(64L << 10, 4L << 30), "16MiB",
            "Size at which a log file is closed and the next begun.");
    static final ConfigKey<Integer> LOG_FILES_MAX = ConfigKey.of("log.files.max", ConfigKind.number(1, 1_000),
            "8", "Log files kept; the oldest is deleted.");
    static final ConfigKey<Boolean> LOG_CONSOLE = ConfigKey.of("log.console", ConfigKind.yesOrNo(), "yes",
            "Whether the log also goes to standard output.");

    /// In the order in which they are documented.
    static final List<ConfigKey<?>> ALL = List.of(
            NAME, ZONE, DATA_DIR, HEAP_MAX,
            LISTEN_HOST, ADVERTISED_HOST, PORT_API, PORT_PEER, PORT_RAFT, PORT_GRID, PORT_DATA,
            PORT_NBD, DISK_FOLDERS, DISK_SEGMENT_SIZE, DISK_SCRUB_PERIOD, NBD_SOCKET,
            LEDGER_ELECTION_TIMEOUT_MIN, LEDGER_ELECTION_TIMEOUT_MAX, LEDGER_REQUEST_TIMEOUT,
            LEDGER_BATCH_COMMANDS_MAX, LEDGER_BATCH_BYTES_MAX, LEDGER_PENDING_COMMANDS_MAX,
            LEDGER_SNAPSHOT_ENTRIES, LEDGER_HISTORY_ENTRIES_MAX, LEDGER_HISTORY_BYTES_MAX,
            GRID_PARTITIONS, GRID_HEARTBEAT_TIMEOUT,
            HTTP_BODY_BYTES_MAX, HTTP_CONNECTIONS_MAX, HTTP_REQUEST_TIMEOUT, HTTP_WATCHES_MAX,
            OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET_FILE, OIDC_REDIRECT, OIDC_AUTHORITIES_FILE,
            OIDC_SCOPES, OIDC_USER_CLAIM, OIDC_USER_PREFIX, OIDC_ROLE_CLAIM, OIDC_ROLE_ADMIN,
            OIDC_ROLE_OPERATOR, OIDC_ROLE_VIEWER,
            LOG_LEVEL, LOG_FILE_BYTES_MAX, LOG_FILES_MAX, LOG_CONSOLE);

    private ConfigKeys() {}
}
