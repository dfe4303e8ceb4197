package io.holdfast.chaos.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FindingsTest {
    @Test
    void manyBreachesOfOneRuleHideNoOther() {
        Findings findings = new Findings("any");
        for (int i = 0; i < 1_000; i++) {
            findings.add("frequent", "key", "evidence " + i);
        }
        findings.add("rare", "key", "evidence");

        Verdict.Violated verdict = assertInstanceOf(Verdict.Violated.class, findings.verdict());
        assertTrue(verdict.names("frequent") && verdict.names("rare"), verdict.toString());
        assertEquals(1_001, verdict.violationCount());
        assertTrue(verdict.violations().size() < 100, "what is kept is bounded");
    }
}
