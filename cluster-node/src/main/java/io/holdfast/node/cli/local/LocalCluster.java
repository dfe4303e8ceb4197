package io.holdfast.node.cli.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.node.cli.client.ClusterAccess;
import io.holdfast.node.cli.client.PrivateFile;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What the folder of a local cluster says: its nodes and how to reach them. Immutable; whoever changes the
/// folder holds its [ClusterLock].
public final class LocalCluster {
    private static final String FILE = "cluster.json";
    private static final String AUTHORITY = "ca.crt";
    private static final String TOKEN = "admin.token";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path directory;
    private final List<LocalNode> nodes;

    private LocalCluster(Path directory, List<LocalNode> nodes) {
        this.directory = directory;
        this.nodes = List.copyOf(nodes);
    }

    public static Path defaultDirectory() {
        return Path.of(System.getProperty("user.home"), ".holdfast", "local");
    }

    public static boolean exists(Path directory) {
        return Files.exists(directory.resolve(FILE));
    }

    public static LocalCluster open(Path directory) throws CliException {
        Path absolute = directory.toAbsolutePath().normalize();
        if (!exists(absolute)) {
            throw new CliException(
                    ExitCode.NOT_FOUND,
                    "there is no cluster in " + directory,
                    "make one with 'holdfast up --dir " + directory + "'");
        }
        try {
            JsonNode root = MAPPER.readTree(absolute.resolve(FILE).toFile());
            List<LocalNode> nodes = new ArrayList<>();
            for (JsonNode node : root.path("nodes")) {
                String name = node.path("name").asText("");
                nodes.add(new LocalNode(name, node.path("port").asInt(), absolute.resolve(name)));
            }
            if (nodes.isEmpty()) {
                throw new IOException("it names no nodes");
            }
            return new LocalCluster(absolute, nodes);
        } catch (IOException unreadable) {
            throw new CliException(
                    ExitCode.FAILED,
                    absolute.resolve(FILE) + " cannot be read: " + unreadable.getMessage(),
                    "",
                    unreadable);
        }
    }

    /// Plans a cluster and writes the plan down, so that an interrupted start goes on where it was.
    static LocalCluster create(Path directory, int nodeCount) throws CliException, IOException {
        int port = FreePorts.ofThisHost().rangeFor(nodeCount);
        Path absolute = directory.toAbsolutePath().normalize();
        List<LocalNode> nodes = new ArrayList<>();
        for (int number = 1; number <= nodeCount; number++) {
            nodes.add(nodeOf(absolute, number, port + (number - 1) * FreePorts.PER_NODE));
        }
        LocalCluster cluster = new LocalCluster(absolute, nodes);
        cluster.write();
        return cluster;
    }

    /// The same cluster with more nodes, which continue its range of ports or begin another.
    LocalCluster grownTo(int nodeCount) throws CliException, IOException {
        List<LocalNode> grown = new ArrayList<>(nodes);
        int added = nodeCount - nodes.size();
        int next = nodes.getLast().port() + FreePorts.PER_NODE;
        FreePorts ports = FreePorts.ofThisHost();
        int port = ports.isRangeFree(next, added * FreePorts.PER_NODE) ? next : ports.rangeFor(added);
        for (int number = nodes.size() + 1; number <= nodeCount; number++) {
            grown.add(nodeOf(directory, number, port));
            port += FreePorts.PER_NODE;
        }
        LocalCluster cluster = new LocalCluster(directory, grown);
        cluster.write();
        return cluster;
    }

    private static LocalNode nodeOf(Path directory, int number, int port) {
        String name = "node-" + number;
        return new LocalNode(name, port, directory.resolve(name));
    }

    private void write() throws IOException {
        ObjectNode root = MAPPER.createObjectNode();
        ArrayNode list = root.putArray("nodes");
        nodes.forEach(node -> list.addObject().put("name", node.name()).put("port", node.port()));
        PrivateFile.write(
                directory.resolve(FILE),
                MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
    }

    public Path directory() {
        return directory;
    }

    public List<LocalNode> nodes() {
        return nodes;
    }

    public Path authorityFile() {
        return directory.resolve(AUTHORITY);
    }

    public Path tokenFile() {
        return directory.resolve(TOKEN);
    }

    /// How the first administrator reaches the cluster.
    public ClusterAccess access() throws CliException {
        try {
            return new ClusterAccess(
                    nodes.stream().map(LocalNode::apiAddress).toList(),
                    Files.readString(authorityFile()),
                    Files.readString(tokenFile()).strip());
        } catch (IOException missing) {
            throw new CliException(
                    ExitCode.FAILED,
                    "the cluster in " + directory + " was not completely made: " + missing.getMessage(),
                    "finish it with 'holdfast up --dir " + directory + "'",
                    missing);
        }
    }
}
