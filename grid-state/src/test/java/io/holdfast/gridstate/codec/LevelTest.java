package io.holdfast.gridstate.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.gridstate.catalog.CorruptRecordException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What two releases read of each other, played with a type that grows: level 1 has `name`, level 2 adds
/// `count` and `note`, level 3 adds another type.
final class LevelTest {
    private static final TypeTable OLD =
            new TypeTable(List.of(new TypeTable.Entry(16, Before.class, List.of(1))));
    private static final TypeTable NEW = new TypeTable(List.of(
            new TypeTable.Entry(16, After.class, List.of(1, 3)),
            new TypeTable.Entry(17, Later.class, List.of(0, 0, 1))));

    private final GridCodec old = new GridCodec(OLD, 1, 1);
    private final GridCodec atLevelOne = new GridCodec(NEW, 1, 3);
    private final GridCodec atLevelTwo = new GridCodec(NEW, 2, 3);
    private final GridCodec atLevelThree = new GridCodec(NEW, 3, 3);

    @Test
    void aNewReleaseReadsOldBytesWithNeutralValues() {
        byte[] bytes = old.encode(new Before("x"));
        assertEquals(new After("x", 0, Optional.empty()), atLevelTwo.decode(After.class, bytes, 0));
    }

    @Test
    void anOldReleaseReadsWhatANewOneWritesAtTheOldLevel() {
        byte[] bytes = atLevelOne.encode(new After("x", 0, Optional.empty()));
        assertEquals(new Before("x"), old.decode(Before.class, bytes, 0));
    }

    @Test
    void whatTheOldLevelCannotSayIsNotWrittenThere() {
        After told = new After("x", 3, Optional.empty());
        assertThrows(IllegalArgumentException.class, () -> atLevelOne.encode(told));
        assertThrows(IllegalArgumentException.class, () -> atLevelTwo.encode(new Later(1)));
    }

    @Test
    void anOldReleaseRefusesTheNewLevel() {
        byte[] bytes = atLevelTwo.encode(new After("x", 3, Optional.of("n")));
        assertThrows(CorruptRecordException.class, () -> old.decode(Before.class, bytes, 0));
        assertEquals(2, old.levelOf(bytes));
    }

    @Test
    void everyLevelUpToItsOwnIsRead() {
        byte[] second = atLevelTwo.encode(new After("x", 3, Optional.of("n")));
        assertEquals(new After("x", 3, Optional.of("n")), atLevelThree.decode(After.class, second, 0));
        byte[] third = atLevelThree.encode(new Later(7));
        assertEquals(new Later(7), atLevelOne.decode(Later.class, third, 0));
    }

    @Test
    void aTypeIsUnknownBelowItsLevel() {
        byte[] bytes = atLevelThree.encode(new Later(7));
        bytes[0] = 2;
        assertThrows(CorruptRecordException.class, () -> atLevelThree.decode(Later.class, bytes, 0));
    }

    @Test
    void anIdIsGivenOnce() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new TypeTable(List.of(
                        new TypeTable.Entry(16, Before.class, List.of(1)),
                        new TypeTable.Entry(16, Later.class, List.of(1)))));
    }

    /// A type of the release before.
    public record Before(String name) {}

    /// The same type now.
    public record After(String name, int count, Optional<String> note) {}

    /// A type that came later.
    public record Later(int number) {}
}
