package io.holdfast.node.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.gridstate.application.ApplicationSpec;
import io.holdfast.gridstate.application.GroupMember;
import io.holdfast.gridstate.application.Probe;
import io.holdfast.gridstate.application.Root;
import io.holdfast.gridstate.application.Scaling;
import io.holdfast.gridstate.application.SnapshotPolicy;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.gridstate.snapshot.SnapshotEntry;
import io.holdfast.gridstate.snapshot.SnapshotKey;
import io.holdfast.gridstate.snapshot.SnapshotOrigin;
import io.holdfast.gridstate.snapshot.SnapshotState;
import io.holdfast.node.http.exchange.ApiHeaders;
import io.holdfast.node.http.port.InstanceDesk.Answer;
import io.holdfast.node.http.port.InstanceDesk.Order;
import io.holdfast.node.http.port.StartView;
import io.holdfast.node.testing.AppCluster;
import io.holdfast.node.testing.AppNode;
import io.holdfast.node.testing.Await;
import io.holdfast.node.testing.SimulatedCounter;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.io.TempDir;

/// Applications through real gateways, on containers in memory.
@Execution(ExecutionMode.CONCURRENT)
final class AppGatewayTest {
    private static final Scaling ONE = new Scaling(0, 1, 0, 0, Scaling.OnIdle.SAVE);

    @TempDir
    private Path folder;

    @Test
    @Timeout(60)
    void theFirstRequestIsHandledAfterASnapshotWithoutIt() throws Exception {
        try (AppCluster cluster = new AppCluster(folder, 2)) {
            ApplicationKey key = cluster.define("counter", cluster.counter(ONE));
            HttpResponse<String> first = cluster.node(1).get("/apps/counter/a?b=c", "1");
            assertEquals("1", first.body());
            assertEquals("/a?b=c", first.headers().firstValue("Seen-Path").orElseThrow());
            SnapshotEntry snapshot = onlySnapshot(cluster, key).value();
            assertEquals(SnapshotOrigin.FIRST_REQUEST, snapshot.origin());
            assertTrue(snapshot.stored().orElseThrow().blob().isPresent());
            assertEquals("2", cluster.node(2).get("/apps/counter/", "2").body(),
                    "the other node passes it on");
            end(cluster.node(1), key);
            HttpResponse<String> woken = cluster.node(2).get("/apps/counter/", "3");
            assertEquals("3", woken.body());
            assertEquals("restored", woken.headers().firstValue("Holdfast-Start").orElseThrow());
            List<StartView.Start> starts = Stream.of(1, 2)
                    .flatMap(node -> cluster.node(node).starts(key).stream())
                    .sorted(Comparator.comparingLong(StartView.Start::atMillis))
                    .toList();
            assertEquals(List.of("cold", "restored"),
                    starts.stream().map(StartView.Start::kind).toList(), "warm requests are no starts");
            assertEquals(List.of(true, false),
                    starts.stream().map(start -> start.snapshot().isEmpty()).toList());
        }
    }

    @Test
    @Timeout(60)
    void theFirstRequestDoesNotWaitForHostsThatAreSlowToStoreTheSnapshot() throws Exception {
        try (AppCluster cluster = new AppCluster(folder, 1)) {
            CountDownLatch isOver = new CountDownLatch(1);
            cluster.blobs().afterNextPut(() -> awaitEnd(isOver));
            ApplicationKey key = cluster.define("counter", cluster.counter(ONE));
            assertEquals("1", cluster.node(1).get("/apps/counter/", "1").body());
            assertTrue(onlySnapshot(cluster, key).value().state() instanceof SnapshotState.Making);
            isOver.countDown();
            save(cluster.node(1), key, "go-on");
            List<SnapshotEntry> made =
                    cluster.catalog().snapshots(key).stream().map(Versioned::value).toList();
            assertEquals(2, made.size(), "the second was made after the first");
            assertTrue(made.stream().allMatch(each -> each.state() instanceof SnapshotState.Ready));
        }
    }

    private static void awaitEnd(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @Timeout(60)
    void anInstanceStartsAtTheNodeThatIsNamedUnlessThereIsNoRoom() throws Exception {
        try (AppCluster cluster = new AppCluster(folder, 2)) {
            ApplicationKey key = cluster.define("counter", cluster.counter(ONE));
            String second = "node-2";
            Order there = new Order.Start(key.toString(), -1, second);
            Duration patience = Duration.ofSeconds(30);
            assertEquals(
                    new Answer.Started(second, key + "/0"),
                    cluster.node(1).desk().perform(there, patience));
            assertEquals("1", cluster.node(1).get("/apps/counter/", "1").body());
            assertEquals(List.of(), cluster.node(1).runtime().containers(), "it runs at the other");
            assertEquals("no-room", refusal(cluster.node(1).desk().perform(there, patience)));
            cluster.stop(key);
            Await.until("the other node has heard of it", () ->
                    refusal(cluster.node(1).desk().perform(there, patience)).equals("stopped"));
            assertEquals("not-found", refusal(cluster.node(2).desk().perform(
                    new Order.Start("default/none", -1, second), patience)));
        }
    }

    @Test
    @Timeout(60)
    void aRestoreThatFailsIsTriedASecondTime() throws Exception {
        try (AppCluster cluster = new AppCluster(folder, 1)) {
            AppNode node = cluster.node(1);
            ApplicationSpec alone = cluster.counter(ONE);
            for (ApplicationSpec spec : List.of(alone, inTwoMembers(alone))) {
                String name = spec.root() instanceof Root.Group ? "group" : "counter";
                ApplicationKey key = cluster.define(name, spec);
                assertEquals("1", node.get("/apps/" + name + "/", name + "-1").body());
                end(node, key);
                AtomicInteger restores = new AtomicInteger();
                node.fakeRuntime().failWhen(operation ->
                        operation.equals("restore") && restores.incrementAndGet() == 1 ? "killed" : "");
                HttpResponse<String> woken = node.get("/apps/" + name + "/", name + "-2");
                assertEquals("2", woken.body(), "with its memory: " + name);
                assertEquals(2, restores.get());
                end(node, key);
            }
        }
    }

    private static ApplicationSpec inTwoMembers(ApplicationSpec spec) {
        Root.Plain root = (Root.Plain) spec.root();
        return new ApplicationSpec(
                new Root.Group(List.of(
                        new GroupMember("web", root, spec.command(), List.of(), "/"),
                        new GroupMember("db", root, spec.command(), List.of(), "/"))),
                List.of(), List.of(), "/", spec.port(), spec.access(), List.of(), spec.limits(),
                spec.probe(), spec.scaling(), spec.snapshots());
    }

    @Test
    @Timeout(60)
    void aCommandForWhatDoesNotRunIsToldWhatToDo() throws Exception {
        try (AppCluster cluster = new AppCluster(folder, 1)) {
            ApplicationKey key = cluster.define("counter", cluster.counter(ONE));
            assertEquals("404 no-instance: the next request to it wakes it, or"
                    + " 'holdfast app wake default/counter --node NODE'", execute(cluster, key.toString()));
            assertEquals("1", cluster.node(1).get("/apps/counter/", "1").body());
            assertEquals("done", execute(cluster, key.toString()));
            save(cluster.node(1), key, "sleep");
            assertEquals("409 asleep: the next request to it wakes it", execute(cluster, key.toString()));
            cluster.stop(key);
            Await.until("it is stopped", () -> execute(cluster, key.toString())
                    .equals("404 no-instance: it is stopped: holdfast app start default/counter"));
            assertEquals("404 not-found: ", execute(cluster, "default/none"));
        }
    }

    private static String execute(AppCluster cluster, String application) {
        Answer answer = cluster.node(1).desk().perform(
                new Order.Execute(application, -1, List.of("/bin/true"), 1_000, Optional.empty()),
                Duration.ofSeconds(10));
        return switch (answer) {
            case Answer.Executed _ -> "done";
            case Answer.Refused(int status, String code, _, String hint) ->
                status + " " + code + ": " + hint;
            default -> "neither: " + answer;
        };
    }

    private static String refusal(Answer answer) {
        return answer instanceof Answer.Refused refused ? refused.code() : "none: " + answer;
    }

    @Test
    @Timeout(60)
    void manyFirstRequestsMakeOneSnapshotAndStartOneInstance() throws Exception {
        try (AppCluster cluster = new AppCluster(folder, 3);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            ApplicationKey key = cluster.define("counter", cluster.counter(ONE));
            List<Callable<String>> calls = new java.util.ArrayList<>();
            for (int i = 0; i < 300; i++) {
                int number = i;
                calls.add(() -> cluster.node(1 + number % 3).get("/apps/counter/", "r" + number).body());
            }
            List<Future<String>> answers = threads.invokeAll(calls);
            java.util.Set<String> counts = new java.util.HashSet<>();
            for (Future<String> answer : answers) {
                counts.add(answer.get());
            }
            assertEquals(300, counts.size(), "one instance counted them all, none twice");
            assertEquals(1, cluster.catalog().snapshots(key).size());
            assertEquals(1, cluster.catalog().placements(key).size());
        }
    }

    @Test
    @Timeout(60)
    void aRequestWakesTheApplicationElsewhereAfterItsNodeIsLost() throws Exception {
        try (AppCluster cluster = new AppCluster(folder, 3)) {
            ApplicationKey key = cluster.define("counter", cluster.counter(ONE));
            assertEquals("1", cluster.node(1).get("/apps/counter/", "1").body());
            assertEquals("2", cluster.node(1).get("/apps/counter/", "2").body());
            save(cluster.node(2), key, "go-on");
            cluster.node(1).cutOff();
            assertEquals("3", cluster.node(3).get("/apps/counter/", "3").body());
            assertTrue(
                    cluster.node(1).host().instances().stream()
                            .allMatch(instance -> instance.picture().inside() == 0));
            Await.until(
                    "what ran there stands still",
                            () -> cluster.node(1).runtime().containers().stream().noneMatch(container ->
                            container.state() == io.holdfast.hostio.container.ContainerState.RUNNING));
        }
    }

    @Test
    @Timeout(60)
    void anInstanceThatTakesNoConnectionsIsTriedForAsLongAsTheCallerWaits() throws Exception {
        try (AppCluster cluster = new AppCluster(folder, 1)) {
            ApplicationSpec spec = cluster.counter(ONE);
            cluster.define("deaf", new ApplicationSpec(
                    spec.root(), spec.command(), spec.environment(), spec.workingFolder(),
                    SimulatedCounter.PORT + 1, spec.access(), spec.mounts(), spec.limits(),
                    new Probe.Started(0), spec.scaling(), spec.snapshots()));
            HttpResponse<String> answer = cluster.node(1)
                    .send("/apps/deaf/", HttpRequest.newBuilder().header(ApiHeaders.TIMEOUT, "500"));
            assertEquals(503, answer.statusCode());
            assertTrue(answer.body().contains("not-reached"), answer.body());
            assertTrue(answer.headers().firstValue("Retry-After").isPresent());
        }
    }

    @Test
    @Timeout(120)
    void requestsAtOnceStartTheInstancesTheyNeedAtOnce() throws Exception {
        try (AppCluster cluster = new AppCluster(folder, 1);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            ApplicationSpec spec = cluster.counter(new Scaling(0, 5, 1, 0, Scaling.OnIdle.DROP));
            cluster.define("many", new ApplicationSpec(
                    spec.root(), spec.command(), spec.environment(), spec.workingFolder(), spec.port(),
                    spec.access(), spec.mounts(), spec.limits(), spec.probe(), spec.scaling(),
                    new SnapshotPolicy(SnapshotPolicy.Moment.OFF, SnapshotPolicy.WhileMaking.WAIT, 0)));
            CountDownLatch starting = new CountDownLatch(5);
            cluster.node(1).fakeRuntime().failWhen(_ -> isOneOf(starting) ? "" : "not all start at once");
            List<Callable<Integer>> calls = new java.util.ArrayList<>();
            for (int i = 0; i < 5; i++) {
                String id = "m" + i;
                calls.add(() -> cluster.node(1).get("/apps/many/", id).statusCode());
            }
            for (Future<Integer> answer : threads.invokeAll(calls)) {
                assertEquals(200, answer.get());
            }
        }
    }

    private static boolean isOneOf(CountDownLatch starting) {
        starting.countDown();
        try {
            return starting.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    @Timeout(60)
    void aDamagedSnapshotIsCondemnedAndTheApplicationStartsCold() throws Exception {
        try (AppCluster cluster = new AppCluster(folder, 1)) {
            ApplicationKey key = cluster.define("counter", cluster.counter(ONE));
            assertEquals("1", cluster.node(1).get("/apps/counter/", "1").body());
            SnapshotKey snapshot = onlySnapshot(cluster, key).key();
            end(cluster.node(1), key);
            cluster.node(1).fakeRuntime().failWhen(operation -> operation.equals("restore") ? "torn" : "");
            HttpResponse<String> answer = cluster.node(1).get("/apps/counter/", "2");
            assertEquals("1", answer.body());
            assertEquals("cold", answer.headers().firstValue("Holdfast-Start").orElseThrow());
            SnapshotState state = cluster.catalog().snapshot(snapshot).orElseThrow().state();
            assertTrue(
                    state instanceof SnapshotState.Condemned(String reason, long _)
                            && reason.contains("torn"),
                    state.toString());
        }
    }

    @Test
    @Timeout(60)
    void credentialsOfTheClusterStayOutsideAndUnknownNamesAreNotFound() throws Exception {
        try (AppCluster cluster = new AppCluster(folder, 1)) {
            cluster.define("counter", cluster.counter(ONE));
            AppNode node = cluster.node(1);
            HttpResponse<String> answer = node.send("/apps/counter/", HttpRequest.newBuilder()
                    .header("Authorization", "Bearer hfu1.aaaaaaaaaaaaaaaa.bbbb")
                    .POST(HttpRequest.BodyPublishers.ofString("x".repeat(100_000))));
            assertEquals("1", answer.body());
            assertEquals("none", answer.headers().firstValue("Seen-Credential").orElseThrow());
            assertTrue(answer.headers().firstValue("Content-Security-Policy").orElseThrow()
                    .startsWith("sandbox"));
            assertEquals(404, node.get("/apps/nobody/", "2").statusCode());
            assertEquals(404, node.get("/apps/", "3").statusCode());
        }
    }

    @Test
    @Timeout(120)
    void tenThousandRequestsAreEachHandledOnceOrRefused() throws Exception {
        long seed = 20_261_121L;
        System.out.println("seed=" + seed);
        try (AppCluster cluster = new AppCluster(folder, 3);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            ApplicationKey key =
                    cluster.define("counter", cluster.counter(new Scaling(0, 3, 4, 30, Scaling.OnIdle.DROP)));
            AtomicBoolean isOver = new AtomicBoolean();
            Future<?> unrest = threads.submit(
                    () -> disturb(cluster, key, new SplittableRandom(seed), isOver));
            AtomicInteger next = new AtomicInteger();
            AtomicInteger refused = new AtomicInteger();
            List<Callable<Void>> callers = new java.util.ArrayList<>();
            for (int caller = 0; caller < 32; caller++) {
                callers.add(() -> {
                    int number = next.getAndIncrement();
                    while (number < 10_000) {
                        checkOne(cluster, number, refused);
                        number = next.getAndIncrement();
                    }
                    return null;
                });
            }
            for (Future<Void> caller : threads.invokeAll(callers)) {
                caller.get();
            }
            isOver.set(true);
            unrest.get();
            System.out.println("refused=" + refused.get());
            assertTrue(refused.get() < 1_000, "refused=" + refused.get());
        }
    }

    private static void checkOne(AppCluster cluster, int number, AtomicInteger refused) throws Exception {
        String id = "q" + number;
        HttpResponse<String> answer = cluster.node(1 + number % 3).get("/apps/counter/", id);
        int times = cluster.handled().timesOf(id);
        switch (answer.statusCode()) {
            case 200 -> assertEquals(1, times, "answered, so handled once: id=" + id);
            case 503 -> {
                assertEquals(0, times, "refused, so not handled: id=" + id);
                assertTrue(answer.headers().firstValue("Retry-After").isPresent(), answer.body());
                refused.incrementAndGet();
            }
            case 502 -> {
                assertTrue(times <= 1, "of unknown outcome, but not handled twice: id=" + id);
                refused.incrementAndGet();
            }
            default -> throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
    }

    /// Saves, ends and kills instances at random while requests come.
    private static void disturb(
            AppCluster cluster, ApplicationKey key, SplittableRandom random, AtomicBoolean isOver) {
        List<String> ways = List.of("go-on", "end", "sleep");
        while (!isOver.get()) {
            AppNode node = cluster.node(random.nextInt(1, 4));
            if (random.nextInt(40) == 0) {
                node.runtime().containers().stream().findFirst()
                        .ifPresent(container -> node.runtime().remove(container.id()));
            } else {
                Answer _ = node.desk().perform(
                        new Order.Save(key.toString(), -1, Optional.empty(), ways.get(random.nextInt(3))),
                        Duration.ofSeconds(10));
            }
            java.util.concurrent.locks.LockSupport.parkNanos(
                    Duration.ofMillis(random.nextInt(40, 160)).toNanos());
        }
    }

    private static Versioned<SnapshotKey,
            SnapshotEntry> onlySnapshot(AppCluster cluster, ApplicationKey key) {
        List<Versioned<SnapshotKey, SnapshotEntry>> all = cluster.catalog().snapshots(key);
        assertEquals(1, all.size());
        return all.getFirst();
    }

    private static void save(AppNode node, ApplicationKey key, String then) {
        Answer answer = node.desk()
                .perform(new Order.Save(key.toString(), -1, Optional.empty(), then), Duration.ofSeconds(20));
        assertTrue(answer instanceof Answer.Saved, answer.toString());
    }

    private static void end(AppNode node, ApplicationKey key) {
        save(node, key, "end");
        Await.until("it has ended", () -> node.host().instances().isEmpty());
    }
}
