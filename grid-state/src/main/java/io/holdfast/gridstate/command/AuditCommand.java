package io.holdfast.gridstate.command;

import io.holdfast.gridstate.audit.RefusedCall;
import io.holdfast.gridstate.catalog.Check;
import java.util.List;

/// Commands about the audit.
public sealed interface AuditCommand extends GridCommand {
    /// Reports calls that a node refused because of who made them.
    record ReportRefused(String node, List<RefusedCall> calls) implements AuditCommand {
        /// Most that is reported at once.
        public static final int CALLS_MAX = 64;

        public ReportRefused {
            Check.name("a node's name", node);
            calls = Check.atMost("refused calls", calls, CALLS_MAX);
        }

        @Override
        public String target() {
            return node;
        }
    }
}
