package io.holdfast.chaos.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.chaos.checker.Verdict;
import io.holdfast.chaos.checker.Violation;
import io.holdfast.chaos.fault.TimelineEntry;
import io.holdfast.chaos.history.History;
import io.holdfast.chaos.history.HistoryRecorder;
import io.holdfast.chaos.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportWriterTest {
    private static final long MILLI = 1_000_000;

    @TempDir
    Path folder;

    private static RunReport report(Verdict... verdicts) {
        return new RunReport("Leader killed", 42, "mvn verify -Dseed=42", 0, 1_000 * MILLI,
                List.of(new TimelineEntry("kill -9 of [<a>]", 100 * MILLI, 300 * MILLI,
                        TimelineEntry.HEALED)),
                Sample.of(history(), 0, 1_000 * MILLI, 100 * MILLI),
                List.of(verdicts), Map.of("stallMillisMax", 812.5),
                List.of("clock jumps: libfaketime missing"), "");
    }

    private static History<String, String> history() {
        AtomicLong clock = new AtomicLong();
        HistoryRecorder<String, String> recorder =
                new HistoryRecorder<>(() -> clock.getAndAdd(50 * MILLI), 10);
        recorder.invoke(1, "k", "a").ok("");
        recorder.invoke(1, "k", "b").failed("refused");
        recorder.invoke(1, "k", "c").unknown("timeout");
        return recorder.history();
    }

    @Test
    void bothPagesAreWritten() throws Exception {
        Path page = new ReportWriter(folder).write(report(new Verdict.Passed("set", 3)));
        String html = Files.readString(page);
        assertTrue(html.contains("passed") && html.contains("<svg")
                && html.contains("kill -9 of [&lt;a&gt;]"));
        assertFalse(html.contains("<script"), "no script");
        Json json = Json.parse(Files.readString(folder.resolve("Leader-killed-42.json")).strip());
        assertEquals(42, json.number("seed"));
        assertEquals(100, json.items("faults").getFirst().number("appliedMillis"));
        assertEquals(1, json.member("operations").orElseThrow().number("unknown"));
    }

    @Test
    void violatedAndUndecidedRunsHaveNotPassed() {
        Violation violation = new Violation("lost-element", "k", "<evidence>");
        assertFalse(report(new Verdict.Violated("set", 3, List.of(violation), 1)).isPassed());
        assertFalse(report(new Verdict.Undecided("linearizability", 3, "budget")).isPassed());
        assertFalse(report().isPassed(), "nothing was checked");
        assertTrue(report(new Verdict.Passed("set", 3)).isPassed());
        assertTrue(HtmlPage.of(report(new Verdict.Violated("set", 3, List.of(violation), 1)))
                .contains("&lt;evidence&gt;"));
    }

    @Test
    void samplesCountEveryOutcomeInItsSlice() {
        List<Sample> samples = Sample.of(history(), 0, 299 * MILLI, 100 * MILLI);
        assertEquals(List.of(
                new Sample(0, 1, 0, 0),
                new Sample(100 * MILLI, 0, 1, 0),
                new Sample(200 * MILLI, 0, 0, 1)), samples);
    }
}
