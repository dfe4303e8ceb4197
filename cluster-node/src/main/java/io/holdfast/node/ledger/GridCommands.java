package io.holdfast.node.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.consensus.Committed;
import io.holdfast.consensus.SessionId;
import io.holdfast.gridstate.codec.CommandWriter;
import io.holdfast.gridstate.codec.GridCodec;
import io.holdfast.gridstate.command.CommandEnvelope;
import io.holdfast.gridstate.rule.GridReply;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.CompletableFuture;

/// Typed commands on their way into the ledger, and their typed answers. Concurrent.
public final class GridCommands {
    private final LedgerClient client;
    private final GridCodec codec;
    private final CommandWriter writer = new CommandWriter();

    /// An answer and where it stands.
    ///
    /// @param reply the state machine's answer; a refusal is an answer too
    /// @param committed the entry that holds the command
    public record Answer(GridReply reply, Committed committed) {}

    /// @param codec reads the answers
    public GridCommands(LedgerClient client, GridCodec codec) {
        this.client = client;
        this.codec = codec;
    }

    /// Proposes a command that is to happen once. Fails as [LedgerClient#propose] does.
    public CompletableFuture<Answer> submit(CommandEnvelope envelope) {
        return client.propose(writer.write(envelope)).thenApply(this::answer);
    }

    /// Proposes a command under a key of the caller's: whoever repeats it under the same key, through any
    /// node, gets the first answer. The key is remembered for as long as the ledger remembers sessions.
    public CompletableFuture<Answer> submitOnce(String key, CommandEnvelope envelope) {
        return client.proposeOnce(sessionOf(key), writer.write(envelope)).thenApply(this::answer);
    }

    private Answer answer(Committed committed) {
        return new Answer(codec.decodeReply(committed.reply()), committed);
    }

    /// The session that stands for a key: the first 128 bits of its SHA-256.
    static SessionId sessionOf(String key) {
        try {
            ByteBuffer hash = ByteBuffer.wrap(
                    MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8)));
            return new SessionId(hash.getLong(), hash.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
