package io.holdfast.chaos.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.chaos.checker.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class SoakDocumentTest {
    private static SoakTally tally() {
        SoakTally tally = new SoakTally();
        tally.fault("network: partition");
        tally.fault("network: isolation");
        tally.fault("kill -9");
        tally.fault("kill -9 of the whole cluster");
        tally.fault("disk: slow flushes");
        tally.count(SoakDocument.BLOCKS_READ, 9_000);
        tally.count(SoakDocument.CATALOG_CALLS, 990);
        tally.count(SoakDocument.UNKNOWN, 10);
        tally.rate(SoakDocument.HEALTHY, new SoakTally.Rate(100, 1));
        tally.rate(SoakDocument.HEALTHY, new SoakTally.Rate(300, 3));
        tally.rate(SoakDocument.FAULTY, new SoakTally.Rate(250, 10));
        tally.time("leader killed alone, next change", 3_000);
        tally.time("leader killed alone, next change", 1_000);
        tally.time("leader killed alone, next change", 1_250);
        return tally;
    }

    @Test
    void figuresAreThoseOfTheTally() {
        SoakTally.Sums sums = tally().sums();
        assertEquals(10_000, SoakDocument.checked(sums));
        assertEquals(0.1, SoakDocument.unknownPercent(sums));
        assertEquals(0.25, SoakDocument.share(sums));
        assertEquals(2, sums.faultCount("kill -9"));
    }

    @Test
    void pageTellsWhatWasCountedAndWhatWasNotKept() {
        SoakTally tally = tally();
        tally.window(List.of(new Verdict.Passed("set", 990)), List.of());
        String page = page(tally);
        assertTrue(page.contains("Every checker passed: yes."), page);
        assertTrue(page.contains("| network, all | 2 |"), page);
        assertTrue(page.contains("| checked operations | 10,000 |"), page);
        assertTrue(page.contains("| leader killed alone, next change | 3 | 1.25 | 3.00 |"), page);
        tally.window(List.of(new Verdict.Undecided("copy", 0, "silent")), List.of());
        assertTrue(page(tally).contains("Every checker passed: **no**."), page(tally));
    }

    @Test
    void reasonsAreOneLineWithoutPlacesOfFiles() {
        SoakTally tally = tally();
        tally.window(List.of(new Verdict.Undecided("soak", 0, "no /a/b|c answers\nsecret")), List.of());
        assertTrue(page(tally).contains("| soak | 0 | **undecided**: no ... answers |"), page(tally));
    }

    private static String page(SoakTally tally) {
        return new SoakDocument(7, 60, 60.2, "a machine", "A load.", "mvn verify", tally.sums()).markdown();
    }
}
