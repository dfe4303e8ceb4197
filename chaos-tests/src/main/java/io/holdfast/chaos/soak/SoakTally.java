package io.holdfast.chaos.soak;

import io.holdfast.chaos.checker.Verdict;
import io.holdfast.chaos.report.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/// The sums of a soak. What is judged is added and forgotten. Guarded by a lock.
public final class SoakTally {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Integer> faults = new TreeMap<>();
    private final Map<String, List<Double>> timesMillis = new LinkedHashMap<>();
    private final Map<String, Rate> rates = new LinkedHashMap<>();
    private final Map<String, Long> counts = new LinkedHashMap<>();
    private final VerdictSum verdicts = new VerdictSum();
    private final List<Sample> samples = new ArrayList<>();

    /// Events in a stretch of time.
    public record Rate(double events, double seconds) {
        Rate plus(Rate other) {
            return new Rate(events + other.events, seconds + other.seconds);
        }

        /// 0 for no time.
        public double perSecond() {
            return seconds == 0 ? 0 : events / seconds;
        }
    }

    /// Sorted times of one kind.
    public record Times(List<Double> sortedMillis) {
        public int count() {
            return sortedMillis.size();
        }

        public double median() {
            return sortedMillis.get(sortedMillis.size() / 2);
        }

        public double max() {
            return sortedMillis.getLast();
        }
    }

    /// All sums at one moment. Immutable.
    public record Sums(Map<String, Integer> faults, Map<String, Times> times, Map<String, Rate> rates,
            Map<String, Long> counts, List<Verdict> verdicts, List<Sample> samples) {
        public long count(String name) {
            return counts.getOrDefault(name, 0L);
        }

        /// Of faults whose names begin so.
        public int faultCount(String prefix) {
            return faults.entrySet().stream().filter(fault -> fault.getKey().startsWith(prefix))
                    .mapToInt(Map.Entry::getValue).sum();
        }
    }

    /// A fault was applied.
    public void fault(String name) {
        locked(() -> faults.merge(name, 1, Integer::sum));
    }

    /// Something took so long.
    public void time(String name, double millis) {
        locked(() -> timesMillis.computeIfAbsent(name, _ -> new ArrayList<>()).add(millis));
    }

    /// Something happened so often in so many seconds.
    public void rate(String name, Rate rate) {
        locked(() -> rates.merge(name, rate, Rate::plus));
    }

    public void count(String name, long more) {
        locked(() -> counts.merge(name, more, Long::sum));
    }

    /// What a window came to.
    public void window(List<Verdict> judged, List<Sample> sampled) {
        locked(() -> {
            verdicts.add(judged);
            samples.addAll(sampled);
        });
    }

    public Sums sums() {
        lock.lock();
        try {
            Map<String, Times> times = new LinkedHashMap<>();
            timesMillis.forEach((name, millis) ->
                    times.put(name, new Times(millis.stream().sorted().toList())));
            return new Sums(new TreeMap<>(faults), times, new LinkedHashMap<>(rates),
                    new LinkedHashMap<>(counts), verdicts.verdicts(), List.copyOf(samples));
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }
}
