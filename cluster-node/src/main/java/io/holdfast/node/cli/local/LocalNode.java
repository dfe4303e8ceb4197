package io.holdfast.node.cli.local;

import io.holdfast.hostio.process.DetachedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One node of a local cluster: its files and its process.
///
/// @param port the first of the node's ports; the others follow it
/// @param directory absolute
public record LocalNode(String name, int port, Path directory) {
    /// Everything on this machine, so nothing needs to be reachable from elsewhere.
    static final String HOST = "127.0.0.1";

    static final int OFFSET_PEER = 1;
    static final int OFFSET_RAFT = 2;
    static final int OFFSET_GRID = 3;
    static final int OFFSET_DATA = 4;
    static final int OFFSET_NBD = 5;

    public String apiAddress() {
        return HOST + ":" + port;
    }

    /// Where volumes are offered as network block devices, by TLS.
    public String nbdAddress() {
        return HOST + ":" + (port + OFFSET_NBD);
    }

    /// Where they are offered on this machine.
    public Path nbdSocket() {
        return dataDirectory().resolve("nbd.sock");
    }

    public Path configFile() {
        return directory.resolve("node.conf");
    }

    public Path dataDirectory() {
        return directory.resolve("data");
    }

    public Path outputFile() {
        return directory.resolve("output.log");
    }

    private Path pidFile() {
        return directory.resolve("node.pid");
    }

    /// Whether the node has been initialised or has joined, so that it can be started.
    public boolean hasIdentity() {
        return Files.exists(dataDirectory().resolve("identity").resolve("node.crt"));
    }

    /// Writes the configuration unless there is one, which the user may have changed.
    void writeConfig() throws IOException {
        Files.createDirectories(directory);
        if (Files.exists(configFile())) {
            return;
        }
        Files.writeString(configFile(), """
                # Written by 'holdfast up'; changes are kept. All keys: holdfast node config
                name = %s
                zone = %s
                data.dir = data
                listen.host = %s
                port.api = %d
                port.peer = %d
                port.raft = %d
                port.grid = %d
                port.data = %d
                port.nbd = %d
                """.formatted(
                        name, name, HOST, port, port + OFFSET_PEER, port + OFFSET_RAFT, port + OFFSET_GRID,
                        port + OFFSET_DATA, port + OFFSET_NBD));
    }

    /// The process, if it runs.
    public Optional<DetachedProcess> process() {
        return DetachedProcess.readPidFile(pidFile()).filter(DetachedProcess::isAlive);
    }

    DetachedProcess start(Path executable) throws IOException {
        Files.createDirectories(dataDirectory());
        DetachedProcess process = DetachedProcess.start(
                List.of(executable.toString(), "node", "run", "--config", configFile().toString()),
                Map.of("HOLDFAST_NO_BUILD", "1"),
                directory,
                outputFile());
        process.writePidFile(pidFile());
        return process;
    }

    void forgetProcess() throws IOException {
        Files.deleteIfExists(pidFile());
    }
}
