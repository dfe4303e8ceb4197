package io.holdfast.gridstate.operation;

import static io.holdfast.gridstate.operation.OperationCatalogs.OPERATIONS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.gridstate.command.OperationCommand;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.testing.GridHarness;
import org.junit.jupiter.api.Test;

final class OperationRulesTest {
    private final GridHarness grid = new GridHarness();

    @Test
    void runsAndSucceeds() {
        start("o1");
        assertEquals(RefusalCode.EXISTS, grid.refuse(new OperationCommand.Start("o1", "x", "", "n1")));
        grid.accept(new OperationCommand.Report("o1", "n1", 500, "half"));
        assertEquals(500, grid.get(OPERATIONS, "o1").permille());
        grid.accept(new OperationCommand.Succeed("o1", "n1", "{}"));
        OperationEntry entry = grid.get(OPERATIONS, "o1");
        assertEquals(new OperationState.Succeeded("{}"), entry.state());
        assertEquals(OperationEntry.PERMILLE_DONE, entry.permille());
        assertEquals(
                RefusalCode.FORBIDDEN_STATE, grid.refuse(new OperationCommand.Report("o1", "n1", 1, "")));
        assertEquals(
                RefusalCode.FORBIDDEN_STATE,
                grid.refuse(new OperationCommand.Fail("o1", "n1", "late", "too late")));
    }

    @Test
    void onlyItsOwnerReports() {
        start("o1");
        assertEquals(RefusalCode.FENCED, grid.refuse(new OperationCommand.Report("o1", "n2", 1, "")));
        grid.accept(new OperationCommand.TakeOver("o1", "n2", ExpectedVersion.ANY));
        assertEquals(RefusalCode.FENCED, grid.refuse(new OperationCommand.Succeed("o1", "n1", "")));
        grid.accept(new OperationCommand.Report("o1", "n2", 1, ""));
    }

    @Test
    void isCancelledInTwoSteps() {
        start("o1");
        assertEquals(
                RefusalCode.FORBIDDEN_STATE,
                grid.refuse(new OperationCommand.ConfirmCancelled("o1", "n1")));
        grid.accept(new OperationCommand.Cancel("o1"));
        assertInstanceOf(OperationState.Cancelling.class, grid.get(OPERATIONS, "o1").state());
        grid.accept(new OperationCommand.ConfirmCancelled("o1", "n1"));
        assertInstanceOf(OperationState.Cancelled.class, grid.get(OPERATIONS, "o1").state());
        grid.accept(new OperationCommand.Cancel("o1"));
    }

    @Test
    void theOldestEndedGoBeyondTheBound() {
        for (int i = 0; i < OperationRules.ENDED_MAX + 5; i++) {
            start("o" + i);
            grid.apply(new OperationCommand.Succeed("o" + i, "n1", ""));
        }
        assertTrue(grid.find(OPERATIONS, "o4").isEmpty());
        assertTrue(grid.find(OPERATIONS, "o5").isPresent());
    }

    private void start(String id) {
        grid.accept(new OperationCommand.Start(id, "volume.check", "db", "n1"));
    }
}
