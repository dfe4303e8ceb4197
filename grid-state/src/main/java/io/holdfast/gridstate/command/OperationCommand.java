package io.holdfast.gridstate.command;

import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.operation.OperationEntry;
import io.holdfast.gridstate.rule.ExpectedVersion;

/// Commands about long operations.
public sealed interface OperationCommand extends GridCommand {
    /// Begins an operation on a node.
    record Start(String operation, String operationKind, String operationTarget, String owner)
            implements OperationCommand {
        public Start {
            Check.name("an operation's id", operation);
            Check.name("an operation's kind", operationKind);
            Check.note("an operation's target", operationTarget, 255);
            Check.name("an owner", owner);
        }

        @Override
        public String target() {
            return operation;
        }
    }

    /// Says how far it is; refused if somebody else owns it by now.
    record Report(String operation, String owner, int permille, String message) implements OperationCommand {
        public Report {
            Check.name("an operation's id", operation);
            Check.name("an owner", owner);
            Check.range("a progress", permille, 0, OperationEntry.PERMILLE_DONE);
            Check.note("a message", message, 512);
        }

        @Override
        public String target() {
            return operation;
        }
    }

    /// Asks the owner to stop; asking again, or too late, changes nothing.
    record Cancel(String operation) implements OperationCommand {
        public Cancel {
            Check.name("an operation's id", operation);
        }

        @Override
        public String target() {
            return operation;
        }
    }

    /// Ends it well.
    record Succeed(String operation, String owner, String result) implements OperationCommand {
        public Succeed {
            Check.name("an operation's id", operation);
            Check.name("an owner", owner);
            Check.note("a result", result, 4_096);
        }

        @Override
        public String target() {
            return operation;
        }
    }

    /// Ends it badly.
    record Fail(String operation, String owner, String code, String reason) implements OperationCommand {
        public Fail {
            Check.name("an operation's id", operation);
            Check.name("an owner", owner);
            Check.name("a failure's code", code);
            Check.note("a reason", reason, 1_024);
        }

        @Override
        public String target() {
            return operation;
        }
    }

    /// Says that it stopped, as asked.
    record ConfirmCancelled(String operation, String owner) implements OperationCommand {
        public ConfirmCancelled {
            Check.name("an operation's id", operation);
            Check.name("an owner", owner);
        }

        @Override
        public String target() {
            return operation;
        }
    }

    /// Gives it to another node, because its owner is gone.
    record TakeOver(String operation, String owner, ExpectedVersion expected) implements OperationCommand {
        public TakeOver {
            Check.name("an operation's id", operation);
            Check.name("an owner", owner);
        }

        @Override
        public String target() {
            return operation;
        }
    }
}
