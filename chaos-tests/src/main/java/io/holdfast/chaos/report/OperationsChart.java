package io.holdfast.chaos.report;

import io.holdfast.chaos.fault.TimelineEntry;
import java.util.Locale;

/// Operations over time as SVG: bars per slice, acknowledged upwards in green, refused and unknown stacked on
/// them, with a shade behind the time of each fault.
final class OperationsChart {
    private static final int WIDTH = 1_040;
    private static final int HEIGHT = 220;
    private static final int BASE = 195;
    private static final int PLOT_HEIGHT = 180;

    private final RunReport report;
    private final StringBuilder out = new StringBuilder();

    private OperationsChart(RunReport report) {
        this.report = report;
    }

    static String of(RunReport report) {
        OperationsChart chart = new OperationsChart(report);
        chart.out.append(String.format(Locale.ROOT,
                "<svg viewBox=\"0 0 %d %d\" role=img aria-label=\"operations over time\">", WIDTH, HEIGHT));
        report.timeline().forEach(chart::shade);
        chart.bars();
        chart.axis();
        return chart.out.append("</svg>").toString();
    }

    private double x(long nanos) {
        double length = Math.max(1, report.toNanos() - report.fromNanos());
        return Math.clamp((nanos - report.fromNanos()) / length, 0, 1) * WIDTH;
    }

    private void shade(TimelineEntry entry) {
        double from = x(entry.appliedNanos());
        rectangle(from, 10, Math.max(1, x(entry.healedNanos()) - from), BASE - 10, "#f3d9a4",
                entry.fault());
    }

    private void bars() {
        int most = report.samples().stream()
                .mapToInt(sample -> sample.okCount() + sample.failedCount() + sample.unknownCount())
                .max()
                .orElse(0);
        double width = Math.max(1, (double) WIDTH / Math.max(1, report.samples().size()) - 0.5);
        double scale = (double) PLOT_HEIGHT / Math.max(1, most);
        for (Sample sample : report.samples()) {
            double bottom = BASE;
            bottom = bar(sample, width, bottom, sample.okCount() * scale, "#2e8b57");
            bottom = bar(sample, width, bottom, sample.failedCount() * scale, "#8795a5");
            bar(sample, width, bottom, sample.unknownCount() * scale, "#b3261e");
        }
        text(4, 22, most + " per slice");
    }

    private double bar(Sample sample, double width, double bottom, double height, String colour) {
        if (height > 0) {
            rectangle(x(sample.fromNanos()), bottom - height, width, height, colour,
                    sample.okCount() + " acknowledged, " + sample.failedCount() + " refused, "
                            + sample.unknownCount() + " unknown");
        }
        return bottom - height;
    }

    private void axis() {
        rectangle(0, BASE, WIDTH, 1, "#1c2733", "time");
        text(0, HEIGHT - 8, "0 s");
        text(WIDTH - 60, HEIGHT - 8,
                String.format(Locale.ROOT, "%.1f s", report.millis(report.toNanos()) / 1_000.0));
    }

    private void rectangle(double x, double y, double width, double height, String colour, String title) {
        out.append(String.format(Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\">"
                        + "<title>%s</title></rect>",
                x, y, width, height, colour, HtmlPage.escaped(title)));
    }

    private void text(int x, int y, String text) {
        out.append("<text x=\"").append(x).append("\" y=\"").append(y)
                .append("\" font-size=\"11\" fill=\"#1c2733\">").append(HtmlPage.escaped(text))
                .append("</text>");
    }
}
