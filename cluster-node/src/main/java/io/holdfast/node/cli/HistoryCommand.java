package io.holdfast.node.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.consensus.history.HistoryReport;
import io.holdfast.node.cli.local.StoredHistory;
import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import io.holdfast.node.cli.output.OutputFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `holdfast history`: the hash-chained history of a cluster's changes.
@Command(
        name = "history",
        synopsisSubcommandLabel = "VERB",
        description = {"The history of all changes, each chained by its hash to the one before.", ""})
final class HistoryCommand {
    @Spec
    @Nullable CommandSpec spec;

    @Command(
            name = "verify",
            sortOptions = false,
            description = {
                "Recompute every hash of a stopped node's history; exit code 0 only if all are right.",
                "",
                "Compare the anchor with one noted earlier, or with another node's: a history that was",
                "rewritten as a whole is consistent in itself.",
                "",
                "  holdfast history verify --data ~/.holdfast/local/node-1/data",
                ""
            })
    int verify(
            @Option(
                            names = "--data",
                            required = true,
                            paramLabel = "DIR",
                            description = "The data folder of a node that does not run.")
                    Path data,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "table|json|yaml",
                            defaultValue = "table",
                            description = "Form of the output. Default: table.")
                    OutputFormat format)
            throws CliException, IOException {
        List<Path> stores = StoredHistory.below(data);
        if (stores.isEmpty()) {
            throw new CliException(
                    ExitCode.NOT_FOUND, "there is no ledger below " + data, "name a node's data.dir");
        }
        boolean isIntact = true;
        for (Path store : stores) {
            HistoryReport report = StoredHistory.verify(store);
            isIntact &= report instanceof HistoryReport.Intact;
            Outlet.of(spec).single(format, document(store, report));
        }
        return (isIntact ? ExitCode.OK : ExitCode.FAILED).number();
    }

    private static ObjectNode document(Path store, HistoryReport report) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("store", store.toString());
        document.put("verified", report.verifiedCount());
        document.put("anchor", report.anchor());
        switch (report) {
            case HistoryReport.Intact intact -> document.put("state", "intact")
                    .put("firstIndex", intact.firstIndex())
                    .put("lastIndex", intact.lastIndex())
                    .put("head", intact.head());
            case HistoryReport.Broken broken -> document.put("state", "broken")
                    .put("index", broken.index())
                    .put("expected", broken.expected())
                    .put("actual", broken.actual());
        }
        return document;
    }
}
