package io.holdfast.gridstate.operation;

import static io.holdfast.gridstate.operation.OperationCatalogs.OPERATIONS;
import static io.holdfast.gridstate.operation.OperationState.TRANSITIONS;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.GridReply.Accepted;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.rule.Refusals;
import io.holdfast.gridstate.rule.RuleScope;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/// The rules of operations. Ended ones stand in an index, key `number (8)`, value id, so that the oldest
/// can be dropped without a search. Immutable; confined to the apply thread by what it is given.
public final class OperationRules {
    /// Operations that may go on at once.
    public static final int ACTIVE_MAX = 10_000;

    /// Ended operations kept.
    public static final int ENDED_MAX = 10_000;

    private static final Keyspace ENDED = new Keyspace("operations-ended");
    private static final String ACTIVE_COUNTER = "operations-active";
    private static final String ENDED_COUNTER = "operations-ended";

    private final int endedMax;

    /// All nodes of a cluster must agree on the number of ended operations to keep.
    public OperationRules(int endedMax) {
        this.endedMax = endedMax;
    }

    public static List<Keyspace> indexes() {
        return List.of(ENDED);
    }

    public GridReply start(RuleScope scope, String id, String kind, String target, String owner) {
        if (scope.find(OPERATIONS, id).isPresent()) {
            return Refusals.exists("operation", id);
        }
        long active = scope.counter(ACTIVE_COUNTER);
        if (active >= ACTIVE_MAX) {
            return Refusals.full("operations going on", ACTIVE_MAX);
        }
        scope.setCounter(ACTIVE_COUNTER, active + 1);
        long now = scope.timeMillis();
        OperationState state = new OperationState.Running();
        scope.put(OPERATIONS, id, new OperationEntry(kind, target, owner, 0, "", now, now, state));
        return new Accepted(scope.version());
    }

    public GridReply report(RuleScope scope, String id, String owner, int permille, String message) {
        Optional<OperationEntry> found = scope.find(OPERATIONS, id);
        if (found.isEmpty()) {
            return Refusals.notFound("operation", id);
        }
        OperationEntry entry = found.get();
        if (!entry.owner().equals(owner)) {
            return notOwner(id, entry);
        }
        if (entry.state().isOver()) {
            return Refusals.wrongState("operation", id, entry.state().label(), "");
        }
        scope.put(OPERATIONS, id, entry.withProgress(permille, message, scope.timeMillis()));
        return new Accepted(scope.version());
    }

    public GridReply cancel(RuleScope scope, String id) {
        Optional<Versioned<String, OperationEntry>> found = scope.findVersioned(OPERATIONS, id);
        if (found.isEmpty()) {
            return Refusals.notFound("operation", id);
        }
        OperationEntry entry = found.get().value();
        if (!(entry.state() instanceof OperationState.Running)) {
            return new Accepted(found.get().version());
        }
        OperationState next = TRANSITIONS.step(entry.state(), new OperationState.Cancelling());
        scope.put(OPERATIONS, id, entry.withState(next, scope.timeMillis()));
        return new Accepted(scope.version());
    }

    /// Ends an operation in one of the states that are over.
    public GridReply end(RuleScope scope, String id, String owner, OperationState end) {
        Optional<Versioned<String, OperationEntry>> found = scope.findVersioned(OPERATIONS, id);
        if (found.isEmpty()) {
            return Refusals.notFound("operation", id);
        }
        OperationEntry entry = found.get().value();
        if (!entry.owner().equals(owner)) {
            return notOwner(id, entry);
        }
        if (entry.state().equals(end)) {
            return new Accepted(found.get().version());
        }
        if (!TRANSITIONS.allows(entry.state(), end)) {
            return Refusals.wrongState("operation", id, entry.state().label(), "");
        }
        scope.put(OPERATIONS, id, entry.withState(end, scope.timeMillis()));
        scope.setCounter(ACTIVE_COUNTER, scope.counter(ACTIVE_COUNTER) - 1);
        keepEnded(scope, id);
        return new Accepted(scope.version());
    }

    public GridReply takeOver(RuleScope scope, String id, String owner, ExpectedVersion expected) {
        Optional<Versioned<String, OperationEntry>> found = scope.findVersioned(OPERATIONS, id);
        if (found.isEmpty()) {
            return Refusals.notFound("operation", id);
        }
        if (!expected.isMetBy(found)) {
            return Refusals.mismatch("operation", id, found);
        }
        OperationEntry entry = found.get().value();
        if (entry.state().isOver()) {
            return Refusals.wrongState("operation", id, entry.state().label(), "");
        }
        scope.put(OPERATIONS, id, entry.withOwner(owner, scope.timeMillis()));
        return new Accepted(scope.version());
    }

    private void keepEnded(RuleScope scope, String id) {
        long number = scope.counter(ENDED_COUNTER);
        scope.setCounter(ENDED_COUNTER, number + 1);
        scope.putIndex(ENDED, numberKey(number), id.getBytes(UTF_8));
        if (number >= endedMax) {
            byte[] oldest = numberKey(number - endedMax);
            byte[] dropped = scope.index(ENDED, oldest);
            if (dropped != null) {
                scope.remove(OPERATIONS, new String(dropped, UTF_8));
                scope.deleteIndex(ENDED, oldest);
            }
        }
    }

    private static GridReply notOwner(String id, OperationEntry entry) {
        return GridReply.refuse(
                RefusalCode.FENCED,
                "another node owns the operation: " + id + " owner=" + entry.owner(),
                "stop working on it");
    }

    private static byte[] numberKey(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }
}
