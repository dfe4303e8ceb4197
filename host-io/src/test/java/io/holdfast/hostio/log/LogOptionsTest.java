package io.holdfast.hostio.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.hostio.erasure.ErasureProfile;
import org.junit.jupiter.api.Test;

final class LogOptionsTest {
    private static final ErasureProfile FOUR_PLUS_TWO = new ErasureProfile(4, 2);

    @Test
    void fewerHostsMeanFewerDataStripsAndTheSameParity() {
        LogOptions options = LogOptions.of(FOUR_PLUS_TWO);

        assertEquals(FOUR_PLUS_TWO, options.fitting(9));
        assertEquals(new ErasureProfile(3, 2), options.fitting(5));
        assertEquals(new ErasureProfile(1, 2), options.fitting(3));
        assertEquals(FOUR_PLUS_TWO, options.fitting(2));
    }

    @Test
    void parityGetsLessOnlyWhereThatIsAllowed() {
        LogOptions options = LogOptions.of(FOUR_PLUS_TWO).withProfile(FOUR_PLUS_TWO, 1);

        assertEquals(new ErasureProfile(1, 1), options.fitting(2));
        assertEquals(FOUR_PLUS_TWO, options.fitting(1));
    }

    @Test
    void chunkHasRoomForAllThatIsInFlight() {
        LogOptions options = LogOptions.of(FOUR_PLUS_TWO);
        assertThrows(IllegalArgumentException.class, () -> options.withSizes(1 << 20, 256, 8));
    }

    @Test
    void placeKeepsItsParts() {
        long place = BlockPlace.of(123_456_789_012L, 65_535, 15, 15);

        assertEquals(123_456_789_012L, BlockPlace.chunk(place));
        assertEquals(65_535, BlockPlace.row(place));
        assertEquals(15, BlockPlace.strip(place));
        assertEquals(15, BlockPlace.block(place));
        assertThrows(IllegalArgumentException.class, () -> BlockPlace.of(0, 65_536, 0, 0));
    }
}
