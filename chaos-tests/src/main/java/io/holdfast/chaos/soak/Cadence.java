package io.holdfast.chaos.soak;

/// When faults of one family are due: so many, spread evenly over a stretch of time. One that comes late
/// hurries those after it. Confined to its thread.
public final class Cadence {
    private final long fromNanos;
    private final long toNanos;
    private final int count;
    private int begun;

    /// Spreads `count` faults over the stretch.
    public Cadence(long fromNanos, long toNanos, int count) {
        if (toNanos < fromNanos || count < 0) {
            throw new IllegalArgumentException("no stretch of time, fromNanos=" + fromNanos + ", toNanos="
                    + toNanos + ", count=" + count);
        }
        this.fromNanos = fromNanos;
        this.toNanos = toNanos;
        this.count = count;
    }

    /// How many are to come in a part of a run so that there are as many as there should be in the end.
    ///
    /// @param goal of the whole run
    /// @param done so far
    /// @param share of this part in the time that is left, up to 1
    public static int countFor(int goal, int done, double share) {
        return (int) Math.ceil(Math.max(0, goal - done) * Math.clamp(share, 0, 1));
    }

    public boolean isDue(long nowNanos) {
        return !isDone() && nowNanos - fromNanos >= (toNanos - fromNanos) / (double) count * (begun + 0.5);
    }

    public boolean isDone() {
        return begun >= count;
    }

    /// One has begun.
    public void begin() {
        begun++;
    }
}
