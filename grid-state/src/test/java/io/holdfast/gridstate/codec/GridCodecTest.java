package io.holdfast.gridstate.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.gridstate.catalog.CorruptRecordException;
import io.holdfast.gridstate.command.CommandEnvelope;
import io.holdfast.gridstate.command.GridCommand;
import io.holdfast.gridstate.setting.SettingEntry;
import io.holdfast.gridstate.testing.GridHarness;
import io.holdfast.gridstate.testing.SampleCommands;
import io.holdfast.gridstate.testing.SampleRecords;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The files `types.txt` and `level-N.txt` (the types that came with a level) are what was released: they
/// are only ever appended to. A failing test prints the line that a new type needs.
final class GridCodecTest {
    private final GridCodec codec = new GridCodec(GridCodec.LEVEL_MAX);

    @Test
    void everySampleComesBackEqual() {
        for (Record sample : samples()) {
            byte[] bytes = codec.encode(sample);
            Record back = codec.decode(sample.getClass(), bytes, 0);
            assertEquals(sample, back);
            assertArrayEquals(bytes, codec.encode(back));
        }
    }

    @Test
    void everyTypeOfTheTableHasASample() {
        Set<Class<?>> sampled = new HashSet<>();
        samples().forEach(sample -> sampled.add(sample.getClass()));
        for (TypeTable.Entry entry : GridTypes.TABLE.entries()) {
            assertTrue(sampled.contains(entry.type()), "no sample: type=" + entry.type());
        }
        assertEquals(GridTypes.TABLE.entries().size(), sampled.size());
    }

    @Test
    void idsAndFieldsAreThoseOfTheCommittedTable() {
        assertEquals(read("types.txt"), describe(GridTypes.TABLE));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 6, 8, 9})
    void bytesOfALevelAreThoseOfTheCommittedFile(int level) {
        GridCodec writer = new GridCodec(level);
        StringJoiner lines = new StringJoiner("\n", "", "\n");
        for (Record sample : ofLevel(level)) {
            lines.add(name(sample.getClass()) + " " + HexFormat.of().formatHex(writer.encode(sample)));
        }
        assertEquals(read("level-" + level + ".txt"), lines.toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 6, 8, 9})
    void bytesOfALevelAreRead(int level) {
        List<Record> samples = ofLevel(level);
        List<String> lines = read("level-" + level + ".txt").lines().toList();
        assertEquals(samples.size(), lines.size());
        for (int i = 0; i < lines.size(); i++) {
            byte[] bytes = HexFormat.of().parseHex(lines.get(i).substring(lines.get(i).indexOf(' ') + 1));
            assertEquals(samples.get(i), codec.decode(samples.get(i).getClass(), bytes, 0));
        }
    }

    @Test
    void typesAreNotNestedInThemselves() {
        for (TypeTable.Entry entry : GridTypes.TABLE.entries()) {
            assertNotWithin(entry.type(), entry.type(), new HashSet<>());
        }
    }

    @Test
    void bytesBehindARecordAreRefused() {
        byte[] bytes = codec.encode(samples().getFirst());
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        assertThrows(CorruptRecordException.class, () -> codec.decode(Record.class, longer, 0));
    }

    @Test
    void anotherTypeThanExpectedIsRefused() {
        byte[] bytes = codec.encode(new SettingEntry(io.holdfast.gridstate.catalog.Octets.EMPTY));
        assertThrows(CorruptRecordException.class, () -> codec.decodeCommand(bytes));
    }

    @Test
    void aNewerLevelIsRefusedWithoutReadingOn() {
        byte[] bytes = codec.encode(samples().getFirst());
        bytes[0] = GridCodec.LEVEL_MAX + 1;
        CorruptRecordException refused =
                assertThrows(CorruptRecordException.class, () -> codec.decodeCommand(bytes));
        assertTrue(String.valueOf(refused.getMessage()).contains("level=" + (GridCodec.LEVEL_MAX + 1)));
        assertEquals(GridCodec.LEVEL_MAX + 1, codec.levelOf(bytes));
        assertEquals(-1, codec.levelOf(new byte[0]));
    }

    @Test
    void aHugeClaimedLengthAllocatesNothing() {
        // Level 1, settings entry, an octets length of 2^31 - 1, no octets.
        byte[] bytes = {1, 64, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x07};
        assertThrows(CorruptRecordException.class, () -> codec.decode(SettingEntry.class, bytes, 0));
    }

    @Test
    void reservedIdsAreNoTypes() {
        for (int id = 0; id < TypeTable.ID_MIN; id++) {
            byte[] bytes = {1, (byte) id, 1, 2, 3, 4};
            assertThrows(CorruptRecordException.class, () -> codec.decode(Record.class, bytes, 0));
        }
    }

    @Test
    void whatDoesNotFitAFrameIsNotWritten() {
        GridCommand huge = new io.holdfast.gridstate.command.LayerCommand.AddReference(
                io.holdfast.gridstate.testing.Samples.DIGEST, "x".repeat(512));
        List<GridCommand> many = Collections.nCopies(10_000, huge);
        TypeTable table = new TypeTable(List.of(new TypeTable.Entry(16, Bulk.class, List.of(1))));
        List<String> texts = many.stream().map(GridCommand::toString).toList();
        GridCodec small = new GridCodec(table, 1, 1);
        assertThrows(IllegalArgumentException.class, () -> small.encode(new Bulk(texts)));
    }

    @Test
    void kindsOfCommandsAreDistinct() {
        Set<String> kinds = new TreeSet<>();
        SampleCommands.all().forEach(command -> kinds.add(command.kind()));
        assertEquals(SampleCommands.all().size(), kinds.size());
        assertTrue(kinds.contains("rollout.move-links"), kinds.toString());
    }

    /// A record that can be made as large as one likes.
    record Bulk(List<String> texts) {
        Bulk {
            texts = List.copyOf(texts);
        }
    }

    static List<Record> samples() {
        List<Record> all = new ArrayList<>(SampleRecords.all());
        for (GridCommand command : SampleCommands.all()) {
            all.add((Record) command);
        }
        return all;
    }

    static List<byte[]> sampleFrames(GridCodec codec) {
        List<byte[]> frames = new ArrayList<>();
        for (GridCommand command : SampleCommands.all()) {
            frames.add(codec.encodeCommand(new CommandEnvelope(GridHarness.NODE, "r-1", command)));
        }
        for (Record each : SampleRecords.all()) {
            frames.add(codec.encode(each));
        }
        return frames;
    }

    /// The samples of types that came with the level.
    private static List<Record> ofLevel(int level) {
        Set<Class<?>> types = new HashSet<>();
        for (TypeTable.Entry entry : GridTypes.TABLE.entries()) {
            if (entry.firstLevel() == level) {
                types.add(entry.type());
            }
        }
        return sorted().stream().filter(sample -> types.contains(sample.getClass())).toList();
    }

    private static List<Record> sorted() {
        List<Class<?>> order = new ArrayList<>();
        GridTypes.TABLE.entries().forEach(entry -> order.add(entry.type()));
        List<Record> samples = new ArrayList<>(samples());
        samples.sort(java.util.Comparator.comparingInt(sample -> order.indexOf(sample.getClass())));
        return samples;
    }

    private static void assertNotWithin(Class<?> type, Class<?> root, Set<Class<?>> seen) {
        for (RecordComponent component : type.getRecordComponents()) {
            for (Class<?> part : parts(component.getGenericType())) {
                if (seen.add(part)) {
                    assertTrue(part != root, "a type holds itself: type=" + root);
                    assertNotWithin(part, root, seen);
                }
            }
        }
    }

    private static List<Class<?>> parts(java.lang.reflect.Type type) {
        if (type instanceof java.lang.reflect.ParameterizedType generic) {
            return parts(generic.getActualTypeArguments()[0]);
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isRecord()) {
            return List.of(plain);
        }
        List<Class<?>> parts = new ArrayList<>();
        if (plain.isSealed()) {
            for (Class<?> permitted : plain.getPermittedSubclasses()) {
                parts.addAll(parts(permitted));
            }
        }
        return parts;
    }

    private static String describe(TypeTable table) {
        StringJoiner lines = new StringJoiner("\n", "", "\n");
        for (TypeTable.Entry entry : table.entries()) {
            StringJoiner fields = new StringJoiner(", ", "(", ")");
            for (RecordComponent component : entry.type().getRecordComponents()) {
                fields.add(component.getName() + ": " + typeName(component.getGenericType()));
            }
            lines.add(entry.id() + " " + name(entry.type()) + fields + " " + entry.fieldCounts());
        }
        return lines.toString();
    }

    private static String typeName(java.lang.reflect.Type type) {
        if (type instanceof java.lang.reflect.ParameterizedType generic) {
            return ((Class<?>) generic.getRawType()).getSimpleName() + "<"
                    + typeName(generic.getActualTypeArguments()[0]) + ">";
        }
        Class<?> plain = (Class<?>) type;
        return plain.isEnum() ? Arrays.toString(plain.getEnumConstants()) : name(plain);
    }

    private static String name(Class<?> type) {
        return type.getName().replace("io.holdfast.", "").replace("java.lang.", "");
    }

    private static String read(String file) {
        try (InputStream in = GridCodecTest.class.getResourceAsStream("/codec/" + file)) {
            return in == null ? "" : new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new AssertionError("cannot read the committed file", e);
        }
    }
}
