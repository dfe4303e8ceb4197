package io.holdfast.chaos.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.chaos.checker.CopyChecker;
import io.holdfast.chaos.checker.Verdict;
import io.holdfast.chaos.cluster.ApiCall;
import io.holdfast.chaos.cluster.ApiOutcome;
import io.holdfast.chaos.cluster.NodeApi;
import io.holdfast.chaos.json.Json;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class CopyJudgeTest {
    private static final String ENTRY = RegisterWorkload.PREFIX + "1";
    private static final List<String> NODES = List.of("a:1", "b:1");

    private final ListedNodes nodes = new ListedNodes();
    private final CopyJudge judge = new CopyJudge(nodes, Duration.ofMillis(50), _ -> {});

    @Test
    void copiesThatHaveWhatTheLedgerHadPass() throws Exception {
        nodes.ledger = Optional.of(7);
        nodes.copies.putAll(Map.of("a:1", 7, "b:1", 8));
        judge.judgeComplete(NODES);
        assertTrue(judge.verdicts(Optional.empty()).stream().allMatch(Verdict::isPassed));
        assertEquals(new CopyJudge.Counts(2, 0, 0), judge.counts());
    }

    @Test
    void aCopyThatStaysOlderIsNamed() throws Exception {
        nodes.ledger = Optional.of(7);
        nodes.copies.putAll(Map.of("a:1", 7, "b:1", 6));
        judge.judgeComplete(NODES);
        assertTrue(judge.verdicts(Optional.empty()).stream()
                .anyMatch(verdict -> verdict.names(CopyChecker.STALE)));
    }

    @Test
    void aMinorityThatIsGivenSomethingNewIsNamed() throws Exception {
        nodes.ledger = Optional.of(7);
        nodes.copies.put("a:1", 8);
        judge.judgeMinority("a:1", List.of("b:1"), Duration.ZERO);
        assertTrue(judge.verdicts(Optional.of(Set.of(ENTRY + "=v"))).stream()
                .anyMatch(verdict -> verdict.names(CopyChecker.FED_WHILE_CUT_OFF)));
        assertEquals(new CopyJudge.Counts(0, 1, 0), judge.counts());
    }

    @Test
    void aMinorityThatServesNothingIsCountedApart() throws Exception {
        nodes.ledger = Optional.of(7);
        judge.judgeMinority("a:1", List.of("b:1"), Duration.ZERO);
        assertEquals(List.of(), judge.verdicts(Optional.empty()));
        assertEquals(new CopyJudge.Counts(0, 1, 1), judge.counts());
    }

    /// Nodes with one setting, each in a version of its own.
    private static final class ListedNodes implements NodeApi {
        private Optional<Integer> ledger = Optional.empty();
        private final Map<String, Integer> copies = new HashMap<>();

        @Override
        public ApiOutcome call(String address, ApiCall call) {
            Optional<Integer> version = call.path().contains("consistency=local")
                    ? Optional.ofNullable(copies.get(address))
                    : ledger;
            return version.<ApiOutcome>map(number -> new ApiOutcome.Answered(200, list(number)))
                    .orElseGet(() -> new ApiOutcome.Answered(503, new Json.Null()));
        }

        private static Json list(int version) {
            Json item = new Json.Members(
                    Map.of("key", Json.of(ENTRY), "version", Json.of(version), "value", Json.of("v")));
            return new Json.Members(Map.of("items", new Json.Items(List.of(item))));
        }

        @Override
        public void follow(String address, String path, Consumer<String> line) {
            throw new UnsupportedOperationException("nobody watches here");
        }
    }
}
