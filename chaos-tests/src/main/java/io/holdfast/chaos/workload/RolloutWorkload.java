package io.holdfast.chaos.workload;

import io.holdfast.chaos.checker.RolloutChecker;
import io.holdfast.chaos.checker.RolloutSight;
import io.holdfast.chaos.checker.Verdict;
import io.holdfast.chaos.cluster.ApiCall;
import io.holdfast.chaos.cluster.NodeApi;
import io.holdfast.chaos.json.InvalidJsonException;
import io.holdfast.chaos.json.Json;
import io.holdfast.chaos.pace.Pause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One object whose links are rolled out to one version and the other, in two waves: paused, failed and taken
/// back now and then. After each step everything is looked at. Started and finished by one thread; works on
/// one of its own.
public final class RolloutWorkload {
    static final int INSTANCE_COUNT = 10;
    static final List<Integer> PERCENTS = List.of(30, 100);
    private static final Duration STEP_PAUSE = Duration.ofMillis(500);
    private static final int MOVED_AT_ONCE_MAX = 3;
    private static final String LINEARIZABLE = "consistency=linearizable";

    private final Caller caller;
    private final RandomGenerator random;
    private final Pause pause;
    private final Duration limit;
    private final String object;
    private final RolloutChecker checker = new RolloutChecker();
    private @Nullable Thread thread;
    private volatile @Nullable Throwable failure;
    private volatile boolean isStopped;
    private boolean isMade;
    private int number = 1;
    private boolean wasUndone;

    /// Prepares it.
    ///
    /// @param object a name that no other object of the cluster has
    /// @param limit how long the end may take
    public RolloutWorkload(
            NodeApi api, List<String> addresses, long seed, String object, Duration limit, Pause pause) {
        this.random = new SplittableRandom(seed);
        this.caller = new Caller(object, api, addresses, random, pause);
        this.object = object;
        this.limit = limit;
        this.pause = pause;
    }

    /// Begins.
    public void start() {
        thread = Thread.ofVirtual().name("rollouts").start(() -> {
            try {
                while (!isStopped) {
                    step();
                    pause.of(STEP_PAUSE);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException | AssertionError e) {
                failure = e;
            }
        });
    }

    /// Ends it and judges.
    public Verdict finish() throws TimeoutException, InterruptedException {
        isStopped = true;
        Thread begun = thread;
        if (begun != null && !begun.join(limit)) {
            throw new TimeoutException("the rollouts do not end");
        }
        Throwable failed = failure;
        if (failed != null) {
            throw new IllegalStateException("the rollouts failed", failed);
        }
        return checker.verdict();
    }

    /// Ends it without waiting.
    public void abandon() {
        isStopped = true;
        Thread begun = thread;
        if (begun != null) {
            begun.interrupt();
        }
    }

    private String rollout() {
        return object + "-" + number;
    }

    private void step() throws InterruptedException {
        if (!isMade) {
            isMade = make();
            return;
        }
        switch (caller.read(ApiCall.get("/v1/rollouts/" + rollout() + "?" + LINEARIZABLE))) {
            case CallResult.Done done -> act(text(done.body(), "state"));
            case CallResult.Refused refused when refused.status() == 404 -> plan();
            case CallResult _ -> {
                return; // Nobody answers now.
            }
        }
        look().ifPresent(checker::check);
    }

    /// The object with two versions and all its instances; what is there already is refused.
    private boolean make() throws InterruptedException {
        boolean isThere = isDecided(caller.change(ApiCall.post("/v1/objects", Json.object()
                .put("object", object)
                .put("version", version(0))
                .build())));
        isThere &= isDecided(caller.change(ApiCall.post("/v1/objects/" + object + "/versions", version(1))));
        for (int i = 0; i < INSTANCE_COUNT; i++) {
            isThere &= isDecided(caller.change(
                    ApiCall.put("/v1/objects/" + object + "/instances/i" + i, Json.object().build())));
        }
        return isThere;
    }

    private static boolean isDecided(CallResult result) {
        return result instanceof CallResult.Done || result instanceof CallResult.Refused;
    }

    private static Json version(int which) {
        return Json.object().put("name", "v" + which).put("location", "https://example.net/v" + which)
                .build();
    }

    private void plan() throws InterruptedException {
        List<Json> waves = new ArrayList<>();
        PERCENTS.forEach(percent -> waves.add(Json.object().put("percent", percent).build()));
        caller.change(ApiCall.post("/v1/rollouts", Json.object()
                .put("rollout", rollout())
                .put("object", object)
                .put("version", "v" + number % 2)
                .put("waves", waves)
                .put("unhealthyMax", 1)
                .build()));
    }

    private void act(String state) throws InterruptedException {
        switch (state) {
            case "planned" -> post("start", Optional.empty());
            case "running" -> goOn();
            case "paused" -> post("resume", Optional.empty());
            case "failed" -> post("send-back", Optional.of(limited()));
            case "completed" -> {
                if (!wasUndone && random.nextInt(4) == 0) {
                    wasUndone = true;
                    post("undo", Optional.of(because("chaos")));
                } else {
                    next();
                }
            }
            default -> next();
        }
    }

    private void goOn() throws InterruptedException {
        switch (random.nextInt(10)) {
            case 0 -> post("pause", Optional.empty());
            case 1 -> post("fail", Optional.of(because("chaos")));
            case 2, 3, 4 -> {
                judgePending();
                post("advance", Optional.empty());
            }
            default -> post("move", Optional.of(limited()));
        }
    }

    private Json limited() {
        return Json.object().put("limit", 1L + random.nextInt(MOVED_AT_ONCE_MAX)).build();
    }

    private static Json because(String reason) {
        return Json.object().put("reason", reason).build();
    }

    private void next() throws InterruptedException {
        if (isDecided(caller.change(ApiCall.delete("/v1/rollouts/" + rollout())))) {
            number++;
            wasUndone = false;
        }
    }

    private void judgePending() throws InterruptedException {
        for (Json instance : list("/v1/objects/" + object + "/instances")) {
            if (text(instance, "verdict").equals("pending")) {
                post("verdicts", Optional.of(Json.object()
                        .put("instance", lastPart(text(instance, "key")))
                        .put("generation", number(instance, "generation"))
                        .put("healthy", true)
                        .build()));
            }
        }
    }

    private void post(String what, Optional<Json> body) throws InterruptedException {
        caller.change(ApiCall.post("/v1/rollouts/" + rollout() + "/" + what, body.orElse(new Json.Null())));
    }

    /// Empty if something was not answered, or changed meanwhile: an earlier call may have come late.
    private Optional<RolloutSight> look() throws InterruptedException {
        Optional<Json> before = find();
        Map<String, Integer> instances = new HashMap<>();
        for (Json each : list("/v1/objects/" + object + "/instances")) {
            instances.put(lastPart(text(each, "key")), (int) number(each, "generation"));
        }
        List<RolloutSight.Link> links = new ArrayList<>();
        for (Json each : list("/v1/catalogs/links")) {
            String instance = text(each, "instance");
            if (instance.startsWith(object + "/")) {
                links.add(new RolloutSight.Link(
                        lastPart(instance), (int) number(each, "generation"), text(each, "location")));
            }
        }
        Map<Integer, String> locations = new HashMap<>();
        for (Json each : list("/v1/objects/" + object + "/generations")) {
            locations.put(Integer.parseInt(lastPart(text(each, "key"))), text(each, "location"));
        }
        Optional<Json> after = find();
        boolean isOneMoment = before.isPresent() && after.isPresent()
                && number(before.get(), "version") == number(after.get(), "version");
        boolean isWhole = !instances.isEmpty() && !links.isEmpty() && !locations.isEmpty();
        return isOneMoment && isWhole
                ? Optional.of(sight(before.get(), instances, links, locations))
                : Optional.empty();
    }

    private RolloutSight sight(Json seen, Map<String, Integer> instances, List<RolloutSight.Link> links,
            Map<Integer, String> locations) {
        long wave = seen.member("stateDetails").flatMap(details -> details.member("wave")).isPresent()
                ? number(seen.member("stateDetails").orElseThrow(), "wave")
                : 0;
        return new RolloutSight(rollout(), text(seen, "state"), (int) wave, (int) number(seen, "generation"),
                (int) number(seen, "base"), number(seen.member("progress").orElseThrow(), "moved"), PERCENTS,
                instances, links, locations);
    }

    private Optional<Json> find() throws InterruptedException {
        return caller.read(ApiCall.get("/v1/rollouts/" + rollout() + "?" + LINEARIZABLE))
                        instanceof CallResult.Done done
                ? Optional.of(done.body())
                : Optional.empty();
    }

    /// The first page, which holds all; empty if nobody answers.
    private List<Json> list(String path) throws InterruptedException {
        CallResult result = caller.read(ApiCall.get(path + "?limit=1000&" + LINEARIZABLE));
        if (!(result instanceof CallResult.Done done)) {
            return List.of();
        }
        try {
            return done.body().items("items");
        } catch (InvalidJsonException e) {
            throw against(e);
        }
    }

    private static String text(Json json, String name) {
        try {
            return json.text(name);
        } catch (InvalidJsonException e) {
            throw against(e);
        }
    }

    private static long number(Json json, String name) {
        try {
            return json.number(name);
        } catch (InvalidJsonException e) {
            throw against(e);
        }
    }

    private static IllegalStateException against(InvalidJsonException failure) {
        return new IllegalStateException("the API answered against its contract", failure);
    }

    private static String lastPart(String key) {
        return key.substring(key.lastIndexOf('/') + 1);
    }
}
