package io.holdfast.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.node.cli.output.Column;
import io.holdfast.node.cli.output.OutputFormat;
import io.holdfast.node.cli.output.Rendering;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/// Where a command prints its result (standard output) and its remarks (standard error, so that they never
/// get into a script's input).
final class Outlet {
    private final PrintWriter out;
    private final PrintWriter err;

    private Outlet(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    static Outlet of(@Nullable CommandSpec spec) {
        CommandSpec command = specOf(spec);
        return new Outlet(command.commandLine().getOut(), command.commandLine().getErr());
    }

    /// Picocli sets it before it calls a command.
    static CommandSpec specOf(@Nullable CommandSpec spec) {
        if (spec == null) {
            throw new IllegalStateException("not called through the command line");
        }
        return spec;
    }

    void text(String text) {
        out.print(text);
        out.flush();
    }

    void list(OutputFormat format, List<Column> columns, JsonNode items) {
        if (items.isEmpty() && format == OutputFormat.TABLE) {
            remark("nothing to list");
            return;
        }
        text(Rendering.list(format, columns.isEmpty() ? Column.ofRows(items) : columns, items));
    }

    void single(OutputFormat format, JsonNode item) {
        text(Rendering.single(format, item));
    }

    void remark(String line) {
        err.println(line);
        err.flush();
    }
}
