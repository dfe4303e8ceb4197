package io.holdfast.chaos.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.chaos.checker.AtMostOnceChecker;
import io.holdfast.chaos.checker.CopyChecker;
import io.holdfast.chaos.checker.LeaseChecker;
import io.holdfast.chaos.checker.Verdict;
import io.holdfast.chaos.checker.VersionedRegisterChecker;
import io.holdfast.chaos.checker.WatchChecker;
import io.holdfast.chaos.pace.Await;
import io.holdfast.chaos.pace.Pause;
import io.holdfast.chaos.workload.FakeNodes.Breach;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorkloadRunTest {
    private static final long SEED = 20260107;
    private static final int OPERATION_COUNT = 3_000;
    private static final List<String> ADDRESSES = List.of("a:1", "b:1", "c:1");

    private static final Map<Breach, String> RULES = Map.of(
            Breach.LOSE_ACKNOWLEDGED, AtMostOnceChecker.LOST,
            Breach.IGNORE_CONDITION, VersionedRegisterChecker.LOST_UPDATE,
            Breach.FORGET_IDEMPOTENCY_KEY, AtMostOnceChecker.TWICE,
            Breach.READ_OLD_VALUE, VersionedRegisterChecker.STALE,
            Breach.SKIP_IN_WATCH, WatchChecker.GAP,
            Breach.REPEAT_IN_WATCH, WatchChecker.REPEATED,
            Breach.GRANT_TWICE, LeaseChecker.TWO_HOLDERS,
            Breach.RENEW_OLD_TOKEN, LeaseChecker.OLD_TOKEN_ACCEPTED,
            Breach.LOCAL_COPY_INCOMPLETE, CopyChecker.MISSING);

    private static List<Verdict> run(Breach breach) throws Exception {
        FakeNodes nodes = new FakeNodes(breach, SEED);
        WorkloadRun run = new WorkloadRun(nodes, ADDRESSES, SEED,
                new WorkloadRun.Size(4, Duration.ofSeconds(2)), System::nanoTime, pause -> Pause.REAL.of(
                        pause.dividedBy(8)));
        run.start();
        Await.real().untilTrue("enough calls", Duration.ofSeconds(60),
                () -> run.operations().size() >= OPERATION_COUNT
                        && (breach != Breach.RENEW_OLD_TOKEN || nodes.oldTokensRenewed() >= 3));
        return run.finish();
    }

    @Test
    void nodesThatKeepTheirPromisesPass() throws Exception {
        List<Verdict> verdicts = run(Breach.NONE);
        assertTrue(verdicts.stream().allMatch(Verdict::isPassed), verdicts.toString());
    }

    @ParameterizedTest
    @EnumSource(value = Breach.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void eachBrokenPromiseIsNamed(Breach breach) throws Exception {
        List<Verdict> verdicts = run(breach);
        String rule = RULES.getOrDefault(breach, "");
        assertTrue(verdicts.stream().anyMatch(verdict -> verdict.names(rule)),
                breach + " should be named by " + rule + ": " + verdicts);
    }

    @Test
    void runsOneAfterTheOtherAreJudgedOnTheirOwnAndLeaveNothing() throws Exception {
        FakeNodes nodes = new FakeNodes(Breach.NONE, SEED);
        for (String scope : List.of("w1-", "w2-")) {
            WorkloadRun run = new WorkloadRun(nodes, ADDRESSES, SEED,
                    new WorkloadRun.Size(4, Duration.ofSeconds(2), scope, 20, Duration.ofMillis(4)),
                    System::nanoTime, pause -> Pause.REAL.of(pause.dividedBy(8)));
            run.start();
            Await.real().untilTrue("enough calls", Duration.ofSeconds(60),
                    () -> run.operations().size() >= OPERATION_COUNT / 4);
            List<Verdict> verdicts = run.finish();
            assertTrue(verdicts.stream().allMatch(Verdict::isPassed), verdicts.toString());
            WorkloadRun.Counts counts = run.counts();
            assertEquals(run.operations().size(), counts.ok() + counts.failed() + counts.unknown());
            assertTrue(nodes.keys().stream().filter(key -> key.startsWith("set." + scope)).count() <= 4 * 20);
            for (int tries = 0; tries < 100 && !nodes.keys().isEmpty(); tries++) {
                run.removeTraces(); // Calls get lost.
            }
            assertEquals(Set.of(), nodes.keys());
        }
    }
}
