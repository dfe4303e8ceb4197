package io.holdfast.gridstate.setting;

import static io.holdfast.gridstate.setting.SettingCatalogs.SETTINGS;

import io.holdfast.gridstate.catalog.Octets;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.GridReply.Accepted;
import io.holdfast.gridstate.rule.Refusals;
import io.holdfast.gridstate.rule.RuleScope;
import java.util.Optional;

/// The rules of settings. Immutable; confined to the apply thread by what it is given.
public final class SettingRules {
    /// Settings that there may be.
    public static final int SETTINGS_MAX = 100_000;

    private static final String COUNTER = "settings";

    public GridReply put(RuleScope scope, String name, Octets value, ExpectedVersion expected) {
        Optional<Versioned<String, SettingEntry>> found = scope.findVersioned(SETTINGS, name);
        if (!expected.isMetBy(found)) {
            return Refusals.mismatch("setting", name, found);
        }
        if (found.isEmpty()) {
            long count = scope.counter(COUNTER);
            if (count == SETTINGS_MAX) {
                return Refusals.full("settings", SETTINGS_MAX);
            }
            scope.setCounter(COUNTER, count + 1);
        }
        scope.put(SETTINGS, name, new SettingEntry(value));
        return new Accepted(scope.version());
    }

    public GridReply remove(RuleScope scope, String name, ExpectedVersion expected) {
        Optional<Versioned<String, SettingEntry>> found = scope.findVersioned(SETTINGS, name);
        if (found.isEmpty()) {
            return Refusals.notFound("setting", name);
        }
        if (!expected.isMetBy(found)) {
            return Refusals.mismatch("setting", name, found);
        }
        scope.setCounter(COUNTER, scope.counter(COUNTER) - 1);
        scope.remove(SETTINGS, name);
        return new Accepted(scope.version());
    }
}
