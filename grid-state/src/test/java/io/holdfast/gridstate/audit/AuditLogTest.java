package io.holdfast.gridstate.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.Term;
import io.holdfast.consensus.statemachine.CommandContext;
import io.holdfast.consensus.store.LedgerTransaction;
import io.holdfast.consensus.store.Position;
import io.holdfast.gridstate.catalog.Page;
import io.holdfast.gridstate.change.ChangeLog;
import io.holdfast.gridstate.codec.GridCodec;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.RuleScope;
import io.holdfast.gridstate.testing.GridHarness;
import java.util.List;
import java.util.function.Function;
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

    @Test
    void aNodeReportsWhatItRefusedAndTheOldestGo() {
        RefusalRules rules = new RefusalRules(3);
        for (int index = 1; index <= 2; index++) {
            List<RefusedCall> calls = List.of(refused(index + "a"), refused(index + "b"));
            GridReply reply = apply(index, scope -> rules.report(scope, "n1", calls));
            assertInstanceOf(GridReply.Accepted.class, reply);
        }
        List<String> callers = grid.reader()
                .page(AuditCatalogs.REFUSALS, Page.Request.first(10))
                .entries()
                .stream()
                .map(row -> row.value().refused().caller())
                .toList();
        assertEquals(List.of("2b", "2a", "1b"), callers);
        assertInstanceOf(GridReply.Refused.class,
                apply(3, scope -> rules.report(scope, "another", List.of(refused("c")))));
    }

    private static RefusedCall refused(String caller) {
        return new RefusedCall("192.0.2.7", caller, "GET /v1/users", "forbidden", "r", 1);
    }

    private void append(AuditLog log, long index) {
        apply(index, scope -> {
            log.append(scope, new AuditEntry(index, grid.timeMillis(), "ada", "r", "a.b", "x", "accepted"));
            return scope;
        });
    }

    private <T> T apply(long index, Function<RuleScope, T> work) {
        LedgerTransaction transaction = grid.store().begin();
        CommandContext context = new CommandContext(new LogIndex(index), 0, grid.timeMillis());
        RuleScope scope = new RuleScope(
                transaction, new GridCodec(GridCodec.LEVEL_MAX), context, RuleScope.Versions.COMMAND,
                        GridHarness.NODE);
        T result = work.apply(scope);
        scope.commit(transaction, new ChangeLog(ChangeLog.BOUNDS));
        transaction.commit(new Position(new LogIndex(index), new Term(1)));
        return result;
    }
}
