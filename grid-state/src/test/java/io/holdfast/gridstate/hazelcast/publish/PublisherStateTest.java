package io.holdfast.gridstate.hazelcast.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PublisherStateTest {
    @Test
    void everyPairOfStatesIsAllowedOrNotAsWritten() {
        Map<String, String> expected = Map.of(
                "Idle", "Locating Stopped",
                "Locating", "Idle Locating Refilling Publishing Fenced Stopped",
                "Refilling", "Idle Locating Publishing Fenced Stopped",
                "Publishing", "Idle Locating Refilling Fenced Stopped",
                "Fenced", "Idle Locating Stopped",
                "Stopped", "");
        Class<?>[] states = PublisherState.class.getPermittedSubclasses();
        assertEquals(expected.size(), states.length);
        for (Class<?> from : states) {
            for (Class<?> to : states) {
                boolean isAllowed = PublisherState.TRANSITIONS.getOrDefault(from, Set.of()).contains(to);
                boolean isExpected = Set.of(expected.getOrDefault(from.getSimpleName(), "").split(" "))
                        .contains(to.getSimpleName());
                assertEquals(isExpected, isAllowed, () -> from.getSimpleName() + " to " + to.getSimpleName());
            }
        }
    }

    @Test
    void everyStateHasATableEntry() {
        for (Class<?> state : PublisherState.class.getPermittedSubclasses()) {
            assertTrue(PublisherState.TRANSITIONS.containsKey(state), state::getSimpleName);
        }
    }
}
