package io.holdfast.chaos.checker;

import io.holdfast.chaos.history.History;
import io.holdfast.chaos.history.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// Judges records that carry a version which grows with every write, in the time that sorting takes: the
/// versions already say in which order the writes happened, so only that order has to be held against real
/// time, values and conditions.
///
/// Histories of any length are fine; nothing is searched. Immutable.
public final class VersionedRegisterChecker {
    /// A read or write that ended before this one began had a newer version.
    public static final String STALE = "stale";
    /// A value came back that nobody wrote, or whose write was refused.
    public static final String PHANTOM = "phantom-value";
    /// One write was seen under two versions, or two writes under one.
    public static final String APPLIED_TWICE = "applied-twice";
    /// A conditional write was accepted though another stands between it and the version it expected.
    public static final String LOST_UPDATE = "lost-update";
    /// A conditional write was refused though the version it expected was the present one throughout.
    public static final String WRONG_REFUSAL = "wrong-refusal";
    /// A value was read before its write had been sent.
    public static final String FROM_THE_FUTURE = "from-the-future";

    private static final String NAME = "versioned-register";

    /// Judges each key on its own.
    public Verdict check(History<VersionedAction, VersionedReply> history) {
        Findings findings = new Findings(NAME);
        for (Map.Entry<String, History<VersionedAction, VersionedReply>> entry : history.byKey().entrySet()) {
            checkKey(findings, entry.getKey(), entry.getValue().operations());
        }
        findings.checked(history.size());
        return findings.verdict();
    }

    private static void checkKey(
            Findings findings, String key, List<Operation<VersionedAction, VersionedReply>> operations) {
        VersionOrder order = new VersionOrder(findings, key, operations);
        checkRealTime(findings, key, order, operations);
        for (Operation<VersionedAction, VersionedReply> operation : operations) {
            if (operation.action() instanceof VersionedAction.Write write
                    && write.expectedVersion().isPresent()) {
                checkCondition(findings, order, operation, write.expectedVersion().getAsLong());
            }
        }
    }

    /// Walks through time with the highest version that somebody already knew of.
    private static void checkRealTime(
            Findings findings,
            String key,
            VersionOrder order,
            List<Operation<VersionedAction, VersionedReply>> operations) {
        List<Operation<VersionedAction, VersionedReply>> byInvocation = new ArrayList<>(operations);
        byInvocation.sort(Comparator.comparingLong(Operation::invokedNanos));
        List<Operation<VersionedAction, VersionedReply>> byCompletion = new ArrayList<>(operations);
        byCompletion.removeIf(operation -> !operation.isOk());
        byCompletion.sort(Comparator.comparingLong(Operation::completedNanos));
        long known = 0;
        String knownFrom = "";
        int completed = 0;
        for (Operation<VersionedAction, VersionedReply> operation : byInvocation) {
            while (completed < byCompletion.size()
                    && byCompletion.get(completed).completedNanos() < operation.invokedNanos()) {
                Operation<VersionedAction, VersionedReply> earlier = byCompletion.get(completed++);
                long version = order.versionOf(earlier);
                if (version > known) {
                    known = version;
                    knownFrom = earlier.describe();
                }
            }
            if (isBehind(order, operation, known)) {
                findings.add(STALE, key, operation.describe() + " after " + knownFrom);
            }
        }
    }

    private static boolean isBehind(
            VersionOrder order, Operation<VersionedAction, VersionedReply> operation, long known) {
        long version = order.versionOf(operation);
        return switch (operation.action()) {
            case VersionedAction.Read read -> operation.isOk() && read.isLinearizable() && version < known;
            case VersionedAction.Write _ -> version != VersionOrder.NONE && version <= known;
        };
    }

    private static void checkCondition(
            Findings findings,
            VersionOrder order,
            Operation<VersionedAction, VersionedReply> operation,
            long expected) {
        long version = order.versionOf(operation);
        if (version != VersionOrder.NONE) {
            if (order.isKnownNotBefore(expected, version)) {
                findings.add(LOST_UPDATE, operation.key(), operation.describe()
                        + " but the version before it was " + order.versionBefore(version));
            }
        } else if (VersionOrder.isRefused(operation) && order.wasPresentThroughout(expected, operation)) {
            findings.add(WRONG_REFUSAL, operation.key(), operation.describe());
        }
    }
}
