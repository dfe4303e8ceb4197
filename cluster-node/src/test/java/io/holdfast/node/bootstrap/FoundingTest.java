package io.holdfast.node.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.gridstate.catalog.Sha256;
import io.holdfast.gridstate.cluster.Addresses;
import io.holdfast.gridstate.cluster.NodeCertificate;
import io.holdfast.gridstate.cluster.NodeDescription;
import io.holdfast.gridstate.command.CommandEnvelope;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.RefusalCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FoundingTest {
    private static final ClusterSeed SEED =
            new ClusterSeed("ab".repeat(16), "office", "admin", "t1", "cd".repeat(32), "0f");
    private static final NodeDescription DESCRIPTION =
            new NodeDescription("z1", new Addresses("h:1", "h:2", "h:3", "h:4"), true, 1);
    private static final NodeCertificate CERTIFICATE =
            new NodeCertificate("0f", new Sha256("ef".repeat(32)), 1_000);

    @TempDir
    Path directory;

    private final List<String> proposed = new ArrayList<>();

    private void found(GridReply reply) throws IOException {
        SEED.write(directory);
        new Founding(directory, envelope -> record(envelope, reply))
                .found(SEED, "n1", DESCRIPTION, CERTIFICATE);
    }

    private GridReply record(CommandEnvelope envelope, GridReply reply) {
        proposed.add(envelope.command().kind());
        return reply;
    }

    @Test
    void proposesEverythingThenDropsTheSeed() throws IOException {
        found(new GridReply.Accepted(1));
        assertEquals(List.of("cluster.found", "access.create-user", "access.create-token"), proposed);
        assertTrue(ClusterSeed.read(directory).isEmpty());
    }

    @Test
    void whatExistsAlreadyIsDone() throws IOException {
        found(GridReply.refuse(RefusalCode.EXISTS, "there"));
        assertEquals(3, proposed.size());
        assertTrue(ClusterSeed.read(directory).isEmpty());
    }

    @Test
    void keepsTheSeedWhenTheLedgerRefusesOrFails() throws IOException {
        IOException refused = assertThrows(
                IOException.class, () -> found(GridReply.refuse(RefusalCode.INVALID, "no such zone")));
        assertTrue(refused.getMessage().contains("no such zone"), refused.getMessage());
        Founding failing = new Founding(directory, _ -> {
            throw new CompletionException(new IOException("no majority"));
        });
        assertThrows(IOException.class, () -> failing.found(SEED, "n1", DESCRIPTION, CERTIFICATE));
        assertTrue(ClusterSeed.read(directory).isPresent());
    }
}
