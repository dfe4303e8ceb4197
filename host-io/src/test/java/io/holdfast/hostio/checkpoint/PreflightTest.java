package io.holdfast.hostio.checkpoint;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class PreflightTest {
    private static final List<String> ROOT =
            List.of("Name:\tjava", "Uid:\t0\t0\t0\t0", "CapEff:\t000001ffffffffff");
    private static final List<String> CONFINED = List.of("Uid:\t0\t0\t0\t0", "CapEff:\t000001fffeffffff");
    private static final List<String> POSTGRES = List.of("Name:\tpostgres", "Uid:\t999\t999\t999\t999");

    @Test
    void limitsOfOtherUsersAreHiddenFromWhoHasNotTheCapability() {
        assertTrue(Preflight.hidesLimits(POSTGRES, CONFINED));
        assertFalse(Preflight.hidesLimits(POSTGRES, ROOT));
    }

    @Test
    void limitsOfTheSameUserAreNot() {
        assertFalse(Preflight.hidesLimits(CONFINED, CONFINED));
    }
}
