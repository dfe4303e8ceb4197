package io.holdfast.architecture;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.hostio.process.ProcessOutcome;
import io.holdfast.hostio.process.ProcessRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// Plants what the compiler's and Checkstyle's gates forbid into a module built like ours, and sees each
/// gate turn the build red.
@Tag("host")
final class BuildGateTest {
    private static final String MARKED = "@org.jspecify.annotations.NullMarked package planted;\n";

    @TempDir
    Path module;

    @Test
    void errorProneAndNullAwayTurnTheBuildRed() throws Exception {
        write("package-info.java", MARKED);
        write("Planted.java", """
                package planted;
                final class Planted {
                    private Planted() {}
                    static boolean comparesReferences(Integer a, Integer b) {
                        return a == b;
                    }
                    static Object returnsNull() {
                        return null;
                    }
                }
                """);
        String output = failingBuild();
        assertContains(output, "[BoxedPrimitiveEquality]", "[NullAway]");
    }

    @Test
    void warningsAloneTurnTheBuildRed() throws Exception {
        write("package-info.java", MARKED);
        write("Planted.java", """
                package planted;
                final class Planted {
                    private Planted() {}
                    static java.util.List rawType() {
                        return new java.util.ArrayList();
                    }
                }
                """);
        assertContains(failingBuild(), "[rawtypes]", "warnings found and -Werror specified");
    }

    @Test
    void styleGatesTurnTheBuildRed() throws Exception {
        write("package-info.java", MARKED);
        write("PlantedManager.java", "package planted;\n\npublic final class PlantedManager {\n"
                + "    private PlantedManager() {}\n\n"
                + "    static void seven(int a, int b, int c, int d, int e, int f, int g) {}\n\n"
                + "    static void longMethod() {\n"
                + "        var _ = Math.abs(1);\n".repeat(61)
                + "    }\n\n"
                + "    // " + "x".repeat(120) + "\n"
                + "    // a line for the count\n".repeat(600)
                + "    // TO" + "DO later\n"
                + "}\n");
        assertContains(
                failingBuild(),
                "[FileLength]", "[LineLength]", "[MethodLength]", "[ParameterNumber]", "[RegexpMultiline]",
                "forbidden suffix", "finish it or say it");
    }

    private void write(String name, String source) throws IOException {
        Path file = module.resolve("src/main/java/planted").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, source);
    }

    /// Builds a module whose parent is the project's own pom.
    private String failingBuild() throws IOException, InterruptedException {
        Path root = Path.of("").toAbsolutePath().getParent();
        Files.writeString(module.resolve("pom.xml"), """
                <project xmlns="http://maven.apache.org/POM/4.0.0">
                  <modelVersion>4.0.0</modelVersion>
                  <parent>
                    <groupId>io.holdfast</groupId>
                    <artifactId>holdfast</artifactId>
                    <version>0.1.0-SNAPSHOT</version>
                    <relativePath>%s</relativePath>
                  </parent>
                  <artifactId>planted</artifactId>
                </project>
                """.formatted(module.toRealPath().relativize(root.resolve("pom.xml"))));
        ProcessOutcome outcome = ProcessRun.of("mvn", "--offline", "--batch-mode", "process-classes")
                .withDirectory(module)
                .withDeadline(Duration.ofMinutes(3))
                .withOutputBytesMax(1 << 20)
                .run();
        assertFalse(outcome.isSuccess(), outcome.output());
        return outcome.output();
    }

    private static void assertContains(String output, String... expected) {
        assertAll(Stream.of(expected).<Executable>map(text -> () -> assertTrue(
                output.contains(text), () -> "expected " + List.of(expected) + " in:\n" + output)));
    }
}
