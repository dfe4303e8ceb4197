package io.holdfast.node.http;

import io.holdfast.gridstate.change.Change;
import io.holdfast.gridstate.change.ChangeBatch;
import io.holdfast.gridstate.change.ChangePosition;
import io.holdfast.node.http.exchange.ApiCall;
import io.holdfast.node.http.exchange.ApiHeaders;
import io.holdfast.node.http.exchange.Problem;
import io.holdfast.node.http.exchange.ProblemException;
import io.holdfast.node.http.port.ChangeSource;
import io.holdfast.node.http.resource.ChangeResource;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Watches: streams of server-sent events that follow the changes this node applies. Concurrent;
/// each watch runs on the virtual thread of its call and holds at most one batch.
///
/// Events: `ready` first, with the position from which on nothing is missed; `change` for each
/// record written or removed; `reset` when the position is older than what is kept (read anew, then
/// go on). Every event's id is a position to resume from. A comment every few seconds keeps the
/// connection up; the caller's right is checked again at each.
final class WatchHub {
    private static final int BATCH_COUNT_MAX = 500;
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);
    private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(30);
    private static final long LOOK_MILLIS = 50;

    private final Vertx vertx;
    private final ChangeSource source;
    private final ApiLimits limits;
    private final AtomicInteger count = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition progressed = lock.newCondition();
    private long seenIndex;
    private long lookTimer = -1;
    private volatile boolean closed;

    WatchHub(Vertx vertx, ChangeSource source, ApiLimits limits) {
        this.vertx = vertx;
        this.source = source;
        this.limits = limits;
    }

    int count() {
        return count.get();
    }

    /// Serves a watch until its caller leaves. `right` throws once the caller may no longer watch.
    void open(ApiRequest request, ApiCall call, Runnable right) {
        Set<String> catalogs = ChangeResource.readable(call);
        Optional<ChangePosition> after =
                call.header("Last-Event-ID")
                        .or(() -> call.queryValue("after"))
                        .map(ChangeResource::position);
        if (count.incrementAndGet() > limits.watchCountMax()) {
            count.decrementAndGet();
            throw new Problem(503, "busy", "too many watches are open", "")
                    .retryAfter(Duration.ofSeconds(5))
                    .exception();
        }
        try {
            startLooking();
            ChangePosition start =
                    after.orElseGet(() -> ChangePosition.endOf(source.appliedIndex()));
            begin(request, start);
            follow(request, catalogs, start, right);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // The caller is gone or does not read: there is nobody to tell. Other calls may share the
            // connection, so only the stream ends (and with it the connection, where it is the same).
            request.context().runOnContext(_ -> request.http().response().reset());
        } finally {
            count.decrementAndGet();
        }
    }

    /// Something may have been applied.
    void signal() {
        lock.lock();
        try {
            progressed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        closed = true;
        signal();
    }

    private void follow(
            ApiRequest request, Set<String> catalogs, ChangePosition start, Runnable right)
            throws InterruptedException, ExecutionException, TimeoutException {
        ChangePosition at = start;
        while (!closed && !request.http().response().closed()) {
            switch (source.read(at, BATCH_COUNT_MAX)) {
                case ChangeBatch.PositionTooOld old -> {
                    write(
                            request,
                            event(
                                    "reset",
                                    old.oldest(),
                                    new JsonObject().put("oldest", old.oldest().toString())));
                    end(request);
                    return;
                }
                case ChangeBatch.Changes changes when changes.changes().isEmpty() -> {
                    if (!awaitProgress(at.index())) {
                        if (!isAllowed(right)) {
                            end(request);
                            return;
                        }
                        write(request, Buffer.buffer(": still here\n\n"));
                    }
                }
                case ChangeBatch.Changes changes -> {
                    Buffer events = events(changes, catalogs);
                    if (events.length() > 0) {
                        write(request, events);
                    }
                    at = changes.next();
                }
            }
        }
        end(request);
    }

    private static boolean isAllowed(Runnable right) {
        try {
            right.run();
            return true;
        } catch (ProblemException e) {
            return false;
        }
    }

    private Buffer events(ChangeBatch.Changes batch, Set<String> catalogs) {
        Buffer events = Buffer.buffer();
        for (Change change : batch.changes()) {
            if (catalogs.contains(change.catalog())) {
                ChangeResource.json(change, source.codec())
                        .ifPresent(
                                json ->
                                        events.appendBuffer(
                                                event("change", change.position(), json)));
            }
        }
        return events;
    }

    private static Buffer event(String name, ChangePosition position, JsonObject body) {
        return Buffer.buffer(
                "id: " + position + "\nevent: " + name + "\ndata: " + body.encode() + "\n\n");
    }

    private void begin(ApiRequest request, ChangePosition start)
            throws InterruptedException, ExecutionException, TimeoutException {
        HttpServerResponse response = request.http().response();
        HttpReplies.putStandard(response, request.id());
        response.setChunked(true)
                .putHeader("Content-Type", "text/event-stream")
                .putHeader(ApiHeaders.INDEX, Long.toString(start.index()));
        write(request, event("ready", start, new JsonObject().put("index", start.index())));
    }

    /// Waits until the bytes have left: a caller who does not read holds up nobody but itself.
    private static void write(ApiRequest request, Buffer bytes)
            throws InterruptedException, ExecutionException, TimeoutException {
        request.http()
                .response()
                .write(bytes)
                .toCompletionStage()
                .toCompletableFuture()
                .get(WRITE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void end(ApiRequest request) {
        request.context()
                .runOnContext(
                        _ -> {
                            if (!request.http().response().ended()
                                    && !request.http().response().closed()) {
                                request.http().response().end();
                            }
                        });
    }

    /// Whether something beyond the index was applied before the next heartbeat is due.
    private boolean awaitProgress(long index) throws InterruptedException {
        long left = HEARTBEAT.toNanos();
        lock.lock();
        try {
            while (!closed && source.appliedIndex() <= index && left > 0) {
                left = progressed.awaitNanos(left);
            }
            return left > 0;
        } finally {
            lock.unlock();
        }
    }

    /// Looks for progress while somebody watches, for nodes where nobody signals.
    private void startLooking() {
        lock.lock();
        try {
            if (lookTimer < 0) {
                lookTimer = vertx.setPeriodic(LOOK_MILLIS, _ -> look());
            }
        } finally {
            lock.unlock();
        }
    }

    private void look() {
        lock.lock();
        try {
            long index = source.appliedIndex();
            if (count.get() == 0 || closed) {
                vertx.cancelTimer(lookTimer);
                lookTimer = -1;
            } else if (index != seenIndex) {
                seenIndex = index;
                progressed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }
}
