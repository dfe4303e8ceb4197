package io.holdfast.gridstate.setting;

import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.catalog.Octets;

/// A setting.
///
/// @param value at most [#VALUE_BYTES_MAX]
public record SettingEntry(Octets value) {
    public static final int VALUE_BYTES_MAX = 64 << 10;

    public SettingEntry {
        Check.range("a setting's size", value.size(), 0, VALUE_BYTES_MAX);
    }
}
