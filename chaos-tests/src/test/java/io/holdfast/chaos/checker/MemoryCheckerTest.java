package io.holdfast.chaos.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.chaos.fault.TimelineEntry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MemoryCheckerTest {
    private final Histories<String, String> requests = new Histories<>();
    private final List<MemoryStep> steps = new ArrayList<>();
    private final List<TimelineEntry> losses = new ArrayList<>();
    private long now;

    /// A step from a state, answered.
    private MemoryStep answered(String request, MemoryStep from) {
        MemoryStep step = step(request, from);
        requests.ok(now, now + 5, request, step.after());
        now += 10;
        return step;
    }

    private MemoryStep cold(String request, String life) {
        return answered(request, new MemoryStep("none", life, 0, "none", life));
    }

    private MemoryStep step(String request, MemoryStep from) {
        MemoryStep step = new MemoryStep(request, from.life(), from.count() + 1, from.after(),
                MemoryStep.next(from.after(), request));
        steps.add(step);
        return step;
    }

    private void lose() {
        losses.add(new TimelineEntry("node killed", now, now + 5, TimelineEntry.HEALED));
        now += 10;
    }

    private Verdict verdict() {
        return new MemoryChecker().check(requests.history(), steps, losses);
    }

    private void assertNames(String rule) {
        assertTrue(verdict().names(rule), verdict().toString());
    }

    @Test
    void oneStepAfterTheOtherPasses() {
        MemoryStep first = cold("a", "l1");
        answered("c", answered("b", first));
        assertEquals(new Verdict.Passed("memory", 3), verdict());
    }

    @Test
    void eachLossOfMemoryTakesADeedOfItsOwn() {
        MemoryStep first = cold("a", "l1");
        MemoryStep second = answered("b", first);
        lose();
        answered("c", first);
        lose();
        cold("d", "l2");
        assertTrue(verdict().isPassed(), verdict().toString());
        answered("e", second);
        assertNames(MemoryChecker.LOST);
    }

    @Test
    void aFormerCopyThatIsWokenIsFound() {
        MemoryStep first = cold("a", "l1");
        answered("b", first);
        answered("c", first);
        assertNames(MemoryChecker.LOST);
    }

    @Test
    void aColdStartWithoutAReasonIsFound() {
        cold("a", "l1");
        cold("b", "l2");
        assertNames(MemoryChecker.LOST);
    }

    @Test
    void twoThatRunAtOnceAreFoundEvenAfterADeed() {
        MemoryStep first = cold("a", "l1");
        lose();
        MemoryStep one = answered("b", first);
        MemoryStep other = answered("c", first);
        answered("d", one);
        answered("e", other);
        assertNames(MemoryChecker.LOST);
    }

    @Test
    void aDeedThatWasOverBeforeExplainsNothing() {
        lose();
        MemoryStep first = cold("a", "l1");
        answered("b", first);
        answered("c", first);
        assertNames(MemoryChecker.LOST);
    }

    @Test
    void whatWasHandledWithoutAnAnswerCounts() {
        MemoryStep first = cold("a", "l1");
        MemoryStep unheard = step("b", first);
        requests.unknown(now, now + 5, "b");
        now += 10;
        answered("c", unheard);
        assertTrue(verdict().isPassed(), verdict().toString());
    }

    @Test
    void damageIsFound() {
        MemoryStep first = cold("a", "l1");
        steps.add(new MemoryStep("b", "l1", 2, first.after(), "0123456789abcdef"));
        assertNames(MemoryChecker.DAMAGED);
    }

    @Test
    void aWrongCountIsFound() {
        MemoryStep first = cold("a", "l1");
        steps.add(new MemoryStep("b", "l1", 3, first.after(), MemoryStep.next(first.after(), "b")));
        assertNames(MemoryChecker.DAMAGED);
    }

    @Test
    void aStateThatNoneWasInIsFound() {
        cold("a", "l1");
        lose();
        steps.add(new MemoryStep("b", "l1", 9, "fedcba9876543210", MemoryStep.next("fedcba9876543210", "b")));
        assertNames(MemoryChecker.UNKNOWN);
    }

    @Test
    void anAnswerOfAnotherStateIsFound() {
        MemoryStep first = cold("a", "l1");
        step("b", first);
        requests.ok(now, now + 5, "b", "0123456789abcdef");
        assertNames(MemoryChecker.WRONG_ANSWER);
    }

    @Test
    void aLineIsAStepOrRefused() {
        assertEquals(new MemoryStep("q1", "l", 7, "b", "a"), MemoryStep.parse("q1 l 7 b a"));
        assertThrows(IllegalArgumentException.class, () -> MemoryStep.parse("q1 l 7 b"));
        assertThrows(IllegalArgumentException.class, () -> MemoryStep.parse("q1 l seven b a"));
    }
}
