package io.holdfast.node.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class JvmFlagsTest {
    private static final Pattern IN_POM = Pattern.compile("<jvm\\.flags>([^<]+)</jvm\\.flags>");
    private static final Pattern IN_SCRIPT = Pattern.compile("node_flags=\\(\\s+([^)]+)\\)");

    @Test
    void theNodeRunsWithTheFlagsThatItsTestsRunWith() throws Exception {
        List<String> ofTests = words(IN_POM, Path.of("..", "pom.xml"));
        List<String> ofNode = words(IN_SCRIPT, Path.of("bin", "holdfast"));
        assertEquals(ofTests, ofNode);
    }

    private static List<String> words(Pattern pattern, Path file) throws Exception {
        Matcher matcher = pattern.matcher(Files.readString(file));
        assertTrue(matcher.find(), "not found in " + file);
        return Arrays.asList(matcher.group(1).strip().split("\\s+", -1));
    }
}
