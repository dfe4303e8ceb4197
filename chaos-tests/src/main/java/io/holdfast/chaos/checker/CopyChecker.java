package io.holdfast.chaos.checker;

import java.util.Map;
import java.util.Objects;

/// Judges a served copy against the truth, both at rest: everything there, nothing older, nothing invented.
/// Linear time. Immutable.
public final class CopyChecker {
    /// The copy lacks an entry.
    public static final String MISSING = "copy-missing";
    /// The copy's entry is of an older version.
    public static final String STALE = "copy-stale";
    /// The copy has an entry, or a content, that the truth never had or has removed.
    public static final String PHANTOM = "copy-phantom";

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
}
