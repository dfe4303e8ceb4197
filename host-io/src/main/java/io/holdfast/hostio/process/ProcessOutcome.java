package io.holdfast.hostio.process;

import java.time.Duration;
import java.util.List;

/// What a finished [ProcessRun] left: how it ended, how long it took, and what it printed.
///
/// @param output the beginning of its standard output, at most as long as the run allowed
/// @param errors the end of its standard error, at most as long as the run allowed
/// @param droppedBytes how many bytes of both were thrown away because they were over the bound
public record ProcessOutcome(
        List<String> command,
        ProcessExit exit,
        String output,
        String errors,
        long droppedBytes,
        Duration elapsed) {
    private static final int REASON_CHARACTERS_MAX = 400;

    public ProcessOutcome {
        command = List.copyOf(command);
    }

    public boolean isSuccess() {
        return exit.isSuccess();
    }

    /// One line for a log or an error: the command, how it ended, and the end of what it complained about.
    public String explained() {
        String complaint = (errors.isBlank() ? output : errors).strip().replaceAll("\\s*\\R\\s*", " | ");
        if (complaint.length() > REASON_CHARACTERS_MAX) {
            complaint = "..." + complaint.substring(complaint.length() - REASON_CHARACTERS_MAX);
        }
        String line = String.join(" ", command) + " " + exit.explained();
        return complaint.isEmpty() ? line : line + ": " + complaint;
    }

    /// Itself if the command succeeded.
    public ProcessOutcome orThrow() throws CommandFailedException {
        if (!isSuccess()) {
            throw new CommandFailedException(this);
        }
        return this;
    }
}
