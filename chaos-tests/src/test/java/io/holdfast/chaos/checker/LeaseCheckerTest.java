package io.holdfast.chaos.checker;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.chaos.checker.LeaseEvent.Granted;
import io.holdfast.chaos.checker.LeaseEvent.Prolonged;
import io.holdfast.chaos.checker.LeaseEvent.Used;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaseCheckerTest {
    private static Verdict check(LeaseEvent... events) {
        return new LeaseChecker().check(List.of(events));
    }

    private static Granted granted(String holder, long token, long requested, long answered, long until) {
        return new Granted("volume", holder, token, requested, answered, until);
    }

    @Test
    void handOverAfterExpiryPasses() {
        assertTrue(check(
                        granted("a", 1, 0, 2, 100),
                        granted("a", 1, 80, 85, 180),
                        new Used("volume", "a", 1, 170, 172),
                        granted("b", 2, 181, 190, 300),
                        new Used("volume", "b", 2, 200, 201))
                .isPassed());
    }

    @Test
    void twoHoldersAtOnceAreNamed() {
        assertTrue(check(granted("a", 1, 0, 2, 100), granted("b", 2, 50, 60, 150))
                .names(LeaseChecker.TWO_HOLDERS));
    }

    @Test
    void renewalDoesNotHideTheSecondHolder() {
        assertTrue(check(granted("a", 1, 0, 2, 100), granted("a", 1, 10, 12, 110),
                        granted("b", 2, 90, 104, 200))
                .names(LeaseChecker.TWO_HOLDERS));
    }

    @Test
    void tokenThatDoesNotGrowIsNamed() {
        assertTrue(check(granted("a", 5, 0, 2, 10), granted("b", 5, 20, 22, 30))
                .names(LeaseChecker.TOKEN_NOT_GROWING));
        assertTrue(check(granted("a", 5, 0, 2, 10), granted("b", 4, 20, 22, 30))
                .names(LeaseChecker.TOKEN_NOT_GROWING));
    }

    @Test
    void workUnderAnOlderTokenIsNamed() {
        assertTrue(check(new Used("volume", "b", 2, 10, 12), new Used("volume", "a", 1, 20, 22))
                .names(LeaseChecker.OLD_TOKEN_ACCEPTED));
    }

    @Test
    void aLeaseProlongedUnderATokenThatAGrantOvertookIsNamed() {
        assertTrue(check(granted("b", 2, 0, 5, 100), new Prolonged("volume", "a", 1, 20, 22))
                .names(LeaseChecker.OLD_TOKEN_ACCEPTED));
    }

    @Test
    void aLeaseThatMayHaveBeenProlongedBeforePasses() {
        assertTrue(check(granted("b", 2, 10, 30, 100), new Prolonged("volume", "a", 1, 20, 40)).isPassed());
    }

    @Test
    void aStoreThatHasNotSeenTheNewerTokenPasses() {
        assertTrue(check(granted("b", 2, 0, 5, 100), new Used("volume", "a", 1, 20, 22)).isPassed());
    }
}
