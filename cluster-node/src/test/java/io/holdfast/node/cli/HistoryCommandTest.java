package io.holdfast.node.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.rocksdb.RocksResources;
import io.holdfast.consensus.rocksdb.RocksStateStore;
import io.holdfast.node.cli.output.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HistoryCommandTest {
    private final StringWriter out = new StringWriter();

    @TempDir
    private Path directory;

    @Test
    void theStoresBelowADataFolderAreVerified() throws Exception {
        Path store = directory.resolve("ledger").resolve("state").resolve("main");
        try (RocksResources resources = new RocksResources()) {
            RocksStateStore.open(store, List.of(), resources).close();
        }
        assertEquals(0, run("history", "verify", "--data", directory.toString(), "-o", "json"));
        assertTrue(out.toString().contains("\"state\" : \"intact\""), out.toString());
        assertTrue(out.toString().contains(store.toString()), out.toString());
    }

    @Test
    void aFolderWithoutALedgerIsNotFound() {
        assertEquals(ExitCode.NOT_FOUND.number(), run("history", "verify", "--data", directory.toString()));
    }

    private int run(String... arguments) {
        PrintWriter writer = new PrintWriter(out, true);
        return CliMain.commandLine(writer, writer).execute(arguments);
    }
}
