package io.holdfast.node.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// A node's configuration file after it was read and found good: UTF-8 lines of `key = value`; `#` begins a
/// comment at the start of a line or after a space. Immutable.
public final class NodeConfigFile {
    private static final long FILE_BYTES_MAX = 1 << 20;
    private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::", "[::]");

    private final NodeConfig config;
    private final List<String> listing;

    private NodeConfigFile(NodeConfig config, List<String> listing) {
        this.config = config;
        this.listing = List.copyOf(listing);
    }

    public static NodeConfigFile load(Path file) throws IOException, InvalidConfigException {
        if (!Files.isRegularFile(file)) {
            throw new InvalidConfigException(List.of(file + ": there is no such file"));
        }
        if (Files.size(file) > FILE_BYTES_MAX) {
            throw new InvalidConfigException(List.of(file + ": a configuration has at most 1MiB"));
        }
        try {
            return parse(Files.readString(file), file.toAbsolutePath());
        } catch (CharacterCodingException notUtf8) {
            throw new InvalidConfigException(List.of(file + ": is not UTF-8 text"));
        }
    }

    /// Reads a text as if it stood in a file: problems name it, and relative paths start at its folder.
    public static NodeConfigFile parse(String text, Path source) throws InvalidConfigException {
        ConfigValues values = new ConfigValues(source);
        values.readLines(text.lines().toList());
        values.parseAll();
        values.throwProblems();
        checkTogether(values);
        values.throwProblems();
        return new NodeConfigFile(configOf(values, source), listingOf(values));
    }

    public NodeConfig config() {
        return config;
    }

    /// Every key with its value, one `key = value` each, those not written in the file marked `# default`.
    public List<String> listing() {
        return listing;
    }

    /// The reference of all keys, itself a valid configuration file but for the keys that must be written.
    public static List<String> reference() {
        List<String> lines = new ArrayList<>();
        String section = "";
        for (ConfigKey<?> key : ConfigKeys.ALL) {
            if (!key.section().equals(section)) {
                section = key.section();
                lines.add((lines.isEmpty() ? "" : "\n") + "# ---- " + section + " ----");
            }
            lines.add("# " + key.meaning());
            lines.add("# Form: " + key.kind().form() + ".");
            lines.add(key.defaultText()
                    .map(text -> "#" + key.name() + " = " + text)
                    .orElse(key.name() + " = "));
        }
        return lines;
    }

    private static void checkTogether(ConfigValues values) {
        if (values.find(ConfigKeys.ADVERTISED_HOST).isEmpty()
                && WILDCARDS.contains(values.get(ConfigKeys.LISTEN_HOST))) {
            values.problem(ConfigKeys.ADVERTISED_HOST, "must be written: listen.host means every interface");
        }
        if (values.get(ConfigKeys.LEDGER_ELECTION_TIMEOUT_MIN)
                        .compareTo(values.get(ConfigKeys.LEDGER_ELECTION_TIMEOUT_MAX))
                >= 0) {
            values.problem(
                    ConfigKeys.LEDGER_ELECTION_TIMEOUT_MAX, "must be more than ledger.election.timeout.min");
        }
        if (values.find(ConfigKeys.OIDC_ISSUER).isPresent()
                && values.find(ConfigKeys.OIDC_CLIENT_ID).isEmpty()) {
            values.problem(ConfigKeys.OIDC_CLIENT_ID, "must be written with oidc.issuer");
        }
        List<ConfigKey<Integer>> ports = List.of(
                ConfigKeys.PORT_API, ConfigKeys.PORT_PEER, ConfigKeys.PORT_RAFT, ConfigKeys.PORT_GRID,
                ConfigKeys.PORT_DATA, ConfigKeys.PORT_NBD);
        for (int i = 0; i < ports.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (values.get(ports.get(i)).equals(values.get(ports.get(j)))) {
                    values.problem(ports.get(i), "must differ from " + ports.get(j).name());
                }
            }
        }
    }

    private static NodeConfig configOf(ConfigValues values, Path source) {
        Path dataDirectory = absolute(values.get(ConfigKeys.DATA_DIR), source);
        return new NodeConfig(
                values.get(ConfigKeys.NAME),
                values.get(ConfigKeys.ZONE),
                dataDirectory,
                values.get(ConfigKeys.HEAP_MAX),
                networkOf(values),
                storageOf(values, source, dataDirectory),
                ledgerOf(values),
                gridOf(values),
                new NodeConfig.Http(
                        values.get(ConfigKeys.HTTP_BODY_BYTES_MAX),
                        values.get(ConfigKeys.HTTP_CONNECTIONS_MAX),
                        values.get(ConfigKeys.HTTP_REQUEST_TIMEOUT),
                        values.get(ConfigKeys.HTTP_WATCHES_MAX)),
                oidcOf(values, source),
                new NodeConfig.Logging(
                        values.get(ConfigKeys.LOG_LEVEL),
                        values.get(ConfigKeys.LOG_FILE_BYTES_MAX),
                        values.get(ConfigKeys.LOG_FILES_MAX),
                        values.get(ConfigKeys.LOG_CONSOLE)));
    }

    private static NodeConfig.Network networkOf(ConfigValues values) {
        String listenHost = values.get(ConfigKeys.LISTEN_HOST);
        return new NodeConfig.Network(
                listenHost,
                values.find(ConfigKeys.ADVERTISED_HOST).orElse(listenHost),
                values.get(ConfigKeys.PORT_API),
                values.get(ConfigKeys.PORT_PEER),
                values.get(ConfigKeys.PORT_RAFT),
                values.get(ConfigKeys.PORT_GRID),
                values.get(ConfigKeys.PORT_DATA),
                values.get(ConfigKeys.PORT_NBD));
    }

    private static NodeConfig.Storage storageOf(ConfigValues values, Path source, Path dataDirectory) {
        List<Path> folders = values.find(ConfigKeys.DISK_FOLDERS).orElse(List.of()).stream()
                .map(folder -> absolute(folder, source))
                .toList();
        return new NodeConfig.Storage(
                folders.isEmpty() ? List.of(dataDirectory.resolve("disk-0")) : folders,
                values.get(ConfigKeys.DISK_SEGMENT_SIZE),
                values.get(ConfigKeys.DISK_SCRUB_PERIOD),
                values.find(ConfigKeys.NBD_SOCKET)
                        .map(socket -> absolute(socket, source))
                        .orElse(dataDirectory.resolve("nbd.sock")));
    }

    /// Relative paths start at the file's folder.
    private static Path absolute(Path path, Path source) {
        Path folder = source.toAbsolutePath().getParent();
        return (folder == null ? path : folder.resolve(path)).toAbsolutePath().normalize();
    }

    private static NodeConfig.Ledger ledgerOf(ConfigValues values) {
        return new NodeConfig.Ledger(
                values.get(ConfigKeys.LEDGER_ELECTION_TIMEOUT_MIN),
                values.get(ConfigKeys.LEDGER_ELECTION_TIMEOUT_MAX),
                values.get(ConfigKeys.LEDGER_REQUEST_TIMEOUT),
                values.get(ConfigKeys.LEDGER_BATCH_COMMANDS_MAX),
                values.get(ConfigKeys.LEDGER_BATCH_BYTES_MAX),
                values.get(ConfigKeys.LEDGER_PENDING_COMMANDS_MAX),
                values.get(ConfigKeys.LEDGER_SNAPSHOT_ENTRIES),
                values.get(ConfigKeys.LEDGER_HISTORY_ENTRIES_MAX),
                values.get(ConfigKeys.LEDGER_HISTORY_BYTES_MAX));
    }

    private static NodeConfig.Grid gridOf(ConfigValues values) {
        return new NodeConfig.Grid(
                values.get(ConfigKeys.GRID_PARTITIONS), values.get(ConfigKeys.GRID_HEARTBEAT_TIMEOUT));
    }

    private static Optional<NodeConfig.Oidc> oidcOf(ConfigValues values, Path source) {
        return values.find(ConfigKeys.OIDC_ISSUER).map(issuer -> new NodeConfig.Oidc(
                issuer,
                values.get(ConfigKeys.OIDC_CLIENT_ID),
                values.find(ConfigKeys.OIDC_CLIENT_SECRET_FILE).map(file -> absolute(file, source)),
                values.find(ConfigKeys.OIDC_REDIRECT),
                values.find(ConfigKeys.OIDC_AUTHORITIES_FILE).map(file -> absolute(file, source)),
                values.find(ConfigKeys.OIDC_SCOPES).orElse(List.of()),
                values.get(ConfigKeys.OIDC_USER_CLAIM),
                values.get(ConfigKeys.OIDC_USER_PREFIX),
                new NodeConfig.OidcRoles(
                        values.get(ConfigKeys.OIDC_ROLE_CLAIM),
                        values.find(ConfigKeys.OIDC_ROLE_ADMIN).orElse(List.of()),
                        values.find(ConfigKeys.OIDC_ROLE_OPERATOR).orElse(List.of()),
                        values.find(ConfigKeys.OIDC_ROLE_VIEWER).orElse(List.of()))));
    }

    private static List<String> listingOf(ConfigValues values) {
        return ConfigKeys.ALL.stream()
                .map(key -> {
                    String value = values.find(key).map(ConfigKind::show).orElse("");
                    String line = String.format(Locale.ROOT, "%s = %s", key.name(), value);
                    return values.isWritten(key) ? line : line + " # default";
                })
                .toList();
    }
}
