package io.holdfast.chaos.soak;

import io.holdfast.chaos.checker.Verdict;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The figures of a soak as a page of Markdown that can stand in a source tree: nothing in it says where or
/// by whom it was played. Immutable.
///
/// @param minutes as asked for
/// @param minutesPlayed in fact
/// @param machine and its load before and after, in one line
/// @param load what clients asked of the cluster, in one sentence
/// @param command that plays it again
public record SoakDocument(long seed, int minutes, double minutesPlayed, String machine, String load,
        String command, SoakTally.Sums sums) {
    /// Counted in the tally under these names.
    public static final String CATALOG_CALLS = "catalog calls";
    public static final String LEASE_CALLS = "lease grants and prolongations";
    public static final String BLOCKS_READ = "volume blocks read";
    public static final String BLOCKS_WRITTEN = "volume blocks written and flushed";
    public static final String UNKNOWN = "outcome unknown";
    public static final String ROLLOUTS = "looks at all links of a rollout";
    public static final String WATCHED = "changes seen over watches";
    public static final String HEALTHY = "without faults";
    public static final String FAULTY = "while faults come and go, on one node at a time";
    public static final String IN_FAULTS = "only while such a fault lasts";
    /// Stands beside the page.
    static final String FINDINGS = "FINDINGS.md";
    public static final String BEYOND = "while faults come and go, on any nodes, also on a majority";

    /// What checkers judged.
    public static long checked(SoakTally.Sums sums) {
        return sums.count(CATALOG_CALLS) + sums.count(LEASE_CALLS) + sums.count(BLOCKS_READ)
                + sums.count(BLOCKS_WRITTEN) + sums.count(UNKNOWN);
    }

    public static double unknownPercent(SoakTally.Sums sums) {
        return 100.0 * sums.count(UNKNOWN) / Math.max(1, checked(sums));
    }

    /// Throughput of acknowledged changes while faults come and go that leave a majority whole, as a share of
    /// that without.
    public static double share(SoakTally.Sums sums) {
        return share(sums, FAULTY);
    }

    private static double share(SoakTally.Sums sums, String name) {
        double healthy = rate(sums, HEALTHY);
        return healthy == 0 ? 0 : rate(sums, name) / healthy;
    }

    private static double rate(SoakTally.Sums sums, String name) {
        SoakTally.Rate rate = sums.rates().get(name);
        return rate == null ? 0 : rate.perSecond();
    }

    /// The page.
    public String markdown() {
        Formatter out = new Formatter(Locale.ROOT);
        boolean isPassed = sums.verdicts().stream().allMatch(Verdict::isPassed);
        out.format("# Soak%n%n%.0f of %d minutes on %s. Seed %d. Every checker passed: %s.%n%n",
                minutesPlayed, minutes, machine, seed, isPassed ? "yes" : "**no**");
        out.format("%s%n%n```%n%s%n```%n%n", load, command);
        faults(out);
        operations(out);
        times(out);
        verdicts(out);
        out.format("%n## Findings%n%nWhat runs have found so far, with the test that guards each: "
                + "[%1$s](%1$s).%n", FINDINGS);
        return out.toString();
    }

    private void faults(Formatter out) {
        out.format("## Faults%n%n| fault | count |%n|---|---|%n");
        out.format("| network, all | %d |%n", sums.faultCount("network: "));
        out.format("| processes killed, as one event each | %d |%n", sums.faultCount("kill -9"));
        out.format("| disk, all | %d |%n", sums.faultCount("disk: "));
        sums.faults().forEach((name, count) -> out.format("| %s | %d |%n", name, count));
        out.format("%n");
    }

    private void operations(Formatter out) {
        VerdictSum.Breaches breaches = VerdictSum.breaches(sums.verdicts());
        out.format("## Operations%n%n| what | figure |%n|---|---|%n");
        out.format("| checked operations | %,d |%n", checked(sums));
        sums.counts().forEach((name, count) -> out.format("| %s | %,d |%n", name, count));
        out.format("| unknown outcome | %.4f %% |%n", unknownPercent(sums));
        out.format("| acknowledged and lost | %d |%n", breaches.lost());
        out.format("| wrong | %d |%n", breaches.wrong());
        out.format("| leases held twice, former holders served | %d |%n", breaches.lease());
        if (breaches.further() > 0) {
            out.format("| further breaches, not told apart | %d |%n", breaches.further());
        }
        for (Map.Entry<String, SoakTally.Rate> rate : sums.rates().entrySet()) {
            out.format("| acknowledged changes per second %s (%.0f s) | %.1f |%n",
                    rate.getKey(), rate.getValue().seconds(), rate.getValue().perSecond());
        }
        for (String name : List.of(FAULTY, BEYOND)) {
            if (sums.rates().containsKey(name)) {
                out.format("| throughput %s, of that without | %.2f |%n", name, share(sums, name));
            }
        }
        out.format("%n");
    }

    private void times(Formatter out) {
        out.format("## Times%n%n| from, to | count | median, s | worst, s |%n|---|---|---|---|%n");
        sums.times().forEach((name, times) -> out.format("| %s | %d | %.2f | %.2f |%n",
                name, times.count(), times.median() / 1_000, times.max() / 1_000));
        out.format("%n");
    }

    private void verdicts(Formatter out) {
        out.format("## Verdicts%n%n| checker | judged | verdict |%n|---|---|---|%n");
        sums.verdicts().forEach(verdict -> out.format("| %s | %,d | %s |%n", verdict.checker(),
                verdict.checkedCount(), text(verdict)));
    }

    private static String text(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Passed _ -> "passed";
            case Verdict.Undecided undecided -> "**undecided**: " + plain(undecided.reason());
            case Verdict.Violated violated -> "**" + violated.violationCount() + " breaches**, the first: "
                    + plain(violated.violations().getFirst().toString());
        };
    }

    /// One line without places of files; the report has all of it.
    private static String plain(String text) {
        return text.lines().findFirst().orElse("").replaceAll("/\\S+", "...").replace('|', '/');
    }
}
