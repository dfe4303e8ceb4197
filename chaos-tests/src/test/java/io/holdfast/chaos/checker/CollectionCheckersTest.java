package io.holdfast.chaos.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CollectionCheckersTest {
    private static Histories<String, String> additions() {
        return new Histories<String, String>()
                .ok(0, 1, "a", "")
                .ok(0, 2, "b", "")
                .unknown(1, 3, "c")
                .failed(2, 3, "d");
    }

    private static Verdict set(String... found) {
        return new SetChecker().check(additions().history(), List.of(found));
    }

    @Test
    void setWithOrWithoutTheUnknownElementPasses() {
        assertTrue(set("a", "b").isPassed());
        assertTrue(set("b", "c", "a").isPassed());
    }

    @Test
    void eachBreachOfASetIsNamed() {
        assertTrue(set("a").names(SetChecker.LOST));
        assertTrue(set("a", "b", "d").names(SetChecker.UNEXPECTED));
        assertTrue(set("a", "b", "z").names(SetChecker.UNEXPECTED));
        assertTrue(set("a", "b", "b").names(SetChecker.DUPLICATE));
    }

    @Test
    void balancesThatAddUpPass() {
        assertTrue(bank(Map.of("x", 40L, "y", 60L)).isPassed());
        assertTrue(new BankChecker(100)
                .check(new Histories<String, Map<String, Long>>().unknown(0, 1, "read").history())
                .isPassed());
    }

    @Test
    void eachBreachOfABankIsNamed() {
        assertTrue(bank(Map.of("x", 40L, "y", 50L)).names(BankChecker.WRONG_TOTAL));
        assertTrue(bank(Map.of("x", 140L, "y", -40L)).names(BankChecker.OVERDRAWN));
    }

    private static Verdict bank(Map<String, Long> balances) {
        return new BankChecker(100)
                .check(new Histories<String, Map<String, Long>>().ok(0, 1, "read", balances).history());
    }

    private static Verdict once(String... effects) {
        return new AtMostOnceChecker().check(additions().history(), List.of(effects));
    }

    @Test
    void requestsAppliedOnceOrUnknownOnesNeverPass() {
        assertTrue(once("a", "b").isPassed());
        assertTrue(once("a", "b", "c").isPassed());
    }

    @Test
    void eachBreachOfAtMostOnceIsNamed() {
        assertTrue(once("a", "b", "b").names(AtMostOnceChecker.TWICE));
        assertTrue(once("a", "b", "c", "c").names(AtMostOnceChecker.TWICE));
        assertTrue(once("a").names(AtMostOnceChecker.LOST));
        assertTrue(once("a", "b", "d").names(AtMostOnceChecker.FAILED_APPLIED));
        assertTrue(once("a", "b", "z").names(AtMostOnceChecker.UNREQUESTED));
    }

    private static WatchEvent event(long index, int ordinal) {
        return new WatchEvent(index, ordinal, "change " + index + "." + ordinal);
    }

    @Test
    void watchersThatBeganAtDifferentTimesPass() {
        assertTrue(new WatchChecker()
                .check(Map.of(
                        "one", List.of(event(1, 0), event(1, 1), event(5, 0), event(9, 0)),
                        "two", List.of(event(5, 0), event(9, 0)),
                        "none", List.of()))
                .isPassed());
    }

    @Test
    void eachBreachOfAWatchIsNamed() {
        List<WatchEvent> full = List.of(event(1, 0), event(1, 1), event(5, 0));
        assertTrue(watch(full, List.of(event(1, 0), event(5, 0))).names(WatchChecker.GAP));
        assertTrue(watch(full, List.of(event(1, 0), event(1, 1), event(1, 1))).names(WatchChecker.REPEATED));
        assertTrue(watch(full, List.of(event(1, 1), event(1, 0))).names(WatchChecker.REPEATED));
        assertTrue(watch(full, List.of(new WatchEvent(5, 0,
                "something else"))).names(WatchChecker.DIFFERENT));
    }

    private static Verdict watch(List<WatchEvent> one, List<WatchEvent> two) {
        return new WatchChecker().check(Map.of("one", one, "two", two));
    }

    @Test
    void evidenceIsBoundedButCounted() {
        List<String> doubled = new ArrayList<>(List.of("a", "b"));
        for (int i = 0; i < 100; i++) {
            doubled.add("stray" + i);
        }
        Verdict verdict = new SetChecker().check(additions().history(), doubled);
        Verdict.Violated violated = (Verdict.Violated) verdict;
        assertEquals(100, violated.violationCount());
        assertEquals(20, violated.violations().size());
    }

    @Test
    void copyThatMovedOnPasses() {
        Map<String, CopyChecker.Item> earlier = Map.of("k", new CopyChecker.Item(5, "v"));
        assertTrue(new CopyChecker().checkNoneOlder(earlier, earlier).isPassed());
        assertTrue(new CopyChecker().checkNoneOlder(earlier, Map.of(
                "k", new CopyChecker.Item(6, "w"), "new", new CopyChecker.Item(7, "x"))).isPassed());
    }

    @Test
    void copyThatStayedBehindIsNamed() {
        Map<String, CopyChecker.Item> earlier = Map.of("k", new CopyChecker.Item(5, "v"));
        assertTrue(new CopyChecker().checkNoneOlder(earlier, Map.of()).names(CopyChecker.MISSING));
        assertTrue(new CopyChecker().checkNoneOlder(earlier, Map.of("k", new CopyChecker.Item(4, "u")))
                .names(CopyChecker.STALE));
        assertTrue(new CopyChecker().checkNoneOlder(earlier, Map.of("k", new CopyChecker.Item(5, "u")))
                .names(CopyChecker.PHANTOM));
    }

    @Test
    void minorityThatIsGivenSomethingIsNamed() {
        Map<String, CopyChecker.Item> earlier = Map.of("k", new CopyChecker.Item(5, "v"));
        assertTrue(new CopyChecker().checkNoneNewer(earlier, earlier).isPassed());
        assertTrue(new CopyChecker().checkNoneNewer(earlier, Map.of("k", new CopyChecker.Item(6, "w")))
                .names(CopyChecker.FED_WHILE_CUT_OFF));
        assertTrue(new CopyChecker().checkDecided(Set.of("k=v"), Set.of("k=v", "k=w")).isPassed());
        assertTrue(new CopyChecker().checkDecided(Set.of("k=x"), Set.of("k=v"))
                .names(CopyChecker.PHANTOM));
    }
}
