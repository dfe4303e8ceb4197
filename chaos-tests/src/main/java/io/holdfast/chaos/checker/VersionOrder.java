package io.holdfast.chaos.checker;

import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The order in which one key's writes happened, as their versions tell it. A write with unknown outcome
/// gets its place when somebody reads its value. Breaches found on the way go to the findings. Immutable once
/// built.
final class VersionOrder {
    /// The version of an operation that is not known to have had one.
    static final long NONE = -1;

    private final Findings findings;
    private final String key;
    private final Map<String, Operation<VersionedAction, VersionedReply>> writeByValue = new HashMap<>();
    private final Map<Long, Long> versionByWriteId = new HashMap<>();
    private final NavigableMap<Long, Operation<VersionedAction, VersionedReply>> writeByVersion =
            new TreeMap<>();
    private final boolean hasUnplacedWrites;

    VersionOrder(
            Findings findings, String key, List<Operation<VersionedAction, VersionedReply>> operations) {
        this.findings = findings;
        this.key = key;
        operations.forEach(this::indexWrite);
        operations.forEach(this::placeAcknowledged);
        operations.forEach(this::placeRead);
        hasUnplacedWrites = operations.stream()
                .anyMatch(operation -> operation.action() instanceof VersionedAction.Write
                        && operation.isUnknown()
                        && !versionByWriteId.containsKey(operation.id()));
    }

    /// The version that the operation made or saw; 0 for "absent", [#NONE] if it has none.
    long versionOf(Operation<VersionedAction, VersionedReply> operation) {
        if (operation.action() instanceof VersionedAction.Write) {
            return versionByWriteId.getOrDefault(operation.id(), NONE);
        }
        return switch (replyOf(operation)) {
            case VersionedReply.Found found -> found.version();
            case VersionedReply.Absent _ -> 0;
            case VersionedReply.Written _, VersionedReply.VersionConflict _ -> NONE;
            case null -> NONE;
        };
    }

    /// Whether something else than `expected` certainly stood right before `version`. An expected version
    /// that nobody is known to have written may be that of a write whose outcome nobody saw.
    boolean isKnownNotBefore(long expected, long version) {
        long before = versionBefore(version);
        boolean mayBeUnseen = hasUnplacedWrites && before < expected && expected < version;
        return before != expected && !mayBeUnseen;
    }

    /// The known version right before this one, 0 if it was the first.
    long versionBefore(long version) {
        Long before = writeByVersion.lowerKey(version);
        return before == null ? 0 : before;
    }

    static boolean isRefused(Operation<VersionedAction, VersionedReply> operation) {
        return replyOf(operation) instanceof VersionedReply.VersionConflict;
    }

    /// Whether that version was certainly the present one from the operation's call to its answer.
    boolean wasPresentThroughout(long version, Operation<VersionedAction, VersionedReply> operation) {
        if (hasUnplacedWrites) {
            return false;
        }
        Operation<VersionedAction, VersionedReply> made = writeByVersion.get(version);
        boolean wasThere = version == 0 || (made != null && made.isOk() && made.precedes(operation));
        Map.Entry<Long, Operation<VersionedAction, VersionedReply>> next =
                writeByVersion.higherEntry(version);
        return wasThere && (next == null || operation.completedNanos() < next.getValue().invokedNanos());
    }

    private void indexWrite(Operation<VersionedAction, VersionedReply> operation) {
        if (operation.action() instanceof VersionedAction.Write write
                && writeByValue.put(write.value(), operation) != null) {
            throw new IllegalArgumentException("a value was written by two calls: key=" + key
                    + ", value=" + write.value());
        }
    }

    private void placeAcknowledged(Operation<VersionedAction, VersionedReply> operation) {
        if (replyOf(operation) instanceof VersionedReply.Written written) {
            place(operation, written.version());
        }
    }

    private void placeRead(Operation<VersionedAction, VersionedReply> read) {
        if (!(replyOf(read) instanceof VersionedReply.Found found)) {
            return;
        }
        Operation<VersionedAction, VersionedReply> write = writeByValue.get(found.value());
        if (write == null || isRefused(write) || write.outcome() instanceof Outcome.Failed<VersionedReply>) {
            findings.add(VersionedRegisterChecker.PHANTOM, key, read.describe()
                    + (write == null ? " which nobody wrote" : " whose write did not happen: "
                            + write.describe()));
            return;
        }
        if (read.completedNanos() < write.invokedNanos()) {
            findings.add(VersionedRegisterChecker.FROM_THE_FUTURE, key,
                    read.describe() + " before " + write.describe());
        }
        place(write, found.version());
    }

    private void place(Operation<VersionedAction, VersionedReply> write, long version) {
        Long other = versionByWriteId.putIfAbsent(write.id(), version);
        if (other != null && other != version) {
            findings.add(VersionedRegisterChecker.APPLIED_TWICE, key,
                    write.describe() + " has versions " + other + " and " + version);
            return;
        }
        Operation<VersionedAction, VersionedReply> twin = writeByVersion.putIfAbsent(version, write);
        if (twin != null && twin.id() != write.id()) {
            findings.add(VersionedRegisterChecker.APPLIED_TWICE, key,
                    "version " + version + " was made by " + write.describe() + " and by " + twin.describe());
        }
    }

    private static @Nullable VersionedReply replyOf(Operation<VersionedAction, VersionedReply> operation) {
        return operation.outcome() instanceof Outcome.Ok<VersionedReply> ok ? ok.reply() : null;
    }
}
