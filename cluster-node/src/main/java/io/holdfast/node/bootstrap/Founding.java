package io.holdfast.node.bootstrap;

import io.holdfast.gridstate.access.Role;
import io.holdfast.gridstate.access.UserTokenKey;
import io.holdfast.gridstate.catalog.Sha256;
import io.holdfast.gridstate.cluster.NodeCertificate;
import io.holdfast.gridstate.cluster.NodeDescription;
import io.holdfast.gridstate.command.AccessCommand;
import io.holdfast.gridstate.command.ClusterCommand;
import io.holdfast.gridstate.command.CommandEnvelope;
import io.holdfast.gridstate.command.GridCommand;
import io.holdfast.gridstate.rule.Actor;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.RefusalCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/// Brings a founding node's seed into its ledger: the cluster, its first node and its first administrator.
/// May be repeated after a crash at any point: each step is refused as existing if it was done before, and
/// the seed goes last.
public final class Founding {
    /// The first administrator's token does not expire; it can be revoked once there are others.
    private static final long NEVER = Long.MAX_VALUE;

    private final Path dataDirectory;
    private final Function<CommandEnvelope, GridReply> ledger;

    /// Makes a founding.
    ///
    /// @param ledger proposes a command and waits for its answer
    public Founding(Path dataDirectory, Function<CommandEnvelope, GridReply> ledger) {
        this.dataDirectory = dataDirectory;
        this.ledger = ledger;
    }

    /// Founds the cluster; blocks until the ledger holds it.
    public void found(
            ClusterSeed seed, String node, NodeDescription description, NodeCertificate certificate)
            throws IOException {
        UserTokenKey token = new UserTokenKey(seed.adminUser(), seed.adminTokenId());
        List<GridCommand> steps = List.of(
                new ClusterCommand.Found(
                        seed.clusterId(), seed.clusterName(), node, description, certificate),
                new AccessCommand.CreateUser(seed.adminUser(), Role.ADMIN),
                new AccessCommand.CreateToken(
                        token, new Sha256(seed.adminTokenHash()), NEVER, "made at init"));
        for (GridCommand step : steps) {
            propose(new CommandEnvelope(new Actor.Node(node), "founding", step));
        }
        ClusterSeed.delete(dataDirectory);
    }

    private void propose(CommandEnvelope step) throws IOException {
        GridReply reply;
        try {
            reply = ledger.apply(step);
        } catch (CompletionException failure) {
            throw new IOException(
                    "the ledger does not take the founding: step=" + step.command().kind(), failure);
        }
        if (reply instanceof GridReply.Refused refused && refused.code() != RefusalCode.EXISTS) {
            throw new IOException("the ledger refuses the founding: step=" + step.command().kind()
                    + " code=" + refused.code().problemCode() + " message=" + refused.message());
        }
    }
}
