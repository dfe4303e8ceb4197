package io.holdfast.gridstate.rule;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.catalog.Check;

/// The state machine's answer to a command.
public sealed interface GridReply {
    /// The command took effect, or had taken effect before.
    ///
    /// @param version of the record that the command is about; what an ETag carries
    /// @param result what else the command gave
    record Accepted(long version, Result result) implements GridReply {
        public Accepted {
            Check.notNegative("a version", version);
        }

        public Accepted(long version) {
            this(version, new Result.Nothing());
        }
    }

    /// The command changed nothing.
    ///
    /// @param code for programs
    /// @param message says what is wrong, for people
    /// @param hint says what to do about it; may be empty
    record Refused(RefusalCode code, String message, String hint) implements GridReply {
        public Refused(RefusalCode code, String message) {
            this(code, message, "");
        }
    }

    /// What an accepted command may give beyond its version.
    sealed interface Result {
        /// Nothing more.
        record Nothing() implements Result {}

        /// A lease or another right that a token stands for.
        ///
        /// @param token grows with each grant
        /// @param expiresMillis when time takes it away; `Long.MAX_VALUE` if never
        record Granted(FencingToken token, long expiresMillis) implements Result {}

        /// A number that the ledger gave out.
        ///
        /// @param number of a node, a generation or the like; the command says which
        record Assigned(long number) implements Result {}

        /// How much of a stepwise change is done.
        ///
        /// @param count things that this step changed
        /// @param remaining whether a further step has something to do
        record Progressed(int count, boolean remaining) implements Result {}
    }

    static Refused refuse(RefusalCode code, String message) {
        return new Refused(code, message, "");
    }

    static Refused refuse(RefusalCode code, String message, String hint) {
        return new Refused(code, message, hint);
    }
}
