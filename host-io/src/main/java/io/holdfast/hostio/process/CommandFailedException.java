package io.holdfast.hostio.process;

import java.io.IOException;

/// A command that ended otherwise than with code 0; the message is [ProcessOutcome#explained()].
public final class CommandFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient ProcessOutcome outcome;

    CommandFailedException(ProcessOutcome outcome) {
        super(outcome.explained());
        this.outcome = outcome;
    }

    public ProcessOutcome outcome() {
        return outcome;
    }
}
