package io.holdfast.node.bootstrap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// What the founding node brings into the new ledger: who the cluster is and who its first administrator.
/// Left in the data directory by `holdfast cluster init`, and deleted once the ledger holds it.
///
/// @param clusterId 32 hexadecimal digits, random
/// @param clusterName for people
/// @param adminUser the first user's name
/// @param adminTokenId the public part of the first user's token
/// @param adminTokenHash SHA-256 of its secret, 64 hexadecimal digits
/// @param certificateSerial the founding node's certificate, hexadecimal
public record ClusterSeed(
        String clusterId,
        String clusterName,
        String adminUser,
        String adminTokenId,
        String adminTokenHash,
        String certificateSerial) {
    private static final String FORMAT = "cluster-seed";
    private static final String FILE = "cluster.seed";

    public void write(Path dataDirectory) throws IOException {
        RecordFile.write(dataDirectory.resolve(FILE), FORMAT, Map.of(
                "cluster.id", clusterId,
                "cluster.name", clusterName,
                "admin.user", adminUser,
                "admin.token.id", adminTokenId,
                "admin.token.hash", adminTokenHash,
                "certificate.serial", certificateSerial));
    }

    /// The seed, if the node founds a cluster and its ledger does not hold it yet.
    public static Optional<ClusterSeed> read(Path dataDirectory) throws IOException {
        Path file = dataDirectory.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Map<String, String> values = RecordFile.read(file, FORMAT);
        return Optional.of(new ClusterSeed(
                required(values, "cluster.id", file),
                required(values, "cluster.name", file),
                required(values, "admin.user", file),
                required(values, "admin.token.id", file),
                required(values, "admin.token.hash", file),
                required(values, "certificate.serial", file)));
    }

    public static void delete(Path dataDirectory) throws IOException {
        RecordFile.delete(dataDirectory.resolve(FILE));
    }

    static String required(Map<String, String> values, String key, Path file) throws IOException {
        String value = values.get(key);
        if (value == null) {
            throw new IOException("a key is missing: file=" + file + " key=" + key);
        }
        return value;
    }
}
