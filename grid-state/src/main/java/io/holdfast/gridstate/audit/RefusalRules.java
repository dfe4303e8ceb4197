package io.holdfast.gridstate.audit;

import static io.holdfast.gridstate.audit.AuditCatalogs.REFUSALS;

import io.holdfast.gridstate.rule.Actor;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.GridReply.Accepted;
import io.holdfast.gridstate.rule.Refusals;
import io.holdfast.gridstate.rule.RuleScope;
import java.util.List;

/// The rules of the audit of refused calls. It is a catalog apart, so that whoever is refused again and again
/// pushes out no record of what was done. Immutable; confined to the apply thread by what it is given.
public final class RefusalRules {
    /// Records kept.
    public static final long RECORDS_MAX = 20_000;

    private static final String COUNTER = "refusals";

    private final long recordsMax;

    /// All nodes of a cluster must agree on the number.
    public RefusalRules(long recordsMax) {
        this.recordsMax = recordsMax;
    }

    /// Keeps what a node tells of itself.
    public GridReply report(RuleScope scope, String node, List<RefusedCall> calls) {
        if (!scope.actor().equals(new Actor.Node(node))) {
            return Refusals.invalid("a node reports what it refused itself: node=" + node);
        }
        long sequence = scope.counter(COUNTER);
        for (RefusedCall call : calls) {
            RefusalEntry entry = new RefusalEntry(scope.timeMillis(), node, call);
            scope.put(REFUSALS, new AuditKey(sequence), entry);
            if (sequence >= recordsMax) {
                scope.remove(REFUSALS, new AuditKey(sequence - recordsMax));
            }
            sequence++;
        }
        scope.setCounter(COUNTER, sequence);
        return new Accepted(scope.version());
    }
}
