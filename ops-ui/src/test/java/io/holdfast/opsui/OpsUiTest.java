package io.holdfast.opsui;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What the page's first view depends on, and what a strict policy on content refuses.
final class OpsUiTest {
    private static final Path ROOT = Path.of("src", "main", "resources").resolve(OpsUi.RESOURCE_ROOT);
    private static final Pattern PRELOAD = Pattern.compile("rel=\"modulepreload\" href=\"/ui/([^\"]+)\"");

    private static final List<String> DANGERS =
            List.of("innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "new Function");

    private static List<String> modules() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve("js"))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> ROOT.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void theIndexPreloadsEveryModule() throws IOException {
        List<String> preloaded = PRELOAD.matcher(Files.readString(ROOT.resolve("index.html")))
                .results()
                .map(result -> result.group(1))
                .sorted()
                .toList();
        assertEquals(modules(), preloaded);
    }

    @Test
    void nothingIsWrittenAsMarkupOrRunFromText() throws IOException {
        for (String module : modules()) {
            String text = Files.readString(ROOT.resolve(module));
            for (String danger : DANGERS) {
                assertFalse(text.contains(danger), module + " has " + danger);
            }
        }
    }
}
