package io.holdfast.chaos.workload;

import io.holdfast.chaos.checker.LeaseChecker;
import io.holdfast.chaos.checker.LeaseEvent;
import io.holdfast.chaos.checker.Verdict;
import io.holdfast.chaos.cluster.ApiCall;
import io.holdfast.chaos.json.InvalidJsonException;
import io.holdfast.chaos.json.Json;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;

/// Clients that want the same lease, hold it for a while and give it back or let it run out; and former
/// holders that go on as if they still had it. Concurrent.
final class LeaseWorkload {
    private static final String LEASE = "chaos-lease";
    private static final long TTL_MILLIS = 1_000;
    private static final int HOLD_MILLIS_MAX = 400;
    private static final int RECENT_COUNT_MAX = 2;

    private final LongSupplier nanoClock;
    private final Queue<LeaseEvent> events = new ConcurrentLinkedQueue<>();
    private final Deque<LeaseEvent.Granted> recent = new ConcurrentLinkedDeque<>();

    LeaseWorkload(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    Verdict verdict() {
        return new LeaseChecker().check(List.copyOf(events));
    }

    int eventCount() {
        return events.size();
    }

    /// Tries to get the lease; whoever gets it holds it for a moment.
    void step(Caller caller) throws InterruptedException {
        LeaseEvent.Granted former = recent.peekFirst();
        // Not the latest one: many clients that extend it would let nobody else have the lease.
        if (former != null && !former.equals(recent.peekLast()) && caller.random().nextInt(3) == 0) {
            renew(caller, former);
        }
        String holder = caller.uniqueName();
        long requested = nanoClock.getAsLong();
        CallResult result = caller.change(ApiCall.post("/v1/leases/" + LEASE + "/acquire",
                Json.object().put("holder", holder).put("ttlMillis", TTL_MILLIS).build()));
        if (!(result instanceof CallResult.Done done)) {
            return;
        }
        long answered = nanoClock.getAsLong();
        long token = token(done.body());
        long heldUntil = requested + Duration.ofMillis(TTL_MILLIS).toNanos();
        if (caller.random().nextBoolean()) {
            caller.pause().of(Duration.ofMillis(caller.random().nextInt(HOLD_MILLIS_MAX)));
            heldUntil = Math.min(heldUntil, nanoClock.getAsLong());
            record(holder, token, requested, answered, heldUntil);
            caller.change(ApiCall.post("/v1/leases/" + LEASE + "/release",
                    Json.object().put("holder", holder).put("token", token).build()));
        } else {
            record(holder, token, requested, answered, heldUntil);
        }
    }

    /// Asks for more time under a grant of some time ago. An answer that says so is work under its token; for
    /// how long the lease is held then is not relied on.
    private void renew(Caller caller, LeaseEvent.Granted grant) throws InterruptedException {
        long requested = nanoClock.getAsLong();
        CallResult result = caller.change(ApiCall.post("/v1/leases/" + LEASE + "/renew", Json.object()
                .put("holder", grant.holder())
                .put("token", grant.fencingToken())
                .put("ttlMillis", TTL_MILLIS)
                .build()));
        if (result instanceof CallResult.Done) {
            events.add(new LeaseEvent.Prolonged(
                    LEASE, grant.holder(), grant.fencingToken(), requested, nanoClock.getAsLong()));
        }
    }

    /// An answer that came after the lease had run out says nothing about who holds it.
    private void record(String holder, long token, long requested, long answered, long heldUntil) {
        LeaseEvent.Granted grant = new LeaseEvent.Granted(
                LEASE, holder, token, requested, answered, Math.max(answered, heldUntil));
        events.add(grant);
        recent.addLast(grant);
        if (recent.size() > RECENT_COUNT_MAX) {
            recent.pollFirst();
        }
    }

    private static long token(Json body) {
        try {
            return body.number("token");
        } catch (InvalidJsonException e) {
            throw new IllegalStateException("the API answered against its contract", e);
        }
    }
}
