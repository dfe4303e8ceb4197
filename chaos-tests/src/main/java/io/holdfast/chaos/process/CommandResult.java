package io.holdfast.chaos.process;

import java.io.IOException;

/// How a command ended, and what it said.
public record CommandResult(Command command, int exitCode, String output, String errors) {
    public boolean isSuccess() {
        return exitCode == 0;
    }

    /// Itself, if the command succeeded.
    public CommandResult orThrow() throws IOException {
        if (!isSuccess()) {
            throw new IOException("command failed: " + errors.strip() + ", exitCode=" + exitCode
                    + ", command=" + command);
        }
        return this;
    }
}
