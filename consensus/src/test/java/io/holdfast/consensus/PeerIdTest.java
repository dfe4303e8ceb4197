package io.holdfast.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PeerIdTest {
    @Test
    void keepsItsText() {
        assertEquals("n1", new PeerId("n1").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1n", "N1", "a/b", "a b", "../x"})
    void refusesWhatIsNoName(String text) {
        assertThrows(IllegalArgumentException.class, () -> new PeerId(text));
    }
}
