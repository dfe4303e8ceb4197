package io.holdfast.chaos.checker;

import io.holdfast.chaos.history.History;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import java.util.Map;

/// Judges accounts between which amounts are moved: every read of all balances must show the same total, and
/// no account below zero. Linear time. Immutable.
///
/// @param total what all accounts hold together, from the first moment to the last
public record BankChecker(long total) {
    /// A read saw half a transfer, or one lost or done twice.
    public static final String WRONG_TOTAL = "wrong-total";
    /// An account was overdrawn.
    public static final String OVERDRAWN = "overdrawn";

    /// Judges every read.
    ///
    /// @param reads each returns every account's balance; other outcomes are skipped
    public Verdict check(History<?, Map<String, Long>> reads) {
        Findings findings = new Findings("bank");
        for (Operation<?, Map<String, Long>> read : reads.operations()) {
            if (read.outcome() instanceof Outcome.Ok<Map<String, Long>> ok) {
                checkRead(findings, read, ok.reply());
            }
        }
        findings.checked(reads.size());
        return findings.verdict();
    }

    private void checkRead(Findings findings, Operation<?, ?> read, Map<String, Long> balances) {
        long sum = balances.values().stream().mapToLong(Long::longValue).sum();
        if (sum != total) {
            findings.add(WRONG_TOTAL, read.key(), "sum " + sum + " instead of " + total + ": "
                    + read.describe());
        }
        balances.forEach((account, balance) -> {
            if (balance < 0) {
                findings.add(OVERDRAWN, account, balance + ": " + read.describe());
            }
        });
    }
}
