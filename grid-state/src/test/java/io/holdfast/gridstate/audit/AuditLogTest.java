package io.holdfast.gridstate.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.Term;
import io.holdfast.consensus.statemachine.CommandContext;
import io.holdfast.consensus.store.LedgerTransaction;
import io.holdfast.consensus.store.Position;
import io.holdfast.gridstate.catalog.Page;
import io.holdfast.gridstate.change.ChangeLog;
import io.holdfast.gridstate.rule.RuleScope;
import io.holdfast.gridstate.testing.GridHarness;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AuditLogTest {
    private final GridHarness grid = new GridHarness();

    @Test
    void theNewestStandFirstAndTheOldestGo() {
        AuditLog log = new AuditLog(3);
        for (int index = 1; index <= 5; index++) {
            append(log, index);
        }
        List<Long> indexes = grid.reader()
                .page(AuditCatalogs.AUDIT, Page.Request.first(10))
                .entries()
                .stream()
                .map(row -> row.value().index())
                .toList();
        assertEquals(List.of(5L, 4L, 3L), indexes);
    }

    private void append(AuditLog log, long index) {
        LedgerTransaction transaction = grid.store().begin();
        CommandContext context = new CommandContext(new LogIndex(index), 0, grid.timeMillis());
        RuleScope scope = new RuleScope(
                transaction, grid.codec(), context, RuleScope.Versions.COMMAND, GridHarness.NODE);
        log.append(scope, new AuditEntry(index, grid.timeMillis(), "ada", "r", "a.b", "x", "accepted"));
        scope.commit(transaction, new ChangeLog(ChangeLog.BOUNDS));
        transaction.commit(new Position(new LogIndex(index), new Term(1)));
    }
}
