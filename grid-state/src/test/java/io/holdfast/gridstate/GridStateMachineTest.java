package io.holdfast.gridstate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.gridstate.audit.AuditCatalogs;
import io.holdfast.gridstate.audit.AuditEntry;
import io.holdfast.gridstate.audit.AuditKey;
import io.holdfast.gridstate.catalog.Octets;
import io.holdfast.gridstate.catalog.Page;
import io.holdfast.gridstate.codec.GridCodec;
import io.holdfast.gridstate.command.CommandEnvelope;
import io.holdfast.gridstate.command.GridCommand;
import io.holdfast.gridstate.command.SettingCommand;
import io.holdfast.gridstate.rule.Actor;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.testing.GridHarness;
import io.holdfast.gridstate.testing.Invariants;
import io.holdfast.gridstate.testing.RandomCommands;
import io.holdfast.gridstate.testing.SampleCommands;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GridStateMachineTest {
    private final GridHarness grid = new GridHarness();

    @Test
    void bytesThatAreNoCommandAreRefusedWithoutATrace() {
        String before = grid.dump();
        List<byte[]> garbage =
                List.of(new byte[] {1}, new byte[] {1, 2}, new byte[] {1, 16, 0}, new byte[100]);
        for (byte[] bytes : garbage) {
            GridReply reply =
                    grid.codec().decodeReply(grid.applyBytes(List.of(bytes)).getFirst());
            assertEquals(RefusalCode.INVALID, assertInstanceOf(GridReply.Refused.class, reply).code());
        }
        assertEquals(before, grid.dump());
    }

    @Test
    void aCommandOfANewerLevelIsRefusedWithoutATrace() {
        byte[] bytes = grid.codec()
                .encodeCommand(new CommandEnvelope(
                        new Actor.User("ada"), "", SampleCommands.all().getFirst()));
        bytes[0] = GridCodec.LEVEL_MAX + 1;
        GridReply reply = grid.codec().decodeReply(grid.applyBytes(List.of(bytes)).getFirst());
        assertEquals(
                RefusalCode.UNSUPPORTED_LEVEL, assertInstanceOf(GridReply.Refused.class, reply).code());
        assertEquals("", grid.dump());
    }

    @Test
    void everyCommandIsDecided() {
        GridHarness founded = GridHarness.founded();
        for (GridCommand command : SampleCommands.all()) {
            founded.apply(command);
        }
        new Invariants(founded).check();
    }

    @Test
    void usersAreAuditedAndNodesAreNot() {
        Actor ada = new Actor.User("ada");
        grid.applyAs(ada, put("a", ExpectedVersion.ANY));
        grid.apply(put("b", ExpectedVersion.ANY));
        grid.applyAs(ada, put("a", ExpectedVersion.ABSENT));
        Page<AuditKey, AuditEntry> page = grid.reader().page(AuditCatalogs.AUDIT, Page.Request.first(10));
        assertEquals(
                List.of("version-mismatch", "accepted"),
                page.entries().stream().map(row -> row.value().outcome()).toList());
        AuditEntry newest = page.entries().getFirst().value();
        assertEquals(
                new AuditEntry(
                        3, grid.timeMillis(), "ada", "r2", "setting.put", "a", "version-mismatch"),
                newest);
    }

    @Test
    void commandsOfOneEntrySeeEachOther() {
        List<GridReply> replies = grid.applyEntry(List.of(
                envelope(put("a", ExpectedVersion.ABSENT)),
                envelope(put("a", ExpectedVersion.ABSENT)),
                envelope(put("a", ExpectedVersion.ANY))));
        assertInstanceOf(GridReply.Accepted.class, replies.get(0));
        assertInstanceOf(GridReply.Refused.class, replies.get(1));
        assertInstanceOf(GridReply.Accepted.class, replies.get(2));
    }

    @Test
    void listenersAreToldHowFarTheStoreHasCome() {
        List<Long> told = new ArrayList<>();
        grid.machine().addListener(index -> told.add(index.value()));
        grid.apply(put("a", ExpectedVersion.ANY));
        grid.apply(put("b", ExpectedVersion.ANY));
        grid.machine().onStateReplaced(grid.store());
        assertEquals(List.of(1L, 2L, 2L), told);
    }

    @Test
    void catalogsAndKeyspacesHaveNamesOfTheirOwn() {
        assertEquals(
                grid.machine().keyspaces().size(),
                new HashSet<>(grid.machine().keyspaces()).size());
        for (var catalog : GridCatalogs.ALL) {
            assertEquals(catalog, GridCatalogs.byName(catalog.name()).orElseThrow());
        }
        assertTrue(GridCatalogs.byName("nothing").isEmpty());
    }

    /// Random commands, in entries of random size. The seeds are a fixed list; a new one can be tried by
    /// adding it.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 20_260_101})
    void sameCommandsGiveTheSameBytes(long seed) {
        GridHarness other = new GridHarness();
        RandomCommands commands = new RandomCommands(seed);
        java.util.SplittableRandom random = new java.util.SplittableRandom(seed);
        for (int entry = 0; entry < 1_500; entry++) {
            List<CommandEnvelope> envelopes = new ArrayList<>();
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                Actor actor = random.nextInt(4) == 0 ? new Actor.User("ada") : GridHarness.NODE;
                envelopes.add(new CommandEnvelope(actor, "r", commands.next()));
            }
            int millis = random.nextInt(20_000);
            grid.elapse(millis);
            other.elapse(millis);
            // One node restarts between entries now and then: nothing may hang on what it remembered.
            if (random.nextInt(10) == 0) {
                other.restart();
            }
            assertEquals(grid.applyEntry(envelopes), other.applyEntry(envelopes), () -> "seed=" + seed);
        }
        assertEquals(grid.dump(), other.dump(), () -> "seed=" + seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void invariantsHoldAfterEveryCommand(long seed) {
        Invariants invariants = new Invariants(grid);
        RandomCommands commands = new RandomCommands(seed);
        Map<String, Integer> accepted = new HashMap<>();
        for (int i = 0; i < 12_000; i++) {
            GridCommand command = commands.next();
            grid.elapse(2_000);
            if (grid.apply(command) instanceof GridReply.Accepted) {
                accepted.merge(command.kind(), 1, Integer::sum);
            }
            if (i % 20 == 0) {
                try {
                    invariants.check();
                } catch (AssertionError e) {
                    throw new AssertionError("seed=" + seed + " step=" + i + " last=" + command, e);
                }
            }
        }
        assertTrue(accepted.size() > 55, "too little was accepted to prove anything: " + accepted);
    }

    private static CommandEnvelope envelope(GridCommand command) {
        return new CommandEnvelope(GridHarness.NODE, "", command);
    }

    private static GridCommand put(String name, ExpectedVersion expected) {
        return new SettingCommand.Put(name, Octets.copyOf(new byte[] {1}), expected);
    }

}
