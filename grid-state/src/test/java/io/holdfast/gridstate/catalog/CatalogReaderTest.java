package io.holdfast.gridstate.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.GridCatalogs;
import io.holdfast.gridstate.chunkmap.ChunkCatalogs;
import io.holdfast.gridstate.command.ChunkCommand;
import io.holdfast.gridstate.command.SettingCommand;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.setting.SettingCatalogs;
import io.holdfast.gridstate.setting.SettingEntry;
import io.holdfast.gridstate.testing.GridHarness;
import io.holdfast.gridstate.testing.RandomCommands;
import io.holdfast.gridstate.testing.Samples;
import io.holdfast.hostio.id.ChunkId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CatalogReaderTest {
    private final GridHarness grid = new GridHarness();

    @Test
    void pagesFollowEachOtherWithoutGapOrRepeat() {
        for (int i = 0; i < 25; i++) {
            put("k%02d".formatted(i));
        }
        List<String> keys = new ArrayList<>();
        Page.Request request = Page.Request.first(10);
        int pages = 0;
        Optional<String> next = Optional.of("");
        while (next.isPresent()) {
            Page<String, SettingEntry> page = grid.reader().page(SettingCatalogs.SETTINGS, request);
            page.entries().forEach(row -> keys.add(row.key()));
            next = page.next();
            request = next.isPresent() ? request.after(next.get()) : request;
            pages++;
        }
        assertEquals(3, pages);
        assertEquals(25, keys.size());
        assertEquals(keys.stream().sorted().distinct().toList(), keys);
    }

    @Test
    void aFullLastPageSaysThatNothingFollows() {
        put("a");
        put("b");
        assertTrue(grid.reader()
                .page(SettingCatalogs.SETTINGS, Page.Request.first(2))
                .next()
                .isEmpty());
    }

    @Test
    void aPrefixNarrowsThePage() {
        put("a/1");
        put("b/1");
        put("b/2");
        put("c/1");
        Page.Request request = Page.Request.first(10).withPrefix("b/");
        List<String> keys = grid.reader().page(SettingCatalogs.SETTINGS, request).entries().stream()
                .map(Versioned::key)
                .toList();
        assertEquals(List.of("b/1", "b/2"), keys);
        assertThrows(
                IllegalArgumentException.class,
                () -> grid.reader().page(SettingCatalogs.SETTINGS, request.after("a/1")));
    }

    @Test
    void chunksOfAStreamStandTogether() {
        grid.accept(new ChunkCommand.CreateStream(Samples.STREAM, "s", Samples.PROFILE));
        FencingToken token = new FencingToken(1);
        for (int i = 0; i < 3; i++) {
            ChunkId chunk = new ChunkId(Samples.STREAM.value(), i);
            grid.accept(new ChunkCommand.Open(chunk, token, Samples.PROFILE, Samples.places(6)));
        }
        Page.Request request = Page.Request.first(10).withPrefix(Samples.STREAM.toString());
        assertEquals(3, grid.reader().page(ChunkCatalogs.CHUNKS, request).entries().size());
        assertThrows(
                IllegalArgumentException.class,
                () -> grid.reader().page(ChunkCatalogs.CHUNKS, request.withPrefix("xyz")));
    }

    @Test
    void aDamagedRecordIsToldApart() {
        byte[] key = {'a'};
        assertThrows(
                CorruptRecordException.class,
                () -> SettingCatalogs.SETTINGS.decode(key, new byte[] {1, 2}, grid.codec()));
        assertThrows(
                CorruptRecordException.class,
                () -> SettingCatalogs.SETTINGS.decode(key, new byte[20], grid.codec()));
        byte[] good = SettingCatalogs.SETTINGS.encode(new SettingEntry(Octets.EMPTY), 7, grid.codec());
        assertEquals(7, SettingCatalogs.SETTINGS.decode(key, good, grid.codec()).version());
        assertThrows(
                CorruptRecordException.class,
                () -> SettingCatalogs.SETTINGS.decode(new byte[] {'?'}, good, grid.codec()));
    }

    /// The API and the grid rely on it for any catalog, so it is asked of every key that random work makes.
    @Test
    void keysAreWrittenAndReadBack() {
        RandomCommands commands = new RandomCommands(7);
        for (int i = 0; i < 3_000; i++) {
            grid.apply(commands.next());
        }
        for (Catalog<?, ?> catalog : GridCatalogs.ALL) {
            checkKeys(catalog);
        }
    }

    private <K, R> void checkKeys(Catalog<K, R> catalog) {
        KeyForm<K> form = catalog.keyForm();
        for (Versioned<K, R> row : grid.reader().page(catalog, Page.Request.first(100)).entries()) {
            assertEquals(row.key(), form.parse(form.print(row.key())));
            assertEquals(row.key(), form.decode(form.encode(row.key())));
            for (Attribute<R> attribute : catalog.attributes()) {
                Comparable<?> value = attribute.valueOf(row.value());
                boolean isOfItsKind =
                        switch (attribute.kind()) {
                            case TEXT -> value instanceof String;
                            case NUMBER -> value instanceof Long;
                            case FLAG -> value instanceof Boolean;
                        };
                assertTrue(isOfItsKind, catalog.name() + "." + attribute.name());
            }
        }
    }

    private void put(String name) {
        grid.accept(new SettingCommand.Put(name, Octets.EMPTY, ExpectedVersion.ANY));
    }
}
