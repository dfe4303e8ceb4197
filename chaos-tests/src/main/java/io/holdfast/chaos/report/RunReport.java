package io.holdfast.chaos.report;

import io.holdfast.chaos.checker.Verdict;
import io.holdfast.chaos.fault.TimelineEntry;
import io.holdfast.chaos.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Everything about one run. Immutable.
///
/// @param seed what the run's random choices were made from
/// @param replay the command that runs it again
/// @param fromNanos when the workload began, on the clock of histories and timeline
/// @param figures measured values with their units in the names, such as `stallMillisMax`
/// @param dataFolder where nodes' files and logs are kept, empty if they were deleted
public record RunReport(
        String scenario,
        long seed,
        String replay,
        long fromNanos,
        long toNanos,
        List<TimelineEntry> timeline,
        List<Sample> samples,
        List<Verdict> verdicts,
        Map<String, Double> figures,
        List<String> skips,
        String dataFolder) {
    public RunReport {
        timeline = List.copyOf(timeline);
        samples = List.copyOf(samples);
        verdicts = List.copyOf(verdicts);
        figures = new LinkedHashMap<>(figures);
        skips = List.copyOf(skips);
    }

    /// Whether every checker passed; a run that checked nothing has not.
    public boolean isPassed() {
        return !verdicts.isEmpty() && verdicts.stream().allMatch(Verdict::isPassed);
    }

    public long okCount() {
        return samples.stream().mapToLong(Sample::okCount).sum();
    }

    public long failedCount() {
        return samples.stream().mapToLong(Sample::failedCount).sum();
    }

    public long unknownCount() {
        return samples.stream().mapToLong(Sample::unknownCount).sum();
    }

    /// The report as JSON; times in milliseconds from the beginning.
    public Json toJson() {
        Json.Builder measured = Json.object();
        figures.forEach(measured::put);
        return Json.object()
                .put("scenario", scenario)
                .put("passed", isPassed())
                .put("seed", seed)
                .put("replay", replay)
                .put("durationMillis", millis(toNanos))
                .put("operations", Json.object()
                        .put("ok", okCount())
                        .put("failed", failedCount())
                        .put("unknown", unknownCount())
                        .build())
                .put("verdicts", verdicts.stream().map(RunReport::verdictJson).toList())
                .put("figures", measured.build())
                .put("faults", timeline.stream().map(this::faultJson).toList())
                .put("samples", samples.stream().map(this::sampleJson).toList())
                .put("skips", Json.texts(skips))
                .put("dataFolder", dataFolder)
                .build();
    }

    long millis(long nanos) {
        return (nanos - fromNanos) / 1_000_000;
    }

    private Json faultJson(TimelineEntry entry) {
        return Json.object()
                .put("fault", entry.fault())
                .put("appliedMillis", millis(entry.appliedNanos()))
                .put("healedMillis", millis(entry.healedNanos()))
                .put("outcome", entry.outcome())
                .build();
    }

    private Json sampleJson(Sample sample) {
        return Json.object()
                .put("fromMillis", millis(sample.fromNanos()))
                .put("ok", sample.okCount())
                .put("failed", sample.failedCount())
                .put("unknown", sample.unknownCount())
                .build();
    }

    private static Json verdictJson(Verdict verdict) {
        Json.Builder json = Json.object().put("checker", verdict.checker()).put("checked",
                verdict.checkedCount());
        switch (verdict) {
            case Verdict.Passed _ -> json.put("verdict", "passed");
            case Verdict.Undecided undecided ->
                json.put("verdict", "undecided").put("reason", undecided.reason());
            case Verdict.Violated violated -> json.put("verdict", "violated")
                    .put("violationCount", violated.violationCount())
                    .put("violations", violated.violations().stream()
                            .map(violation -> Json.object()
                                    .put("rule", violation.rule())
                                    .put("key", violation.key())
                                    .put("evidence", violation.evidence())
                                    .build())
                            .toList());
        }
        return json.build();
    }
}
