package io.holdfast.chaos.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Writes reports into a folder: `SCENARIO-SEED.html` and `SCENARIO-SEED.json`. Immutable.
public record ReportWriter(Path folder) {
    /// Writes both pages.
    ///
    /// @return the HTML page
    public Path write(RunReport report) throws IOException {
        Files.createDirectories(folder);
        String name = report.scenario().replaceAll("[^A-Za-z0-9]+", "-") + "-" + report.seed();
        Files.writeString(folder.resolve(name + ".json"), report.toJson().write() + "\n");
        return Files.writeString(folder.resolve(name + ".html"), HtmlPage.of(report));
    }
}
