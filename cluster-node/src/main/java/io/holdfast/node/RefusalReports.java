package io.holdfast.node;

import io.holdfast.gridstate.audit.RefusedCall;
import io.holdfast.gridstate.command.AuditCommand;
import io.holdfast.gridstate.command.CommandEnvelope;
import io.holdfast.gridstate.rule.Actor;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.node.http.auth.RefusalLog;
import io.holdfast.node.ledger.GridCommands;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the ledger of the calls that this node has refused, so many at a time that a caller who is refused
/// again and again costs the cluster an entry in five seconds. Called by one thread, which does not wait.
final class RefusalReports {
    /// How often there may be a report.
    static final Duration EVERY = Duration.ofSeconds(5);

    private static final int CALLS_MAX = 32;
    private static final Logger LOG = LoggerFactory.getLogger(RefusalReports.class);

    private final String node;
    private final RefusalLog refusals;
    private final GridCommands commands;
    private final AtomicBoolean isTelling = new AtomicBoolean();

    RefusalReports(String node, RefusalLog refusals, GridCommands commands) {
        this.node = node;
        this.refusals = refusals;
        this.commands = commands;
    }

    /// Reports what there is, unless a report is under way.
    void step() {
        if (!isTelling.compareAndSet(false, true)) {
            return;
        }
        List<RefusedCall> calls = refusals.take(CALLS_MAX);
        if (calls.isEmpty()) {
            isTelling.set(false);
            return;
        }
        CommandEnvelope report =
                new CommandEnvelope(new Actor.Node(node), "", new AuditCommand.ReportRefused(node, calls));
        try {
            var _ = commands.submit(report).whenComplete((answer, failure) -> told(calls, answer, failure));
        } catch (RuntimeException refusedAtOnce) {
            told(calls, null, refusedAtOnce);
            throw refusedAtOnce;
        }
    }

    private void told(
            List<RefusedCall> calls, GridCommands.@Nullable Answer answer, @Nullable Throwable failure) {
        if (failure != null) {
            // If the ledger has it after all, it has it twice: better than not at all.
            refusals.putBack(calls);
        } else if (answer != null && answer.reply() instanceof GridReply.Refused refused) {
            LOG.debug("refused calls stand in the log alone: count={} reason={}", calls.size(),
                    refused.message());
        }
        isTelling.set(false);
    }
}
