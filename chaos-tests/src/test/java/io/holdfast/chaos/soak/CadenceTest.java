package io.holdfast.chaos.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CadenceTest {
    @Test
    void faultsAreSpreadEvenly() {
        Cadence cadence = new Cadence(1_000, 1_100, 4);
        int begun = 0;
        for (int now = 1_000; now < 1_100; now++) {
            if (cadence.isDue(now)) {
                cadence.begin();
                begun++;
            }
            assertEquals((now - 1_000 + 12) / 25, begun, "now=" + now);
        }
        assertTrue(cadence.isDone());
        assertFalse(cadence.isDue(9_999));
    }

    @Test
    void lateFaultHurriesThoseAfterIt() {
        Cadence cadence = new Cadence(0, 100, 2);
        assertTrue(cadence.isDue(90));
        cadence.begin();
        assertTrue(cadence.isDue(90));
    }

    @Test
    void noFaultsAreNeverDue() {
        assertFalse(new Cadence(0, 100, 0).isDue(50));
    }

    @Test
    void whatIsMissingIsSpreadOverTheTimeThatIsLeft() {
        assertEquals(25, Cadence.countFor(500, 0, 1 / 20.0));
        assertEquals(50, Cadence.countFor(500, 400, 0.5));
        assertEquals(100, Cadence.countFor(500, 400, 3));
        assertEquals(0, Cadence.countFor(500, 600, 1));
    }
}
