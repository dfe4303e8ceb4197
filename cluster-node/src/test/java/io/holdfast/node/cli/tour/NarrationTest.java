package io.holdfast.node.cli.tour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class NarrationTest {
    private final StringWriter out = new StringWriter();
    private final AtomicLong nanos = new AtomicLong();
    private final Narration narration = new Narration(new PrintWriter(out), nanos::get);

    @Test
    void scenesAreNumberedAndTimed() {
        narration.scene("One");
        narration.tell("seen");
        nanos.addAndGet(1_500_000_000L);
        narration.scene("Two");
        narration.check(true, "it holds");
        nanos.addAndGet(500_000_000L);
        narration.end();
        assertTrue(narration.isAllSo());
        assertEquals(
                """

                1. One
                   seen
                   took 1.50 s

                2. Two
                   [ok] it holds
                   took 0.50 s

                All of it is so: 1 of 1 checks held, 2.00 s.
                """,
                out.toString());
    }

    @Test
    void oneCheckThatDoesNotHoldIsEnough() {
        narration.check(true, "this");
        narration.check(false, "that");
        narration.end();
        assertFalse(narration.isAllSo());
        assertTrue(out.toString().contains("[NOT SO] that"), out.toString());
    }

    @Test
    void aTourWithoutAnyCheckHasShownNothing() {
        assertFalse(narration.isAllSo());
    }
}
