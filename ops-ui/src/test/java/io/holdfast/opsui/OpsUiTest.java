package io.holdfast.opsui;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the page's first view depends on, and what a strict policy on content refuses.
final class OpsUiTest {
    private static final Path ROOT = Path.of("src", "main", "resources").resolve(OpsUi.RESOURCE_ROOT);
    private static final Pattern BUNDLED = Pattern.compile("^// (js/\\S+)$", Pattern.MULTILINE);
    private static final Pattern ADDRESS = Pattern.compile("(?:href|src)=\"([^\"]+)\"");

    private static final List<String> DANGERS =
            List.of("innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "new Function");

    private final UiBundle bundle = UiBundle.make();

    private static List<String> modules() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve("js"))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> ROOT.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void theScriptHasEveryModuleOnceAndTheFirstOneLast() throws IOException {
        List<String> bundled = new ArrayList<>(BUNDLED.matcher(bundle.scriptText()).results()
                .map(result -> result.group(1))
                .toList());
        assertEquals("js/main.js", bundled.getLast(), "it runs once everything else is there");
        bundled.sort(null);
        assertEquals(modules(), bundled);
    }

    @Test
    void whatAModuleImportsStandsBeforeIt() {
        Pattern use = Pattern.compile("^const \\{[^}]*\\} = module(\\d+);$", Pattern.MULTILINE);
        Pattern begin = Pattern.compile("^const module(\\d+) = ", Pattern.MULTILINE);
        List<MatchResult> begins = begin.matcher(bundle.scriptText()).results().toList();
        for (MatchResult one : use.matcher(bundle.scriptText()).results().toList()) {
            int imported = Integer.parseInt(one.group(1));
            assertTrue(begins.get(imported).start() < one.start(), one.group());
        }
    }

    @Test
    void thePageNamesTheScriptAndTheSheetByTheirContentAndNothingElse() {
        List<String> addresses = ADDRESS.matcher(bundle.index()).results().map(one -> one.group(1)).toList();
        assertEquals(
                List.of("/ui/icon.svg", "/ui/" + bundle.style(), "/ui/" + bundle.script()), addresses);
        assertTrue(bundle.script().matches("script-[0-9a-f]{16}\\.js"), bundle.script());
        assertEquals(UiBundle.make(), bundle, "the same files give the same names");
    }

    @Test
    void theBuildHasWrittenTheBundleAndNothingOfAFormerOne(@TempDir Path classes) throws IOException {
        for (String name : List.of("index.html", bundle.script(), bundle.style())) {
            try (InputStream built = OpsUi.class.getResourceAsStream("/" + OpsUi.BUNDLE_ROOT + "/" + name)) {
                assertNotNull(built, name);
            }
        }
        Path folder = Files.createDirectories(classes.resolve(OpsUi.BUNDLE_ROOT));
        Files.writeString(folder.resolve("script-0000000000000000.js"), "former");
        BundleWriter.write(bundle, classes);
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(
                    Set.of("index.html", bundle.script(), bundle.style()),
                    files.map(file -> file.getFileName().toString()).collect(Collectors.toSet()));
        }
        assertEquals(bundle.scriptText(), Files.readString(folder.resolve(bundle.script())));
    }

    @Test
    void theSheetHasAllStyles() throws IOException {
        for (String file : List.of("lib/uplot.css", "css/base.css", "css/parts.css")) {
            assertTrue(bundle.styleText().contains(Files.readString(ROOT.resolve(file))), file);
        }
    }

    @Test
    void theLibraryIsOfTheVersionThatTheLockFileNames() throws IOException {
        String lock = Files.readString(Path.of("package-lock.json"));
        Matcher version =
                Pattern.compile("node_modules/uplot\":\\s*\\{\\s*\"version\": \"([^\"]+)\"").matcher(lock);
        assertTrue(version.find(), lock);
        String library = Files.readString(ROOT.resolve("lib/uplot.js"));
        assertTrue(
                library.contains("uPlot (v" + version.group(1) + ")"),
                library.lines().findFirst().orElse(""));
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
