package io.holdfast.chaos.simulation;

import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Virtual time: what is due next happens next, ties in the order they were planned. Confined to one thread.
public final class EventQueue {
    static final long MILLI = 1_000_000;

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final SplittableRandom random;
    private long nowNanos;
    private long nextNumber;
    private long trace = 1;

    public EventQueue(long seed) {
        this.random = new SplittableRandom(seed);
    }

    long nowNanos() {
        return nowNanos;
    }

    RandomGenerator random() {
        return random;
    }

    /// A number that two runs share only if they did the same at the same times.
    long trace() {
        return trace;
    }

    void after(long nanos, Runnable action) {
        events.add(new Event(nowNanos + nanos, nextNumber++, action));
    }

    /// After a time drawn between the two.
    void afterBetween(long fromMillis, long toMillis, Runnable action) {
        after(random.nextLong(fromMillis * MILLI, toMillis * MILLI + 1), action);
    }

    boolean chance(int perMille) {
        return random.nextInt(1_000) < perMille;
    }

    void runUntil(long nanos) {
        while (!events.isEmpty() && events.peek().atNanos() <= nanos) {
            Event event = events.remove();
            nowNanos = event.atNanos();
            trace = trace * 31 + event.atNanos() * 7 + event.number();
            event.action().run();
        }
        nowNanos = Math.max(nowNanos, nanos);
    }

    private record Event(long atNanos, long number, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }
}
