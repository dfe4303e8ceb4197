package io.holdfast.node.cli.output;

/// A failure that is told to the user in one line, with what to do about it, and ends the command.
public final class CliException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String text;
    private final ExitCode exitCode;
    private final String hint;

    /// The hint says what to do; it is empty if the message says it already.
    public CliException(ExitCode exitCode, String message, String hint) {
        super(message);
        this.text = message;
        this.exitCode = exitCode;
        this.hint = hint;
    }

    public CliException(ExitCode exitCode, String message, String hint, Throwable cause) {
        super(message, cause);
        this.text = message;
        this.exitCode = exitCode;
        this.hint = hint;
    }

    @Override
    public String getMessage() {
        return text;
    }

    public ExitCode exitCode() {
        return exitCode;
    }

    public String hint() {
        return hint;
    }
}
