package io.holdfast.gridstate.setting;

import io.holdfast.gridstate.catalog.Attribute;
import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.catalog.KeyForm;
import java.util.List;
import java.util.regex.Pattern;

/// The catalog of settings.
public final class SettingCatalogs {
    public static final Catalog<String, SettingEntry> SETTINGS = Catalog.of(
            "settings",
            KeyForm.text(SettingCatalogs::checkedName, name -> name),
            SettingEntry.class,
            List.of(Attribute.number("sizeBytes", setting -> setting.value().size())));

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._/-]{0,126}");

    private SettingCatalogs() {}

    /// 1 to 127 characters of `a-z`, `0-9`, `.`, `_`, `/` and `-`, first a letter or digit.
    public static String checkedName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a setting's name is 1 to 127 characters of a-z, 0-9, '.',"
                    + " '_', '/' and '-', first a letter or digit");
        }
        return name;
    }
}
