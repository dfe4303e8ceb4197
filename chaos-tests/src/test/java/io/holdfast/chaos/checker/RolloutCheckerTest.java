package io.holdfast.chaos.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RolloutCheckerTest {
    private static final Map<Integer, String> LOCATIONS = Map.of(3, "a", 4, "b");

    private final RolloutChecker checker = new RolloutChecker();

    @Test
    void whatRolloutsPromisePasses() {
        checker.check(sight("planned", 0, 0, 0));
        checker.check(sight("running", 0, 3, 3));
        checker.check(sight("paused", 1, 7, 7));
        checker.check(sight("failed", 0, 5, 10));
        checker.check(sight("rolled-back", 0, 0, 0));
        checker.check(sight("completed", 0, 10, 10));
        assertEquals(new Verdict.Passed("rollout", 6), checker.verdict());
    }

    @ParameterizedTest
    @CsvSource({
        "planned, 0, 1, 1, not-back",
        "running, 0, 4, 4, beyond-the-wave",
        "running, 1, 4, 5, miscounted",
        "paused, 0, 2, 1, miscounted",
        "completed, 0, 9, 10, not-forward",
        "rolled-back, 0, 1, 0, not-back"
    })
    void aStateThatDoesNotFitIsABreach(String state, int wave, int taken, int moved, String rule) {
        checker.check(sight(state, wave, taken, moved));
        assertTrue(checker.verdict().names(rule), checker.verdict().toString());
    }

    @Test
    void everyLinkLeadsWhereItsInstanceIs() {
        RolloutSight good = sight("running", 1, 5, 5);
        List<RolloutSight.Link> links = new ArrayList<>(good.links());
        RolloutSight.Link first = links.getFirst();
        links.set(0, new RolloutSight.Link(first.instance(), 7 - first.generation(), first.location()));
        checker.check(with(good, good.instances(), links));
        assertTrue(checker.verdict().names("link-outside-generation"), checker.verdict().toString());
        assertTrue(checker.verdict().names("wrong-location"), checker.verdict().toString());
    }

    @Test
    void everyInstanceHasOneLinkAndAGenerationOfTheRollout() {
        RolloutSight good = sight("running", 1, 5, 5);
        List<RolloutSight.Link> links = new ArrayList<>(good.links());
        links.set(0, links.get(1));
        Map<String, Integer> instances = new HashMap<>(good.instances());
        instances.put("i9", 2);
        checker.check(with(good, instances, links));
        for (String rule : List.of("two-links", "no-link", "outside-generation")) {
            assertTrue(checker.verdict().names(rule), checker.verdict().toString());
        }
    }

    private static RolloutSight with(
            RolloutSight sight, Map<String, Integer> instances, List<RolloutSight.Link> links) {
        return new RolloutSight(sight.rollout(), sight.state(), sight.wave(), sight.generation(),
                sight.base(), sight.moved(), sight.percents(), instances, links, sight.locations());
    }

    /// Ten instances, from generation 3 to 4.
    private static RolloutSight sight(String state, int wave, int taken, int moved) {
        Map<String, Integer> instances = new HashMap<>();
        List<RolloutSight.Link> links = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int at = i < taken ? 4 : 3;
            instances.put("i" + i, at);
            links.add(new RolloutSight.Link("i" + i, at, at == 4 ? "b" : "a"));
        }
        return new RolloutSight("r", state, wave, 4, 3, moved, List.of(30, 100), instances, links, LOCATIONS);
    }
}
