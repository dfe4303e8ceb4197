package io.holdfast.chaos.soak;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What the list of findings says of tests is so.
class FindingsDocumentTest {
    private static final Pattern ROW = Pattern.compile("\\| [^|]+ \\| [^|]+ \\| `(\\w+Test)` \\|");

    @Test
    void eachFindingNamesATestThatThereIs() throws IOException {
        List<String> rows = Files.readAllLines(Path.of(SoakDocument.FINDINGS)).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| what went wrong "))
                .toList();
        assertFalse(rows.isEmpty());
        Set<String> tests = tests();
        for (String row : rows) {
            Matcher matcher = ROW.matcher(row);
            assertTrue(matcher.matches(), row);
            assertTrue(tests.contains(matcher.group(1) + ".java"), row);
        }
    }

    /// The file names of all modules' tests.
    private static Set<String> tests() throws IOException {
        Set<String> names = new HashSet<>();
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            for (Path tests : modules.map(module -> module.resolve("src/test/java")).toList()) {
                if (Files.isDirectory(tests)) {
                    try (Stream<Path> files = Files.walk(tests)) {
                        files.forEach(file -> names.add(file.getFileName().toString()));
                    }
                }
            }
        }
        return names;
    }
}
