package io.holdfast.node.cli.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import io.holdfast.node.config.NodeConfig;
import io.holdfast.node.config.NodeConfigFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalClusterTest {
    @TempDir
    private Path directory;

    @Test
    void aPlanIsReadAgainAsItWasWritten() throws Exception {
        LocalCluster made = LocalCluster.create(directory, 3);
        LocalCluster found = LocalCluster.open(directory);
        assertEquals(made.nodes(), found.nodes());
        assertEquals(List.of("node-1", "node-2", "node-3"), names(found));
        assertEquals(FreePorts.PER_NODE, found.nodes().get(1).port() - found.nodes().get(0).port());
    }

    @Test
    void aClusterGrowsAndKeepsTheNodesItHas() throws Exception {
        LocalCluster small = LocalCluster.create(directory, 1);
        LocalCluster grown = small.grownTo(3);
        assertEquals(small.nodes().getFirst(), grown.nodes().getFirst());
        assertEquals(List.of("node-1", "node-2", "node-3"), names(LocalCluster.open(directory)));
    }

    @Test
    void theWrittenConfigurationIsValidAndIsNotOverwritten() throws Exception {
        LocalNode node = LocalCluster.create(directory, 1).nodes().getFirst();
        node.writeConfig();
        NodeConfig config = NodeConfigFile.load(node.configFile()).config();
        assertEquals(node.apiAddress(), config.network().apiAddress());
        assertEquals(node.dataDirectory(), config.dataDirectory());
        Files.writeString(node.configFile(), "changed by its user");
        node.writeConfig();
        assertEquals("changed by its user", Files.readString(node.configFile()));
    }

    @Test
    void aFolderWithoutAClusterIsNotFound() {
        CliException refused = assertThrows(CliException.class, () -> LocalCluster.open(directory));
        assertEquals(ExitCode.NOT_FOUND, refused.exitCode());
    }

    @Test
    void aHalfMadeClusterSaysHowToFinishIt() throws Exception {
        CliException refused =
                assertThrows(CliException.class, () -> LocalCluster.create(directory, 1).access());
        assertTrue(refused.hint().contains("holdfast up"), refused.hint());
    }

    @Test
    void aPidFileOfADeadProcessNamesNoProcess() throws Exception {
        LocalNode node = LocalCluster.create(directory, 1).nodes().getFirst();
        Files.createDirectories(node.directory());
        Files.writeString(node.directory().resolve("node.pid"), ProcessHandle.current().pid() + " 1 boot\n");
        assertTrue(node.process().isEmpty());
    }

    @Test
    void twoCommandsDoNotStartTheSameClusterAtOnce() throws Exception {
        try (ClusterLock lock = ClusterLock.acquire(directory)) {
            assertTrue(lock.isHeld());
            CliException refused = assertThrows(CliException.class, () -> ClusterLock.acquire(directory));
            assertEquals(ExitCode.CONFLICT, refused.exitCode());
        }
        ClusterLock.acquire(directory).close();
    }

    private static List<String> names(LocalCluster cluster) {
        return cluster.nodes().stream().map(LocalNode::name).toList();
    }
}
