package io.holdfast.node;

import io.holdfast.consensus.UnavailableException;
import io.holdfast.consensus.log.ReplicatedLog;
import io.holdfast.gridstate.GridStateMachine;
import io.holdfast.gridstate.catalog.CatalogReader;
import io.holdfast.gridstate.command.CommandEnvelope;
import io.holdfast.gridstate.command.GridCommand;
import io.holdfast.gridstate.rule.Actor;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.node.app.AppLedger;
import io.holdfast.node.ledger.GridCommands;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The ledger as this node's applications use it. Concurrent.
final class NodeAppLedger implements AppLedger {
    private static final Logger LOG = LoggerFactory.getLogger(NodeAppLedger.class);
    private static final long SHOWN_SECONDS_MAX = 10;

    private final ReplicatedLog log;
    private final CatalogReader reader;
    private final GridCommands commands;
    private final Actor.Node self;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition applied = lock.newCondition();
    private long appliedIndex;

    NodeAppLedger(LedgerParts ledger, GridStateMachine machine, GridCommands commands, String node) {
        this.log = ledger.log();
        this.reader = ledger.reader();
        this.commands = commands;
        this.self = new Actor.Node(node);
        this.appliedIndex = log.appliedIndex().value();
        machine.addListener(index -> onApplied(index.value()));
    }

    private void onApplied(long index) {
        lock.lock();
        try {
            appliedIndex = Math.max(appliedIndex, index);
            applied.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public CatalogReader reader() {
        return reader;
    }

    @Override
    public GridReply propose(GridCommand command) {
        try {
            GridCommands.Answer answer =
                    commands.submit(new CommandEnvelope(self, "applications", command)).join();
            var _ = log.awaitApplied(answer.committed().index())
                    .orTimeout(SHOWN_SECONDS_MAX, TimeUnit.SECONDS)
                    .join();
            return answer.reply();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof java.util.concurrent.TimeoutException late) {
                throw new UnavailableException("this node lags behind the ledger", late);
            }
            throw Failures.asUnchecked(failure);
        }
    }

    @Override
    public boolean catchUp(Duration patience) {
        try {
            var _ = log.readBarrier()
                    .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
            return true;
        } catch (CompletionException unreachable) {
            LOG.info("this node may lag behind: reason={}", Failures.chainOf(unreachable));
            return false;
        }
    }

    @Override
    public long appliedIndex() {
        lock.lock();
        try {
            return appliedIndex;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void awaitBeyond(long index, Duration patience) throws InterruptedException {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (appliedIndex <= index && left > 0) {
                left = applied.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
