package io.holdfast.gridstate.rule;

import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.catalog.Versioned;
import java.util.Optional;

/// The condition of a conditional change, as If-Match and If-None-Match state it.
///
/// @param value the version that the record must have; 0 if it must not exist; -1 for no condition
public record ExpectedVersion(long value) {
    public static final ExpectedVersion ANY = new ExpectedVersion(-1);
    public static final ExpectedVersion ABSENT = new ExpectedVersion(0);

    public ExpectedVersion {
        Check.range("an expected version", value, -1, Long.MAX_VALUE);
    }

    public static ExpectedVersion of(long version) {
        return new ExpectedVersion(version);
    }

    /// Whether what was found fulfils the condition.
    public boolean isMetBy(Optional<? extends Versioned<?, ?>> found) {
        return value == -1 || value == found.map(Versioned::version).orElse(0L);
    }
}
