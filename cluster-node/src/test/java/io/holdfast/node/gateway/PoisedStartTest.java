package io.holdfast.node.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.gridstate.application.ApplicationSpec;
import io.holdfast.gridstate.application.Scaling;
import io.holdfast.gridstate.application.SnapshotPolicy;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.command.ApplicationCommand;
import io.holdfast.gridstate.command.SnapshotCommand;
import io.holdfast.gridstate.placement.PlacementEntry;
import io.holdfast.gridstate.placement.PlacementKey;
import io.holdfast.gridstate.placement.PlacementState;
import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.hostio.container.ContainerState;
import io.holdfast.node.app.Instance;
import io.holdfast.node.http.port.InstanceDesk;
import io.holdfast.node.testing.AppCluster;
import io.holdfast.node.testing.AppNode;
import io.holdfast.node.testing.Await;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.io.TempDir;

/// Slots that are held for frozen copies: woken without the ledger, and by nobody who may have lost them.
@Execution(ExecutionMode.CONCURRENT)
final class PoisedStartTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    @Test
    @Timeout(120)
    void aCopyWhoseSlotIsHeldWakesThoughTheLedgerIsSilent() throws Exception {
        try (AppCluster cluster = new AppCluster(folder, 2)) {
            ApplicationKey key = poise(cluster);
            AppNode node = cluster.node(1);
            node.keepFromLedger(_ -> true);
            HttpResponse<String> woken = node.get("/apps/counter/", "2");
            node.keepFromLedger(_ -> false);
            assertEquals("2", woken.body());
            assertEquals("thawed", woken.headers().firstValue("Holdfast-Start").orElseThrow());
            assertEquals("3", cluster.node(2).get("/apps/counter/", "3").body(), "it is the only one");
            assertEquals(1, cluster.catalog().placements(key).size());
        }
    }

    @Test
    @Timeout(120)
    void whatIsRestoredWhileTheLedgerDecidesGoesOnOnlyIfTheSlotIsGiven() throws Exception {
        try (AppCluster cluster = new AppCluster(folder, 2);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            ApplicationKey key = cluster.define("counter", pooled(cluster, 0, 1));
            assertEquals("1", cluster.node(1).get("/apps/counter/", "1").body());
            save(cluster.node(1), key, "end");
            Await.until("it runs nowhere", () -> cluster.catalog().placements(key).isEmpty());
            AppNode late = cluster.node(1);
            CountDownLatch isAsked = new CountDownLatch(1);
            CountDownLatch isOver = new CountDownLatch(1);
            late.keepFromLedger(command -> {
                if (command instanceof ApplicationCommand.Claim) {
                    isAsked.countDown();
                    boolean _ = isInterruptedBefore(isOver);
                }
                return false;
            });
            Future<HttpResponse<String>> early = threads.submit(() -> late.get("/apps/counter/", "early"));
            isAsked.await();
            assertEquals("2", cluster.node(2).get("/apps/counter/", "2").body(), "the slot is its own");
            assertEquals(0, running(late), "nothing goes on while it is not known whose the slot is");
            isOver.countDown();
            assertEquals("3", early.get().body(), "it went to the one that runs");
            Await.until("what was made is gone", () -> late.runtime().containers().isEmpty());
            assertEquals(1, cluster.catalog().placements(key).size());
        }
    }

    @Test
    @Timeout(120)
    void anotherNodeSendsTheRequestToTheCopy() throws Exception {
        try (AppCluster cluster = new AppCluster(folder, 2)) {
            ApplicationKey _ = poise(cluster);
            HttpResponse<String> woken = cluster.node(2).get("/apps/counter/", "2");
            assertEquals("2", woken.body());
            assertEquals("thawed", woken.headers().firstValue("Holdfast-Start").orElseThrow());
            assertEquals(List.of(), cluster.node(2).runtime().containers());
        }
    }

    @Test
    @Timeout(120)
    void aCopyIsNotWokenByANodeWhoseLeaseMayBeOver() throws Exception {
        try (AppCluster cluster = new AppCluster(folder, 2)) {
            ApplicationKey _ = poise(cluster);
            AppNode cut = cluster.node(1);
            cut.keepFromLedger(_ -> true);
            Await.until("it is no longer sure of its lease", () -> !cut.host().isReady());
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<HttpResponse<String>> early = threads.submit(() -> cut.get("/apps/counter/", "early"));
                assertEquals("2", cluster.node(2).get("/apps/counter/", "2").body(),
                        "once the lease is over, the other node has the slot");
                assertEquals(0, running(cut), "what was frozen stands still");
                cut.keepFromLedger(_ -> false);
                assertEquals("3", early.get().body(), "it went to the one that runs");
            }
            assertEquals(0, running(cut));
        }
    }

    @Test
    @Timeout(120)
    void aSleepingInstanceIsNotWokenByANodeWhoseLeaseMayBeOver() throws Exception {
        try (AppCluster cluster = new AppCluster(folder, 2)) {
            ApplicationKey key = cluster.define("counter", pooled(cluster, 0, 1));
            AppNode cut = cluster.node(1);
            assertEquals("1", cut.get("/apps/counter/", "1").body());
            save(cut, key, "sleep");
            cut.keepFromLedger(_ -> true);
            Await.until("it is no longer sure of its lease", () -> !cut.host().isReady());
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<HttpResponse<String>> early = threads.submit(() -> cut.get("/apps/counter/", "early"));
                assertEquals("2", cluster.node(2).get("/apps/counter/", "2").body());
                assertEquals(0, running(cut), "it sleeps on");
                cut.keepFromLedger(_ -> false);
                assertEquals("3", early.get().body());
            }
        }
    }

    @Test
    @Timeout(120)
    void whatRunsStandsStillInTimeThoughTheLedgerKeepsTheHostWaiting() throws Exception {
        try (AppCluster cluster = new AppCluster(folder, 1)) {
            ApplicationKey _ = cluster.define("counter", pooled(cluster, 0, 1));
            AppNode node = cluster.node(1);
            assertEquals("1", node.get("/apps/counter/", "1").body());
            CountDownLatch isOver = new CountDownLatch(1);
            node.keepFromLedger(_ -> isInterruptedBefore(isOver));
            ApplicationKey _ = cluster.define(
                    "kept-up", cluster.counter(new Scaling(1, 1, 0, 0, Scaling.OnIdle.SAVE)));
            Await.until("it stands still", () -> running(node) == 0);
            node.keepFromLedger(_ -> false);
            isOver.countDown();
            assertEquals("2", node.get("/apps/counter/", "2").body());
        }
    }

    private static boolean isInterruptedBefore(CountDownLatch isOver) {
        try {
            isOver.await();
            return false;
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    @Test
    @Timeout(120)
    void theSlotOfANodeThatDiesIsWokenElsewhereOnceAndWithItsMemory() throws Exception {
        try (AppCluster cluster = new AppCluster(folder, 3)) {
            ApplicationKey key = poise(cluster);
            cluster.node(1).cutOff();
            assertEquals("2", cluster.node(2).get("/apps/counter/", "2").body());
            assertEquals("3", cluster.node(3).get("/apps/counter/", "3").body());
            assertEquals(0, running(cluster.node(1)));
            assertEquals(1, cluster.catalog().placements(key).size());
        }
    }

    @Test
    @Timeout(120)
    void aHeldSlotIsGivenBackWhenTheApplicationStopsOrItsPoolIsEmptied() throws Exception {
        try (AppCluster cluster = new AppCluster(folder, 1)) {
            ApplicationKey key = poise(cluster);
            cluster.define("counter", pooled(cluster, 0, 1));
            Await.until("the slot is free", () -> cluster.catalog().placements(key).isEmpty());
            cluster.define("counter", pooled(cluster, 1, 1));
            Await.until("it is held again", () -> isHeldAsleep(cluster, key));
            cluster.stop(key);
            Await.until("the slot is free again", () -> cluster.catalog().placements(key).isEmpty());
            Await.until("nothing is left", () -> cluster.node(1).runtime().containers().isEmpty());
            assertEquals(503, cluster.node(1).get("/apps/counter/", "2").statusCode());
        }
    }

    @Test
    @Timeout(120)
    void anOrderToStartHereWakesWhatStandsStillHere() throws Exception {
        try (AppCluster cluster = new AppCluster(folder, 1)) {
            ApplicationKey key = poise(cluster);
            AppNode node = cluster.node(1);
            InstanceDesk.Order start = new InstanceDesk.Order.Start(key.toString(), -1, "node-1");
            InstanceDesk.Answer started = new InstanceDesk.Answer.Started("node-1", key + "/0");
            assertEquals(started, node.desk().perform(start, PATIENCE), "from its frozen copy");
            Await.until("it runs", () -> phases(node).equals(List.of("ready")));
            save(node, key, "sleep");
            assertEquals(List.of("asleep"), phases(node));
            assertEquals(started, node.desk().perform(start, PATIENCE), "from its sleep");
            Await.until("it runs again", () -> phases(node).equals(List.of("ready")));
            assertEquals("2", node.get("/apps/counter/", "2").body(), "with its memory");
        }
    }

    private static List<String> phases(AppNode node) {
        return node.host().instances().stream().map(Instance::picture).map(Instance.Picture::phase).toList();
    }

    @Test
    @Timeout(120)
    void aPoisedInstanceIsSavedAlready() throws Exception {
        try (AppCluster cluster = new AppCluster(folder, 1)) {
            ApplicationKey key = poise(cluster);
            int before = cluster.catalog().snapshots(key).size();
            save(cluster.node(1), key, "go-on");
            assertEquals(before, cluster.catalog().snapshots(key).size());
        }
    }

    @Test
    @Timeout(120)
    void whoWishesTheSameRestAgainMeetsTheFirstWish() throws Exception {
        try (AppCluster cluster = new AppCluster(folder, 1);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            ApplicationKey key = cluster.define("counter", pooled(cluster, 0, 1));
            AppNode node = cluster.node(1);
            assertEquals("1", node.get("/apps/counter/", "1").body());
            CountDownLatch isBegun = new CountDownLatch(1);
            CountDownLatch isOver = new CountDownLatch(1);
            node.keepFromLedger(command -> {
                if (command instanceof SnapshotCommand.Begin) {
                    isBegun.countDown();
                    boolean _ = isInterruptedBefore(isOver);
                }
                return false;
            });
            Future<InstanceDesk.Answer> first = threads.submit(() -> node.desk().perform(
                    new InstanceDesk.Order.Save(key.toString(), -1, Optional.empty(), "sleep"), PATIENCE));
            isBegun.await();
            InstanceDesk.Answer other = node.desk().perform(
                    new InstanceDesk.Order.Save(key.toString(), -1, Optional.empty(), "end"), PATIENCE);
            assertEquals(InstanceDesk.Answer.Refused.class, other.getClass(), other.toString());
            Future<InstanceDesk.Answer> again = threads.submit(() -> node.desk().perform(
                    new InstanceDesk.Order.Save(key.toString(), -1, Optional.empty(), "sleep"), PATIENCE));
            assertThrows(TimeoutException.class, () -> again.get(200, TimeUnit.MILLISECONDS));
            isOver.countDown();
            assertEquals(InstanceDesk.Answer.Saved.class, first.get().getClass(), first.toString());
            assertEquals(first.get(), again.get());
        }
    }

    @Test
    @Timeout(120)
    void wakesStopsAndScalingAtOnceLeaveEachRequestHandledOnceOrRefused() throws Exception {
        long seed = 20_261_122L;
        System.out.println("seed=" + seed);
        try (AppCluster cluster = new AppCluster(folder, 2);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            ApplicationKey key = cluster.define("counter", pooled(cluster, 2, 2));
            AtomicBoolean isOver = new AtomicBoolean();
            Future<?> unrest =
                    threads.submit(() -> disturb(cluster, key, new SplittableRandom(seed), isOver));
            AtomicInteger next = new AtomicInteger();
            List<Callable<Void>> callers = new ArrayList<>();
            for (int caller = 0; caller < 8; caller++) {
                callers.add(() -> {
                    for (int number = next.getAndIncrement(); number < 1_500; number =
                            next.getAndIncrement()) {
                        checkOne(cluster, "w" + number);
                    }
                    return null;
                });
            }
            for (Future<Void> caller : threads.invokeAll(callers)) {
                caller.get();
            }
            isOver.set(true);
            unrest.get();
            cluster.stop(key);
            Await.until("nothing runs", () -> running(cluster.node(1)) + running(cluster.node(2)) == 0);
        }
    }

    private static void checkOne(AppCluster cluster, String id) throws Exception {
        AppNode node = cluster.node(1 + Math.floorMod(id.hashCode(), 2));
        HttpResponse<String> answer = node.get("/apps/counter/", id);
        int times = cluster.handled().timesOf(id);
        switch (answer.statusCode()) {
            case 200 -> assertEquals(1, times, "answered, so handled once: id=" + id);
            case 404, 503 -> assertEquals(0, times, "refused, so not handled: id=" + id);
            case 502 -> assertTrue(times <= 1, "of unknown outcome, but not handled twice: id=" + id);
            default -> throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
    }

    /// Stops, starts, scales and empties the application at random while requests wake it.
    private static void disturb(
            AppCluster cluster, ApplicationKey key, SplittableRandom random, AtomicBoolean isOver) {
        while (!isOver.get()) {
            switch (random.nextInt(6)) {
                case 0 -> {
                    cluster.stop(key);
                    cluster.define("counter", pooled(cluster, 2, 1 + random.nextInt(3)));
                }
                case 1 -> cluster.define(
                        "counter", pooled(cluster, random.nextInt(3), 1 + random.nextInt(3)));
                default -> {
                    InstanceDesk.Answer _ = cluster.node(1 + random.nextInt(2)).desk().perform(
                            new InstanceDesk.Order.Save(key.toString(), -1, Optional.empty(), "end"),
                            PATIENCE);
                }
            }
            java.util.concurrent.locks.LockSupport.parkNanos(
                    Duration.ofMillis(random.nextInt(20, 200)).toNanos());
        }
    }

    /// An application without an instance, of which the first node has a frozen copy and the only slot.
    private static ApplicationKey poise(AppCluster cluster) throws Exception {
        ApplicationKey key = cluster.define("counter", pooled(cluster, 1, 1));
        assertEquals("1", cluster.node(1).get("/apps/counter/", "1").body());
        save(cluster.node(1), key, "end");
        Await.until("the slot is held for a copy", () -> isHeldAsleep(cluster, key)
                && cluster.node(1).host().instances().stream()
                        .map(Instance::picture)
                        .anyMatch(picture -> picture.phase().equals("poised")));
        return key;
    }

    private static boolean isHeldAsleep(AppCluster cluster, ApplicationKey key) {
        List<Versioned<PlacementKey, PlacementEntry>> placements = cluster.catalog().placements(key);
        return placements.size() == 1
                && placements.getFirst().value().state() instanceof PlacementState.Asleep;
    }

    private static void save(AppNode node, ApplicationKey key, String then) {
        InstanceDesk.Answer answer = node.desk().perform(
                new InstanceDesk.Order.Save(key.toString(), -1, Optional.empty(), then), PATIENCE);
        assertEquals(InstanceDesk.Answer.Saved.class, answer.getClass(), answer.toString());
    }

    private static long running(AppNode node) {
        return node.runtime().containers().stream()
                .filter(container -> container.state() == ContainerState.RUNNING)
                .count();
    }

    private static ApplicationSpec pooled(AppCluster cluster, int pool, int countMax) {
        ApplicationSpec spec = cluster.counter(new Scaling(0, countMax, 0, 0, Scaling.OnIdle.SAVE));
        SnapshotPolicy policy = new SnapshotPolicy(
                SnapshotPolicy.Moment.FIRST_REQUEST, SnapshotPolicy.WhileMaking.WAIT, pool);
        return new ApplicationSpec(
                spec.root(), spec.command(), spec.environment(), spec.workingFolder(), spec.port(),
                spec.access(), spec.mounts(), spec.limits(), spec.probe(), spec.scaling(), policy);
    }
}
