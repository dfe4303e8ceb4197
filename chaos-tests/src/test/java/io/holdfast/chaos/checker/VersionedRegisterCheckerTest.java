package io.holdfast.chaos.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.chaos.checker.VersionedAction.Read;
import io.holdfast.chaos.checker.VersionedAction.Write;
import io.holdfast.chaos.checker.VersionedReply.Absent;
import io.holdfast.chaos.checker.VersionedReply.Found;
import io.holdfast.chaos.checker.VersionedReply.VersionConflict;
import io.holdfast.chaos.checker.VersionedReply.Written;
import io.holdfast.chaos.history.History;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class VersionedRegisterCheckerTest {
    private static Histories<VersionedAction, VersionedReply> history() {
        return new Histories<>();
    }

    private static Verdict check(Histories<VersionedAction, VersionedReply> history) {
        return new VersionedRegisterChecker().check(history.history());
    }

    private static Write write(String value) {
        return new Write(value, OptionalLong.empty());
    }

    private static Write writeIf(long version, String value) {
        return new Write(value, OptionalLong.of(version));
    }

    private static Read read() {
        return new Read(true);
    }

    @Test
    void cleanHistoryPasses() {
        assertTrue(check(history().ok(0, 1, read(), new Absent())
                        .ok(2, 5, writeIf(0, "a"), new Written(7))
                        .ok(3, 4, read(), new Found(7, "a"))
                        .ok(6, 7, writeIf(7, "b"), new Written(9))
                        .ok(8, 9, writeIf(7, "c"), new VersionConflict())
                        .failed(8, 9, write("d"))
                        .ok(10, 11, read(), new Found(9, "b")))
                .isPassed());
    }

    @Test
    void staleReadIsNamed() {
        assertTrue(check(history().ok(0, 1, write("a"), new Written(1))
                        .ok(2, 3, write("b"), new Written(2))
                        .ok(4, 5, read(), new Found(1, "a")))
                .names(VersionedRegisterChecker.STALE));
    }

    @Test
    void lostAcknowledgedWriteIsNamed() {
        assertTrue(check(history().ok(0, 1, write("a"), new Written(1)).ok(4, 5, read(), new Absent()))
                .names(VersionedRegisterChecker.STALE));
    }

    @Test
    void localReadMayBeStale() {
        assertTrue(check(history().ok(0, 1, write("a"), new Written(1))
                        .ok(2, 3, write("b"), new Written(2))
                        .ok(4, 5, new Read(false), new Found(1, "a")))
                .isPassed());
    }

    @Test
    void writeOrderedBeforeAnEarlierWriteIsNamed() {
        assertTrue(check(history().ok(0, 1, write("a"), new Written(5)).ok(2, 3, write("b"), new Written(4)))
                .names(VersionedRegisterChecker.STALE));
    }

    @Test
    void writeSeenUnderTwoVersionsIsNamed() {
        assertTrue(check(history().ok(0, 1, write("a"), new Written(1)).ok(2, 3, read(), new Found(2, "a")))
                .names(VersionedRegisterChecker.APPLIED_TWICE));
        assertTrue(check(history().unknown(0, 1, write("a"))
                        .ok(2, 3, read(), new Found(1, "a"))
                        .ok(4, 5, read(), new Found(2, "a")))
                .names(VersionedRegisterChecker.APPLIED_TWICE));
    }

    @Test
    void twoWritesUnderOneVersionAreNamed() {
        assertTrue(check(history().ok(0, 5, write("a"), new Written(1)).ok(0, 5, write("b"), new Written(1)))
                .names(VersionedRegisterChecker.APPLIED_TWICE));
    }

    @Test
    void valueOfARefusedOrUnheardOfWriteIsNamed() {
        assertTrue(check(history().failed(0, 1, write("a")).ok(2, 3, read(), new Found(1, "a")))
                .names(VersionedRegisterChecker.PHANTOM));
        assertTrue(check(history().ok(2, 3, read(), new Found(1, "z")))
                .names(VersionedRegisterChecker.PHANTOM));
        assertTrue(check(history().ok(0, 1, writeIf(5, "a"), new VersionConflict())
                        .ok(2, 3, read(), new Found(6, "a")))
                .names(VersionedRegisterChecker.PHANTOM));
    }

    @Test
    void valueReadBeforeItsWriteIsNamed() {
        assertTrue(check(history().ok(0, 1, read(), new Found(1, "a")).ok(2, 3, write("a"), new Written(1)))
                .names(VersionedRegisterChecker.FROM_THE_FUTURE));
    }

    @Test
    void overwrittenUpdateIsNamed() {
        assertTrue(check(history().ok(0, 1, write("a"), new Written(1))
                        .ok(2, 6, writeIf(1, "b"), new Written(2))
                        .ok(2, 6, writeIf(1, "c"), new Written(3)))
                .names(VersionedRegisterChecker.LOST_UPDATE));
    }

    @Test
    void groundlessRefusalIsNamed() {
        assertTrue(check(history().ok(0, 1, write("a"), new Written(1))
                        .ok(2, 3, writeIf(1, "b"), new VersionConflict())
                        .ok(4, 5, read(), new Found(1, "a")))
                .names(VersionedRegisterChecker.WRONG_REFUSAL));
    }

    @Test
    void refusalBesideAnUnknownWriteIsFine() {
        assertTrue(check(history().ok(0, 1, write("a"), new Written(1))
                        .unknown(1, 2, write("x"))
                        .ok(2, 3, writeIf(1, "b"), new VersionConflict()))
                .isPassed());
    }

    @Test
    void valueWrittenByTwoCallsIsAMistakeOfTheWorkload() {
        assertThrows(IllegalArgumentException.class,
                () -> check(history().ok(0, 1, write("a"), new Written(1)).ok(2, 3, write("a"),
                        new Written(2))));
    }

    /// Right histories made by applying every call at a random moment within its interval.
    @Test
    void generatedRightHistoriesPassAndRolledBackOnesDoNot() {
        long seed = 20260102;
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 300; round++) {
            List<Operation<VersionedAction, VersionedReply>> operations = generate(random, 60);
            Verdict verdict = new VersionedRegisterChecker().check(new History<>(operations));
            assertTrue(verdict.isPassed(), "seed=" + seed + ", round=" + round + " " + verdict);
            long end = operations.stream().mapToLong(Operation::completedNanos).max().orElseThrow();
            int id = operations.size();
            operations.add(new Operation<>(id, 0, "k", read(),
                    new Outcome.Ok<>(new Absent()), end + 1, end + 2));
            assertTrue(new VersionedRegisterChecker().check(new History<>(operations))
                    .names(VersionedRegisterChecker.STALE), "seed=" + seed + ", round=" + round);
        }
    }

    private static List<Operation<VersionedAction, VersionedReply>> generate(SplittableRandom random,
            int count) {
        List<Operation<VersionedAction, VersionedReply>> operations = new ArrayList<>();
        long version = 0;
        String value = "";
        for (int id = 0; id < count; id++) {
            long at = 100L * id + 100;
            long from = at - random.nextInt(99) * 3L;
            long to = at + random.nextInt(99) * 3L;
            VersionedAction action = action(random, id, version);
            VersionedReply reply;
            if (action instanceof Write write) {
                boolean isAccepted = write.expectedVersion().orElse(version) == version;
                version = isAccepted ? version + 1 + random.nextInt(3) : version;
                value = isAccepted ? write.value() : value;
                reply = isAccepted ? new Written(version) : new VersionConflict();
            } else {
                reply = version == 0 ? new Absent() : new Found(version, value);
            }
            boolean isSeen = random.nextInt(10) != 0;
            Outcome<VersionedReply> outcome = isSeen ? new Outcome.Ok<>(reply)
                    : new Outcome.Unknown<>("timeout");
            operations.add(new Operation<>(id, id % 5, "k", action, outcome, Math.max(0, from), to));
        }
        long last = 100L * count + 1_000;
        operations.add(new Operation<>(count, 0, "k", write("last"),
                new Outcome.Ok<>(new Written(version + 1)), last, last + 1));
        assertEquals(count + 1, operations.size());
        return operations;
    }

    private static VersionedAction action(SplittableRandom random, int id, long version) {
        return switch (random.nextInt(3)) {
            case 0 -> read();
            case 1 -> write("v" + id);
            default -> writeIf(random.nextInt(3) == 0 ? version + 1_000 : version, "v" + id);
        };
    }
}
