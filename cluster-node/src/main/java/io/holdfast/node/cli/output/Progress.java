package io.holdfast.node.cli.output;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Optional;

/// One line that tells how far long work has come: rewritten in place on a terminal, and silent elsewhere,
/// so that logs and scripts see only results. Concurrent.
public final class Progress implements AutoCloseable {
    private static final int BAR_CELLS = 20;

    private final PrintWriter err;
    private final boolean isTerminal;

    public Progress(PrintWriter err, boolean isTerminal) {
        this.err = err;
        this.isTerminal = isTerminal;
    }

    /// Shows itself only on a terminal.
    public static Progress of(PrintWriter err) {
        return new Progress(err, terminal().isPresent());
    }

    /// The terminal, if this process's input and output are one.
    public static Optional<Console> terminal() {
        @SuppressWarnings("SystemConsoleNull") // the null check is for NullAway, which reads the signature
        Optional<Console> console = Optional.ofNullable(System.console());
        return console.filter(Console::isTerminal);
    }

    public synchronized void show(int done, int total, String what) {
        if (!isTerminal) {
            return;
        }
        int filled = total == 0 ? 0 : Math.min(BAR_CELLS, done * BAR_CELLS / total);
        String bar = "#".repeat(filled) + ".".repeat(BAR_CELLS - filled);
        err.print("\r\033[K[" + bar + "] " + done + "/" + total + " " + what);
        err.flush();
    }

    @Override
    public synchronized void close() {
        if (isTerminal) {
            err.print("\r\033[K");
            err.flush();
        }
    }
}
