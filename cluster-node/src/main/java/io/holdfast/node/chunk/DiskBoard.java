package io.holdfast.node.chunk;

import io.holdfast.node.storage.DiskReport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// How the disks of all nodes are, as they said a moment ago. Nodes are asked when somebody looks and what
/// is known is old; a node that does not answer has no disks. Concurrent.
public final class DiskBoard {
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// Whoever looks waits so long for nodes of which nothing is known.
    private static final long PATIENCE_MILLIS = 1_000;

    private final Function<String, CompletableFuture<List<DiskReport>>> ask;
    private final LongSupplier nanoClock;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final AtomicLong questions = new AtomicLong();

    /// What a node said last, and the question that is under way.
    private record Answer(
            List<DiskReport> disks,
            long askedNanos,
            long question,
            @Nullable CompletableFuture<List<DiskReport>> underWay) {
        /// What it said last, also if that came only just now.
        List<DiskReport> latest() {
            return underWay != null && underWay.isDone()
                    ? underWay.exceptionally(_ -> List.of()).join()
                    : disks;
        }
    }

    /// Makes a board.
    ///
    /// @param ask asks a node, by name, how its disks are
    public DiskBoard(Function<String, CompletableFuture<List<DiskReport>>> ask, LongSupplier nanoClock) {
        this.ask = ask;
        this.nanoClock = nanoClock;
    }

    /// How the disks of these nodes are; those that did not answer are missing.
    public Map<String, List<DiskReport>> look(Set<String> nodes) {
        answers.keySet().retainAll(nodes);
        nodes.forEach(this::askIfOld);
        long end = nanoClock.getAsLong() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        Map<String, List<DiskReport>> found = new HashMap<>();
        for (String node : nodes) {
            List<DiskReport> disks = disksOf(node, end);
            if (!disks.isEmpty()) {
                found.put(node, disks);
            }
        }
        return found;
    }

    private List<DiskReport> disksOf(String node, long endNanos) {
        Answer answer = answers.get(node);
        if (answer == null) {
            return List.of();
        }
        CompletableFuture<List<DiskReport>> underWay = answer.underWay();
        if (!answer.disks().isEmpty() || underWay == null) {
            return answer.disks();
        }
        try {
            long left = Math.max(0, endNanos - nanoClock.getAsLong());
            return underWay.copy().completeOnTimeout(List.of(), left, TimeUnit.NANOSECONDS).join();
        } catch (CompletionException notAnswered) {
            return List.of();
        }
    }

    private void askIfOld(String node) {
        answers.compute(node, (_, before) -> {
            long now = nanoClock.getAsLong();
            boolean isAsked = before != null
                    && (now - before.askedNanos() < FRESH_NANOS
                            || (before.underWay() != null && !before.underWay().isDone()));
            if (isAsked && before != null) {
                return before;
            }
            long question = questions.incrementAndGet();
            CompletableFuture<List<DiskReport>> asked = ask.apply(node);
            List<DiskReport> known = before == null ? List.of() : before.latest();
            var _ = asked.whenComplete(
                    (disks, failure) -> settle(node, question, failure == null ? disks : List.of()));
            return new Answer(known, now, question, asked);
        });
    }

    private void settle(String node, long question, List<DiskReport> disks) {
        // On another thread: the answer may be there while the question is still being entered.
        var _ = CompletableFuture.runAsync(() -> answers.computeIfPresent(node, (_, before) ->
                before.question() == question
                        ? new Answer(disks, before.askedNanos(), question, null)
                        : before));
    }
}
