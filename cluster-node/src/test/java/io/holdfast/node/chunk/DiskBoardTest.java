package io.holdfast.node.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.node.storage.DiskReport;
import io.holdfast.node.testing.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class DiskBoardTest {
    private static final DiskReport DISK = new DiskReport(0, "/d", "serving", "", 0, 0, 100, 0);

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();
    private final Map<String, CompletableFuture<List<DiskReport>>> answers = new ConcurrentHashMap<>();
    private final DiskBoard board = new DiskBoard(
            node -> {
                asked.incrementAndGet();
                return answers.getOrDefault(node, CompletableFuture.failedFuture(new AssertionError("down")));
            },
            nanos::get,
            this::passTime);
    private final AtomicInteger pauses = new AtomicInteger();
    private volatile Runnable whilePaused = () -> {};

    private void passTime(long pausedNanos) {
        pauses.incrementAndGet();
        nanos.addAndGet(pausedNanos);
        whilePaused.run();
    }

    @Test
    void aNodeThatHasNeverAnsweredIsAskedAgainBeforeItHasNoDisks() {
        whilePaused = () -> {
            if (pauses.get() == 20) {
                answers.put("slow", CompletableFuture.completedFuture(List.of(DISK)));
            }
        };
        answers.put("a", CompletableFuture.completedFuture(List.of(DISK)));
        assertEquals(Set.of("a", "slow"), board.lookPatiently(Set.of("a", "slow")).keySet());
        assertEquals(20, pauses.get());
    }

    @Test
    void aNodeThatIsSilentHoldsOnlyTheFirstUp() {
        long begun = nanos.get();
        assertTrue(board.lookPatiently(Set.of("down")).isEmpty());
        long firstNanos = nanos.get() - begun;
        assertTrue(firstNanos >= Duration.ofSeconds(6).toNanos(), "nanos=" + firstNanos);
        assertTrue(firstNanos < Duration.ofSeconds(7).toNanos(), "nanos=" + firstNanos);
        int pausesOfTheFirst = pauses.get();
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        assertTrue(board.lookPatiently(Set.of("down")).isEmpty());
        assertEquals(pausesOfTheFirst, pauses.get());
        assertTrue(board.look(Set.of("another")).isEmpty(), "and nobody who only wants to see");
        assertEquals(pausesOfTheFirst, pauses.get());
    }

    @Test
    void nodesAreAskedOncePerSecondAndNotForEachLook() {
        answers.put("a", CompletableFuture.completedFuture(List.of(DISK)));
        assertEquals(Map.of("a", List.of(DISK)), board.look(Set.of("a")));
        assertEquals(Map.of("a", List.of(DISK)), board.look(Set.of("a")));
        assertEquals(1, asked.get());
        Await.until("the answer is taken over", () -> {
            nanos.addAndGet(Duration.ofSeconds(2).toNanos());
            return board.look(Set.of("a")).size() == 1 && asked.get() >= 2;
        });
    }

    @Test
    void aNodeThatDoesNotAnswerHasNoDisks() {
        answers.put("a", CompletableFuture.completedFuture(List.of(DISK)));
        assertEquals(Set.of("a"), board.look(Set.of("a", "down")).keySet());
        answers.remove("a");
        Await.until("a is down too", () -> {
            nanos.addAndGet(Duration.ofSeconds(2).toNanos());
            return board.look(Set.of("a")).isEmpty();
        });
    }

    @Test
    void whatIsKnownIsAnsweredWhileANewQuestionIsUnderWay() {
        answers.put("a", CompletableFuture.completedFuture(List.of(DISK)));
        board.look(Set.of("a"));
        answers.put("a", new CompletableFuture<>());
        Await.until("asked again", () -> {
            nanos.addAndGet(Duration.ofSeconds(2).toNanos());
            board.look(Set.of("a"));
            return asked.get() >= 2;
        });
        assertTrue(board.look(Set.of("a")).containsKey("a"));
    }

    @Test
    void anAnswerCountsThoughTheNextQuestionIsAskedAtOnce() {
        for (int i = 0; i < 1_000; i++) {
            String node = "n" + i;
            answers.put(node, CompletableFuture.completedFuture(List.of(DISK)));
            board.look(Set.of(node));
            answers.put(node, new CompletableFuture<>());
            nanos.addAndGet(Duration.ofSeconds(2).toNanos());
            assertTrue(board.look(Set.of(node)).containsKey(node), node);
        }
    }
}
