package io.holdfast.chaos.checker;

import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Judges a served copy against the truth. Both at rest: everything there, nothing older, nothing invented;
/// while the truth moves on: what can still be said. Linear time. Immutable.
public final class CopyChecker {
    /// The copy lacks an entry.
    public static final String MISSING = "copy-missing";
    /// The copy's entry is of an older version.
    public static final String STALE = "copy-stale";
    /// The copy has an entry, or a content, that the truth never had or has removed.
    public static final String PHANTOM = "copy-phantom";

    /// A copy that is cut off has an entry of a version that was decided after the cut.
    public static final String FED_WHILE_CUT_OFF = "copy-fed-while-cut-off";

    /// One entry.
    public record Item(long version, String value) {}

    /// Compares both.
    public Verdict check(Map<String, Item> truth, Map<String, Item> copy) {
        Findings findings = new Findings("copy");
        truth.forEach((key, item) -> {
            Item copied = copy.get(key);
            if (copied == null) {
                findings.add(MISSING, key, "should be " + item);
            } else if (copied.version() < item.version()) {
                findings.add(STALE, key, copied + " should be " + item);
            } else if (!Objects.equals(copied, item)) {
                findings.add(PHANTOM, key, copied + " should be " + item);
            }
        });
        copy.forEach((key, copied) -> {
            if (!truth.containsKey(key)) {
                findings.add(PHANTOM, key, copied + " should not be there");
            }
        });
        findings.checked(truth.size());
        return findings.verdict();
    }

    /// Everything of an earlier truth is there or was replaced since. Nothing is removed meanwhile.
    public Verdict checkNoneOlder(Map<String, Item> earlier, Map<String, Item> copy) {
        Findings findings = new Findings("copy-after-fault");
        earlier.forEach((key, item) -> {
            Item copied = copy.get(key);
            if (copied == null) {
                findings.add(MISSING, key, "should be " + item);
            } else if (copied.version() < item.version()) {
                findings.add(STALE, key, copied + " should be " + item);
            } else if (copied.version() == item.version() && !copied.equals(item)) {
                findings.add(PHANTOM, key, copied + " should be " + item);
            }
        });
        findings.checked(earlier.size());
        return findings.verdict();
    }

    /// Nothing is newer than the newest of an earlier truth: since then the copy is cut off.
    public Verdict checkNoneNewer(Map<String, Item> earlier, Map<String, Item> copy) {
        Findings findings = new Findings("copy-of-minority");
        long newest = earlier.values().stream().mapToLong(Item::version).max().orElse(0);
        copy.forEach((key, copied) -> {
            if (copied.version() > newest) {
                findings.add(FED_WHILE_CUT_OFF, key, copied + " is newer than version " + newest);
            }
        });
        findings.checked(copy.size());
        return findings.verdict();
    }

    /// Whatever was served had been decided at some time.
    ///
    /// @param served `key=value`
    /// @param decided `key=value`
    public Verdict checkDecided(Set<String> served, Set<String> decided) {
        Findings findings = new Findings("served-by-minority");
        served.stream().filter(entry -> !decided.contains(entry))
                .forEach(entry -> findings.add(PHANTOM, entry, "was never decided"));
        findings.checked(served.size());
        return findings.verdict();
    }
}
