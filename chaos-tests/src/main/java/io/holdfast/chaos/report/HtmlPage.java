package io.holdfast.chaos.report;

import io.holdfast.chaos.checker.Verdict;
import io.holdfast.chaos.fault.TimelineEntry;
import java.util.Locale;
import java.util.Map;

/// A run's report as one HTML page that needs nothing else: no script, no outside file.
final class HtmlPage {
    private static final String STYLE = """
            body{font:14px/1.45 system-ui,sans-serif;max-width:1080px;margin:2rem auto;padding:0 1rem}
            body{color:#1c2733}h1{font-size:1.4rem}h2{font-size:1.05rem;margin-top:2rem}
            table{border-collapse:collapse;width:100%}
            td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #dde3ea;vertical-align:top}
            code{background:#f1f4f7;padding:.1rem .3rem}.good{color:#0b7a3b}.bad{color:#b3261e}
            """;

    private final RunReport report;
    private final StringBuilder out = new StringBuilder();

    private HtmlPage(RunReport report) {
        this.report = report;
    }

    static String of(RunReport report) {
        HtmlPage page = new HtmlPage(report);
        page.head();
        page.out.append(OperationsChart.of(report));
        page.verdicts();
        page.figures();
        page.faults();
        page.skips();
        page.out.append("</body></html>\n");
        return page.out.toString();
    }

    private void head() {
        String result = report.isPassed() ? "<span class=good>passed</span>"
                : "<span class=bad>failed</span>";
        out.append("<!doctype html><html lang=en><meta charset=utf-8><title>")
                .append(escaped(report.scenario())).append("</title><style>")
                .append(STYLE).append("</style><body><h1>")
                .append(escaped(report.scenario())).append(": ").append(result).append("</h1><p>Seed <code>")
                .append(report.seed()).append("</code>. Operations: ").append(report.okCount())
                .append(" acknowledged, ").append(report.failedCount()).append(" refused, ")
                .append(report.unknownCount()).append(" with unknown outcome.</p><p>Run it again: <code>")
                .append(escaped(report.replay())).append("</code></p>");
        if (!report.dataFolder().isEmpty()) {
            out.append("<p>Files and logs of the nodes: <code>").append(escaped(report.dataFolder()))
                    .append("</code></p>");
        }
    }

    private void verdicts() {
        out.append("<h2>Verdicts</h2><table><tr><th>Checker<th>Checked<th>Verdict</tr>");
        for (Verdict verdict : report.verdicts()) {
            out.append("<tr><td>").append(escaped(verdict.checker())).append("<td>")
                    .append(verdict.checkedCount()).append("<td>").append(cell(verdict)).append("</tr>");
        }
        out.append("</table>");
    }

    private static String cell(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Passed _ -> "<span class=good>passed</span>";
            case Verdict.Undecided undecided ->
                "<span class=bad>undecided</span> " + escaped(undecided.reason());
            case Verdict.Violated violated -> {
                StringBuilder text = new StringBuilder("<span class=bad>" + violated.violationCount()
                        + " violations</span><ul>");
                violated.violations().forEach(violation ->
                        text.append("<li>").append(escaped(violation.toString())).append("</li>"));
                yield text.append("</ul>").toString();
            }
        };
    }

    private void figures() {
        out.append("<h2>Figures</h2><table>");
        for (Map.Entry<String, Double> figure : report.figures().entrySet()) {
            out.append("<tr><td>").append(escaped(figure.getKey())).append("<td>")
                    .append(String.format(Locale.ROOT, "%,.1f", figure.getValue())).append("</tr>");
        }
        out.append("</table>");
    }

    private void faults() {
        out.append("<h2>Faults</h2><table><tr><th>From, ms<th>To, ms<th>Fault<th>Outcome</tr>");
        for (TimelineEntry entry : report.timeline()) {
            out.append("<tr><td>").append(report.millis(entry.appliedNanos())).append("<td>")
                    .append(report.millis(entry.healedNanos())).append("<td>").append(escaped(entry.fault()))
                    .append("<td>").append(escaped(entry.outcome())).append("</tr>");
        }
        out.append("</table>");
    }

    private void skips() {
        out.append("<h2>Not tried on this host</h2>");
        if (report.skips().isEmpty()) {
            out.append("<p>Nothing was left out.</p>");
        }
        for (String skip : report.skips()) {
            out.append("<p>").append(escaped(skip)).append("</p>");
        }
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
