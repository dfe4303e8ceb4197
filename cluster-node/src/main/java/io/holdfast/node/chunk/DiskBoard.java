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
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// How the disks of all nodes are, as they said a moment ago. Nodes are asked when somebody looks and what
/// is known is old; a node that does not answer has no disks. Concurrent.
///
/// Whoever writes asks a node that has never answered again for a while before that is said of it: links
/// between nodes that just started may still be resting after they were refused, and what is written
/// meanwhile would be kept by fewer hosts than there are.
public final class DiskBoard {
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// Whoever looks waits so long for nodes of which nothing is known.
    private static final long PATIENCE_MILLIS = 1_000;

    /// And so long, counted from the first question, for a node that never answered.
    private static final long FIRST_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(6);

    private static final long ASK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Function<String, CompletableFuture<List<DiskReport>>> ask;
    private final LongSupplier nanoClock;
    private final LongConsumer pause;
    private final Map<String, Long> unheardSince = new ConcurrentHashMap<>();
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
    /// @param pause waits for so many nanoseconds
    public DiskBoard(
            Function<String, CompletableFuture<List<DiskReport>>> ask, LongSupplier nanoClock,
            LongConsumer pause) {
        this.ask = ask;
        this.nanoClock = nanoClock;
        this.pause = pause;
    }

    /// How the disks of these nodes are; those that did not answer are missing.
    public Map<String, List<DiskReport>> look(Set<String> nodes) {
        return look(nodes, false);
    }

    /// The same for whoever writes where there is room: a node that never answered is waited for longer.
    public Map<String, List<DiskReport>> lookPatiently(Set<String> nodes) {
        return look(nodes, true);
    }

    private Map<String, List<DiskReport>> look(Set<String> nodes, boolean isPatient) {
        answers.keySet().retainAll(nodes);
        unheardSince.keySet().retainAll(nodes);
        nodes.forEach(this::askIfOld);
        long end = nanoClock.getAsLong() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        Map<String, List<DiskReport>> found = new HashMap<>();
        for (String node : nodes) {
            List<DiskReport> disks = disksOf(node, end);
            while (isPatient && disks.isEmpty() && mayAnswerYet(node)) {
                pause.accept(ASK_AGAIN_NANOS);
                askIfFailed(node);
                disks = disksOf(node, nanoClock.getAsLong() + ASK_AGAIN_NANOS);
            }
            if (isPatient && disks.isEmpty()) {
                disks = disksOf(node, nanoClock.getAsLong()); // It may have answered between two looks.
            }
            if (!disks.isEmpty()) {
                found.put(node, disks);
            }
        }
        return found;
    }

    /// Whether a node has never answered, and was not asked for long.
    private boolean mayAnswerYet(String node) {
        Long since = unheardSince.get(node);
        return since != null && nanoClock.getAsLong() - since < FIRST_PATIENCE_NANOS;
    }

    private void askIfFailed(String node) {
        Answer answer = answers.get(node);
        boolean isUnderWay =
                answer != null && answer.underWay() != null && !answer.underWay().isDone();
        if (!isUnderWay) {
            askNow(node);
        }
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
            return isAsked && before != null ? before : asked(node, before, now);
        });
    }

    private void askNow(String node) {
        answers.compute(node, (_, before) -> asked(node, before, nanoClock.getAsLong()));
    }

    private Answer asked(String node, @Nullable Answer before, long now) {
        if (before == null) {
            unheardSince.putIfAbsent(node, now);
        }
        long question = questions.incrementAndGet();
        CompletableFuture<List<DiskReport>> asked = ask.apply(node);
        List<DiskReport> known = before == null ? List.of() : before.latest();
        var _ = asked.whenComplete((disks, failure) -> {
            if (failure == null) {
                unheardSince.remove(node);
            }
            settle(node, question, failure == null ? disks : List.of());
        });
        return new Answer(known, now, question, asked);
    }

    private void settle(String node, long question, List<DiskReport> disks) {
        // On another thread: the answer may be there while the question is still being entered.
        var _ = CompletableFuture.runAsync(() -> answers.computeIfPresent(node, (_, before) ->
                before.question() == question
                        ? new Answer(disks, before.askedNanos(), question, null)
                        : before));
    }
}
