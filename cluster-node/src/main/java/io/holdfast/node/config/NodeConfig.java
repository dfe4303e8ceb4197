package io.holdfast.node.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Everything a node is told when it starts; checked, immutable. Made by [NodeConfigFile].
///
/// @param dataDirectory absolute
public record NodeConfig(
        String name,
        String zone,
        Path dataDirectory,
        long heapBytesMax,
        Network network,
        Storage storage,
        Ledger ledger,
        Grid grid,
        Http http,
        Optional<Oidc> oidc,
        Logging logging) {

    /// Where the node listens and how the others reach it.
    public record Network(
            String listenHost,
            String advertisedHost,
            int apiPort,
            int peerPort,
            int raftPort,
            int gridPort,
            int dataPort,
            int nbdPort) {
        /// `host:port` of the API as others reach it.
        public String apiAddress() {
            return address(apiPort);
        }

        public String peerAddress() {
            return address(peerPort);
        }

        public String raftAddress() {
            return address(raftPort);
        }

        public String gridAddress() {
            return address(gridPort);
        }

        public String dataAddress() {
            return address(dataPort);
        }

        public String nbdAddress() {
            return address(nbdPort);
        }

        private String address(int port) {
            String host = advertisedHost.indexOf(':') >= 0 ? "[" + advertisedHost + "]" : advertisedHost;
            return host + ":" + port;
        }
    }

    /// Where fragments are kept and volumes are offered.
    ///
    /// @param diskFolders absolute, at least one
    /// @param segmentBytes size of the files that a new disk is filled with
    /// @param scrubPeriod in which everything on a disk is read once
    /// @param nbdSocket absolute
    public record Storage(
            List<Path> diskFolders, long segmentBytes, Duration scrubPeriod, Path nbdSocket) {
        public Storage {
            diskFolders = List.copyOf(diskFolders);
        }
    }

    /// Timing and bounds of the ledger.
    public record Ledger(
            Duration electionTimeoutMin,
            Duration electionTimeoutMax,
            Duration requestTimeout,
            int batchCommandsMax,
            long batchBytesMax,
            int pendingCommandsMax,
            int snapshotEntries,
            int historyEntriesMax,
            long historyBytesMax) {}

    /// Shape and timing of the grid.
    public record Grid(int partitions, Duration heartbeatTimeout) {}

    /// Bounds of the HTTP API.
    public record Http(
            long bodyBytesMax,
            int connectionsMax,
            Duration requestTimeout,
            int watchesMax) {}

    /// The OpenID provider where people log in.
    ///
    /// @param clientSecretFile absolute
    /// @param redirect absent for this node's own address
    /// @param authoritiesFile absolute
    /// @param roles the values of the claim for each role
    public record Oidc(
            URI issuer,
            String clientId,
            Optional<Path> clientSecretFile,
            Optional<URI> redirect,
            Optional<Path> authoritiesFile,
            List<String> scopes,
            String userClaim,
            String userPrefix,
            OidcRoles roles) {
        public Oidc {
            scopes = List.copyOf(scopes);
        }
    }

    /// Which values of a claim give which role.
    public record OidcRoles(String claim, List<String> admin, List<String> operator, List<String> viewer) {
        public OidcRoles {
            admin = List.copyOf(admin);
            operator = List.copyOf(operator);
            viewer = List.copyOf(viewer);
        }
    }

    /// What is logged and how much of it is kept.
    public record Logging(String level, long fileBytesMax, int filesMax, boolean console) {}
}
