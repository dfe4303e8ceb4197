package io.holdfast.hostio.erasure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ErasureProfileTest {
    @Test
    void readsWhatItWrites() {
        ErasureProfile profile = new ErasureProfile(10, 4);
        assertEquals(profile, ErasureProfile.parse(profile.toString()));
        assertEquals(14, profile.strips());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "0+1", "17+1", "2+5", "2+-1", "2 + 1", "100+1", "2+1x"})
    void refusesWhatIsNoProfile(String text) {
        assertThrows(IllegalArgumentException.class, () -> ErasureProfile.parse(text));
    }
}
