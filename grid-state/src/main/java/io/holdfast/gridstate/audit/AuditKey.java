package io.holdfast.gridstate.audit;

import io.holdfast.gridstate.catalog.Check;
import java.util.HexFormat;

/// The place of a record in the audit; written so that newer ones stand first.
///
/// @param sequence from 0, without gaps
public record AuditKey(long sequence) {
    public AuditKey {
        Check.notNegative("an audit record's number", sequence);
    }

    /// Reads what [#toString()] writes.
    public static AuditKey parse(String text) {
        if (text.length() != 16) {
            throw new IllegalArgumentException("an audit record is written as 16 hexadecimal digits");
        }
        return new AuditKey(Long.MAX_VALUE - HexFormat.fromHexDigitsToLong(text));
    }

    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(Long.MAX_VALUE - sequence);
    }
}
