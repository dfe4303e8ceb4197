package io.holdfast.gridstate.command;

import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.catalog.Octets;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.setting.SettingCatalogs;
import io.holdfast.gridstate.setting.SettingEntry;

/// Commands about settings.
public sealed interface SettingCommand extends GridCommand {
    /// Sets a value, if the setting is of the expected version.
    record Put(String name, Octets value, ExpectedVersion expected) implements SettingCommand {
        public Put {
            SettingCatalogs.checkedName(name);
            Check.range("a setting's size", value.size(), 0, SettingEntry.VALUE_BYTES_MAX);
        }

        @Override
        public String target() {
            return name;
        }
    }

    /// Removes a setting, if it is of the expected version.
    record Remove(String name, ExpectedVersion expected) implements SettingCommand {
        public Remove {
            SettingCatalogs.checkedName(name);
        }

        @Override
        public String target() {
            return name;
        }
    }
}
