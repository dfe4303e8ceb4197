package io.holdfast.gridstate.audit;

import static io.holdfast.gridstate.audit.AuditCatalogs.AUDIT;

import io.holdfast.gridstate.rule.RuleScope;

/// Writes the audit. Immutable; confined to the apply thread by what it is given.
public final class AuditLog {
    /// Records kept.
    public static final long RECORDS_MAX = 100_000;

    private static final String COUNTER = "audit";

    private final long recordsMax;

    /// All nodes of a cluster must agree on the number.
    public AuditLog(long recordsMax) {
        this.recordsMax = recordsMax;
    }

    public void append(RuleScope scope, AuditEntry entry) {
        long sequence = scope.counter(COUNTER);
        scope.put(AUDIT, new AuditKey(sequence), entry);
        if (sequence >= recordsMax) {
            scope.remove(AUDIT, new AuditKey(sequence - recordsMax));
        }
        scope.setCounter(COUNTER, sequence + 1);
    }
}
