package io.holdfast.node.ledger;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.OutcomeUnknownException;
import io.holdfast.consensus.UnavailableException;
import io.holdfast.consensus.log.ReplicatedLog;
import io.holdfast.consensus.statemachine.StateReader;
import io.holdfast.gridstate.catalog.CatalogReader;
import io.holdfast.gridstate.command.CommandEnvelope;
import io.holdfast.gridstate.command.GridCommand;
import io.holdfast.gridstate.rule.Actor;
import io.holdfast.gridstate.rule.GridReply;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The ledger as a service of this node uses it on its own account: commands that wait for their answer, and
/// reads of this node's copy of the state. Concurrent.
public final class LedgerAccess {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Actor.Node self;
    private final ReplicatedLog log;
    private final CatalogReader reader;
    private final GridCommands commands;

    public LedgerAccess(String node, ReplicatedLog log, CatalogReader reader, GridCommands commands) {
        this.self = new Actor.Node(node);
        this.log = log;
        this.reader = reader;
        this.commands = commands;
    }

    /// Proposes a command of this node's own and waits until it is decided and this node has applied it.
    ///
    /// @throws ConsensusException if it was not decided in time, or that is not known
    public GridReply submit(GridCommand command) {
        return submit(new CommandEnvelope(self, "", command));
    }

    /// Proposes a command on somebody's behalf, likewise.
    public GridReply submit(CommandEnvelope envelope) {
        GridCommands.Answer answer = await(commands.submit(envelope));
        await(log.awaitApplied(answer.committed().index()));
        return answer.reply();
    }

    /// Waits until this node has applied everything that was decided before the call.
    public void barrier() {
        await(log.readBarrier());
    }

    /// Waits until this node has applied the ledger up to an index.
    ///
    /// @throws ConsensusException if it has not in time
    public void awaitApplied(long index) {
        await(log.awaitApplied(new LogIndex(index)));
    }

    /// Reads this node's copy of the state.
    public CatalogReader reader() {
        return reader;
    }

    /// The ledger's time, which leases are judged by.
    public InstantSource clock() {
        return log.clock();
    }

    /// This node's copy of the state, for indexes.
    public StateReader state() {
        return log.store();
    }

    private static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof ConsensusException known) {
                throw known;
            }
            throw new OutcomeUnknownException("the ledger failed unexpectedly", failure);
        } catch (TimeoutException late) {
            throw new OutcomeUnknownException("the ledger did not answer in time: allowed=" + PATIENCE, late);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("this node is stopping", stopped);
        }
    }
}
