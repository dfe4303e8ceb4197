package io.holdfast.chaos.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.chaos.checker.RegisterAction.CompareAndSet;
import io.holdfast.chaos.checker.RegisterAction.Read;
import io.holdfast.chaos.checker.RegisterAction.Write;
import io.holdfast.chaos.checker.RegisterReply.Swapped;
import io.holdfast.chaos.checker.RegisterReply.Value;
import io.holdfast.chaos.checker.RegisterReply.Written;
import io.holdfast.chaos.history.History;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LinearizabilityCheckerTest {
    private static final RegisterModel MODEL = new RegisterModel("0");

    private static Verdict check(History<RegisterAction, RegisterReply> history) {
        return new LinearizabilityChecker<>(MODEL, 1_000_000).check(history);
    }

    private static Histories<RegisterAction, RegisterReply> history() {
        return new Histories<>();
    }

    @Test
    void overlappingReadMaySeeOldOrNewValue() {
        assertTrue(check(history().ok(0, 10, new Write("1"), new Written())
                        .ok(1, 9, new Read(), new Value("0"))
                        .ok(2, 8, new Read(), new Value("1"))
                        .history())
                .isPassed());
    }

    @Test
    void readAfterCompletedWriteMustSeeIt() {
        assertTrue(check(history().ok(0, 10, new Write("1"), new Written())
                        .ok(11, 12, new Read(), new Value("0"))
                        .history())
                .names(LinearizabilityChecker.NOT_LINEARIZABLE));
    }

    @Test
    void readsMayNotGoBackDuringAWrite() {
        assertTrue(check(history().ok(0, 10, new Write("1"), new Written())
                        .ok(1, 2, new Read(), new Value("1"))
                        .ok(3, 4, new Read(), new Value("0"))
                        .history())
                .names(LinearizabilityChecker.NOT_LINEARIZABLE));
    }

    @Test
    void unknownWriteMayTakeEffectLateOrNever() {
        assertTrue(check(history().unknown(0, 1, new Write("1"))
                        .ok(2, 3, new Read(), new Value("0"))
                        .ok(4, 5, new Read(), new Value("1"))
                        .history())
                .isPassed());
        assertTrue(check(history().unknown(0, 1, new Write("1"))
                        .ok(2, 3, new Read(), new Value("0"))
                        .history())
                .isPassed());
    }

    @Test
    void unknownWriteMayNotTakeEffectTwice() {
        assertTrue(check(history().unknown(0, 1, new Write("1"))
                        .ok(2, 3, new Read(), new Value("1"))
                        .ok(4, 5, new Write("2"), new Written())
                        .ok(6, 7, new Read(), new Value("1"))
                        .history())
                .names(LinearizabilityChecker.NOT_LINEARIZABLE));
    }

    @Test
    void failedWriteMayNotBeSeen() {
        assertTrue(check(history().failed(0, 1, new Write("1"))
                        .ok(2, 3, new Read(), new Value("1"))
                        .history())
                .names(LinearizabilityChecker.NOT_LINEARIZABLE));
    }

    @Test
    void onlyOneOfTwoRacingSwapsWins() {
        assertTrue(check(history().ok(0, 10, new CompareAndSet("0", "1"), new Swapped(true))
                        .ok(0, 10, new CompareAndSet("0", "2"), new Swapped(true))
                        .history())
                .names(LinearizabilityChecker.NOT_LINEARIZABLE));
        assertTrue(check(history().ok(0, 10, new CompareAndSet("0", "1"), new Swapped(true))
                        .ok(0, 10, new CompareAndSet("0", "2"), new Swapped(false))
                        .history())
                .isPassed());
    }

    @Test
    void keysAreJudgedApart() {
        List<Operation<RegisterAction, RegisterReply>> operations = List.of(
                new Operation<>(0, 0, "a", new Write("1"), new Outcome.Ok<>(new Written()), 0, 1),
                new Operation<>(1, 0, "b", new Read(), new Outcome.Ok<>(new Value("0")), 2, 3));
        assertTrue(check(new History<>(operations)).isPassed());
    }

    @Test
    void spentBudgetIsUndecidedNotPassed() {
        Histories<RegisterAction, RegisterReply> wide = history();
        for (int i = 0; i < 14; i++) {
            wide.ok(0, 100, new Write("w" + i), new Written());
        }
        wide.ok(101, 102, new Read(), new Value("never written"));
        assertInstanceOf(
                Verdict.Undecided.class, new LinearizabilityChecker<>(MODEL, 500).check(wide.history()));
    }

    /// 4,000 short random histories, right and wrong ones, judged by the definition and by the search.
    @Test
    void searchAgreesWithTheDefinition() {
        long seed = 20260101;
        SplittableRandom random = new SplittableRandom(seed);
        Set<Boolean> seen = new HashSet<>();
        for (int round = 0; round < 4_000; round++) {
            History<RegisterAction, RegisterReply> history = randomHistory(random);
            boolean expected = isLinearizable(history.operations(), MODEL.initial(), new HashSet<>());
            assertEquals(expected, check(history).isPassed(), "seed=" + seed + ", round=" + round + " "
                    + history);
            seen.add(expected);
        }
        assertEquals(Set.of(true, false), seen, "the generator must make both kinds");
    }

    private static History<RegisterAction, RegisterReply> randomHistory(SplittableRandom random) {
        List<Operation<RegisterAction, RegisterReply>> operations = new ArrayList<>();
        int count = 2 + random.nextInt(5);
        for (int id = 0; id < count; id++) {
            long from = random.nextInt(12);
            long to = from + random.nextInt(8);
            operations.add(randomCall(random, id, from, to));
        }
        return new History<>(operations);
    }

    private static Operation<RegisterAction, RegisterReply> randomCall(
            SplittableRandom random, int id, long from, long to) {
        String value = "" + random.nextInt(3);
        RegisterAction action = switch (random.nextInt(3)) {
            case 0 -> new Read();
            case 1 -> new Write(value);
            default -> new CompareAndSet("" + random.nextInt(3), value);
        };
        RegisterReply reply = switch (action) {
            case Read _ -> new Value(value);
            case Write _ -> new Written();
            case CompareAndSet _ -> new Swapped(random.nextBoolean());
        };
        Outcome<RegisterReply> outcome = switch (random.nextInt(6)) {
            case 0 -> new Outcome.Unknown<>("timeout");
            case 1 -> new Outcome.Failed<>("refused");
            default -> new Outcome.Ok<>(reply);
        };
        return new Operation<>(id, id, "k", action, outcome, from, to);
    }

    /// The definition, tried in every order.
    private static boolean isLinearizable(
            List<Operation<RegisterAction, RegisterReply>> operations, String state, Set<Long> placed) {
        if (operations.stream().allMatch(operation -> placed.contains(operation.id()) || !operation.isOk())) {
            return true;
        }
        for (Operation<RegisterAction, RegisterReply> next : operations) {
            boolean isFree = !placed.contains(next.id())
                    && operations.stream()
                            .noneMatch(other -> other.isOk() && !placed.contains(other.id())
                                    && other.precedes(next));
            if (isFree && isPossibleWith(operations, state, placed, next)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPossibleWith(
            List<Operation<RegisterAction, RegisterReply>> operations,
            String state,
            Set<Long> placed,
            Operation<RegisterAction, RegisterReply> next) {
        Optional<String> after = switch (next.outcome()) {
            case Outcome.Ok<RegisterReply> ok -> MODEL.after(state, next.action(), ok.reply());
            case Outcome.Unknown<RegisterReply> _ -> Optional.of(MODEL.afterUnseen(state, next.action()));
            case Outcome.Failed<RegisterReply> _ -> Optional.empty();
        };
        if (after.isEmpty()) {
            return false;
        }
        Set<Long> more = new HashSet<>(placed);
        more.add(next.id());
        return isLinearizable(operations, after.get(), more);
    }
}
