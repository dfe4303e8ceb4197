package io.holdfast.gridstate.setting;

import static io.holdfast.gridstate.setting.SettingCatalogs.SETTINGS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.gridstate.catalog.Octets;
import io.holdfast.gridstate.command.CommandEnvelope;
import io.holdfast.gridstate.command.SettingCommand;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.testing.GridHarness;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SettingRulesTest {
    private final GridHarness grid = new GridHarness();

    @Test
    void comparesAndSets() {
        long first = grid.accept(put(1, ExpectedVersion.ABSENT)).version();
        assertEquals(RefusalCode.VERSION_MISMATCH, grid.refuse(put(2, ExpectedVersion.ABSENT)));
        long second = grid.accept(put(3, ExpectedVersion.of(first))).version();
        assertEquals(RefusalCode.VERSION_MISMATCH, grid.refuse(put(4, ExpectedVersion.of(first))));
        assertEquals(new SettingEntry(octets(3)), grid.get(SETTINGS, "a/b"));
        assertEquals(second, grid.version(SETTINGS, "a/b"));
    }

    @Test
    void twoWritesInOneEntryAreTwoVersions() {
        List<GridReply> replies = grid.applyEntry(List.of(
                new CommandEnvelope(GridHarness.NODE, "a", put(1, ExpectedVersion.ANY)),
                new CommandEnvelope(GridHarness.NODE, "b", put(2, ExpectedVersion.ANY))));
        long first = ((GridReply.Accepted) replies.getFirst()).version();
        long second = ((GridReply.Accepted) replies.getLast()).version();
        assertTrue(second > first);
        assertEquals(RefusalCode.VERSION_MISMATCH, grid.refuse(put(3, ExpectedVersion.of(first))));
        assertTrue(grid.accept(put(4, ExpectedVersion.of(second))).version() > second);
    }

    @Test
    void removesWhatIsThere() {
        assertEquals(
                RefusalCode.NOT_FOUND, grid.refuse(new SettingCommand.Remove("a/b", ExpectedVersion.ANY)));
        long version = grid.accept(put(1, ExpectedVersion.ANY)).version();
        assertEquals(
                RefusalCode.VERSION_MISMATCH,
                grid.refuse(new SettingCommand.Remove("a/b", ExpectedVersion.of(version + 1))));
        grid.accept(new SettingCommand.Remove("a/b", ExpectedVersion.of(version)));
        assertTrue(grid.find(SETTINGS, "a/b").isEmpty());
    }

    @Test
    void aValueHasABound() {
        Octets large = Octets.copyOf(new byte[SettingEntry.VALUE_BYTES_MAX]);
        grid.accept(new SettingCommand.Put("large", large, ExpectedVersion.ANY));
        Octets tooLarge = Octets.copyOf(new byte[SettingEntry.VALUE_BYTES_MAX + 1]);
        assertThrows(
                IllegalArgumentException.class,
                () -> new SettingCommand.Put("large", tooLarge, ExpectedVersion.ANY));
    }

    private static SettingCommand put(int value, ExpectedVersion expected) {
        return new SettingCommand.Put("a/b", octets(value), expected);
    }

    private static Octets octets(int value) {
        return Octets.copyOf(new byte[] {(byte) value});
    }
}
