package io.holdfast.chaos.workload;

import io.holdfast.chaos.cluster.ApiCall;
import io.holdfast.chaos.cluster.ApiOutcome;
import io.holdfast.chaos.cluster.NodeApi;
import io.holdfast.chaos.json.InvalidJsonException;
import io.holdfast.chaos.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// Nodes in memory that keep the API's promises, over a network that loses calls and answers; or break one
/// promise that a test names. Guarded by its own lock.
final class FakeNodes implements NodeApi {
    /// Which promise is broken.
    enum Breach {
        NONE,
        LOSE_ACKNOWLEDGED,
        IGNORE_CONDITION,
        FORGET_IDEMPOTENCY_KEY,
        READ_OLD_VALUE,
        SKIP_IN_WATCH,
        REPEAT_IN_WATCH,
        GRANT_TWICE,
        RENEW_OLD_TOKEN,
        LOCAL_COPY_INCOMPLETE
    }

    private record Stored(long version, String value) {}

    private record Lease(String holder, long token, long untilNanos) {}

    private final AtomicInteger oldTokensRenewed = new AtomicInteger();
    private final Breach breach;
    private final SplittableRandom random;
    private final Map<String, Stored> settings = new TreeMap<>();
    private final Map<String, Stored> older = new HashMap<>();
    private final Map<String, ApiOutcome.Answered> answered = new HashMap<>();
    private final List<String> events = new ArrayList<>();
    private Lease lease = new Lease("", 0, Long.MIN_VALUE);
    private long index;

    FakeNodes(Breach breach, long seed) {
        this.breach = breach;
        this.random = new SplittableRandom(seed);
    }

    /// How often a lease was prolonged under a token that no longer counted.
    int oldTokensRenewed() {
        return oldTokensRenewed.get();
    }

    @Override
    public synchronized ApiOutcome call(String address, ApiCall call) {
        switch (random.nextInt(40)) {
            case 0 -> {
                return new ApiOutcome.NotSent("refused");
            }
            case 1 -> {
                return new ApiOutcome.NoAnswer("lost on the way");
            }
            case 2 -> {
                return problem(503, "unavailable");
            }
            default -> {}
        }
        ApiOutcome outcome = answerOnce(call);
        return random.nextInt(20) == 0 ? new ApiOutcome.NoAnswer("answer lost") : outcome;
    }

    private ApiOutcome.Answered answerOnce(ApiCall call) {
        String key = call.headers().getOrDefault("Idempotency-Key", "");
        ApiOutcome.Answered before = answered.get(key);
        if (before != null && breach != Breach.FORGET_IDEMPOTENCY_KEY) {
            return before;
        }
        ApiOutcome.Answered answer = answer(call);
        if (!key.isEmpty()) {
            answered.put(key, answer);
        }
        return answer;
    }

    private ApiOutcome.Answered answer(ApiCall call) {
        try {
            if (call.path().startsWith("/v1/settings?")) {
                return list(call.path().contains("local"));
            }
            if (call.path().startsWith("/v1/leases/")) {
                return lease(call);
            }
            String key = call.path().substring("/v1/settings/".length()).replaceAll("\\?.*", "");
            return switch (call.method()) {
                case "PUT" -> put(key, call);
                case "DELETE" -> delete(key);
                default -> get(key);
            };
        } catch (InvalidJsonException e) {
            return problem(400, "invalid");
        }
    }

    private ApiOutcome.Answered put(String key, ApiCall call) throws InvalidJsonException {
        long present = settings.containsKey(key) ? settings.get(key).version() : 0;
        long expected = call.headers().containsKey("If-None-Match") ? 0
                : Long.parseLong(call.headers().getOrDefault("If-Match", "\"-1\"").replace("\"", ""));
        if (expected >= 0 && expected != present && breach != Breach.IGNORE_CONDITION) {
            return problem(412, "version-mismatch");
        }
        index++;
        if (breach != Breach.LOSE_ACKNOWLEDGED || index % 50 != 0) {
            Stored stored = new Stored(index, call.body().text("value"));
            older.put(key, settings.getOrDefault(key, stored));
            settings.put(key, stored);
            events.add("id: " + index + ".0\nevent: change\ndata: "
                    + change(key, stored).write() + "\n");
        }
        return new ApiOutcome.Answered(200, Json.object().put("version", index).put("index", index).build());
    }

    private ApiOutcome.Answered delete(String key) {
        settings.remove(key);
        events.add("id: " + ++index + ".0\nevent: change\ndata: "
                + Json.object().put("key", key).build().write() + "\n");
        return new ApiOutcome.Answered(200, Json.object().put("version", index).put("index", index).build());
    }

    /// What is there now.
    synchronized Set<String> keys() {
        return Set.copyOf(settings.keySet());
    }

    private ApiOutcome.Answered get(String key) {
        Stored stored = settings.get(key);
        if (stored == null) {
            return problem(404, "not-found");
        }
        boolean isOld = breach == Breach.READ_OLD_VALUE && random.nextInt(10) == 0;
        return new ApiOutcome.Answered(200, item(key, isOld ? older.getOrDefault(key, stored) : stored));
    }

    private ApiOutcome.Answered list(boolean isLocal) {
        List<Json> items = new ArrayList<>();
        settings.forEach((key, stored) -> {
            if (!isLocal || breach != Breach.LOCAL_COPY_INCOMPLETE || stored.version() % 9 != 0) {
                items.add(item(key, stored));
            }
        });
        return new ApiOutcome.Answered(200, Json.object().put("items", items).put("index", index).build());
    }

    private ApiOutcome.Answered lease(ApiCall call) throws InvalidJsonException {
        long now = System.nanoTime();
        if (call.path().endsWith("/release")) {
            if (call.body().number("token") == lease.token()) {
                lease = new Lease("", lease.token(), Long.MIN_VALUE);
            }
            return new ApiOutcome.Answered(200, Json.object().put("version", index).build());
        }
        if (call.path().endsWith("/renew")) {
            return renew(call, now);
        }
        if (lease.untilNanos() > now && breach != Breach.GRANT_TWICE) {
            return problem(409, "held");
        }
        lease = new Lease(call.body().text("holder"), lease.token() + 1,
                now + call.body().number("ttlMillis") * 1_000_000);
        return new ApiOutcome.Answered(200, Json.object().put("token", lease.token()).build());
    }

    private ApiOutcome.Answered renew(ApiCall call, long now) throws InvalidJsonException {
        long token = call.body().number("token");
        if (breach != Breach.RENEW_OLD_TOKEN && (token != lease.token() || lease.untilNanos() <= now)) {
            return problem(409, "fenced");
        }
        if (token == lease.token()) {
            lease = new Lease(lease.holder(), token, now + call.body().number("ttlMillis") * 1_000_000);
        } else {
            oldTokensRenewed.incrementAndGet();
        }
        return new ApiOutcome.Answered(200, Json.object().put("token", token).build());
    }

    private static Json change(String key, Stored stored) {
        return Json.object().put("key", key).put("version", stored.version())
                .put("record", item(key, stored)).build();
    }

    private static Json item(String key, Stored stored) {
        return Json.object()
                .put("key", key)
                .put("version", stored.version())
                .put("value", stored.value())
                .build();
    }

    private static ApiOutcome.Answered problem(int status, String code) {
        return new ApiOutcome.Answered(status, Json.object().put("code", code).build());
    }

    /// Sends what is there after the position, a few events at a time, and breaks the stream.
    @Override
    public synchronized void follow(String address, String path, Consumer<String> line) {
        int after = path.contains("after=")
                ? (int) Double.parseDouble(path.substring(path.indexOf("after=") + 6)) : 0;
        int begin = (int) events.stream().filter(event -> indexOf(event) <= after).count();
        if (breach == Breach.REPEAT_IN_WATCH && begin > 0) {
            begin--;
        }
        send("id: " + after + ".0\nevent: ready\ndata: {}\n", line);
        for (int i = begin; i < Math.min(events.size(), begin + 200); i++) {
            if (breach != Breach.SKIP_IN_WATCH || i == begin || random.nextInt(30) != 0) {
                send(events.get(i), line);
            }
        }
    }

    private static long indexOf(String event) {
        return Long.parseLong(event.substring(4, event.indexOf('.')));
    }

    private static void send(String event, Consumer<String> line) {
        event.lines().forEach(line);
        line.accept("");
    }
}
