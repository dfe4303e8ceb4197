package io.holdfast.gridstate.application;

import io.holdfast.gridstate.catalog.Check;

/// How many instances of an application there are.
///
/// @param countMin that run without being asked for
/// @param countMax at once
/// @param concurrency requests that one instance handles before another is started; 0 for any number
/// @param idleMillis without a request after which an instance beyond the least is put to sleep; 0 for never
/// @param onIdle what becomes of the memory of an instance that is put to sleep
public record Scaling(int countMin, int countMax, int concurrency, long idleMillis, OnIdle onIdle) {
    /// Instances of one application.
    public static final int COUNT_MAX = 1_000;

    /// One instance, started by the first request, saved after five minutes without one.
    public static final Scaling STANDARD = new Scaling(0, 1, 0, 300_000, OnIdle.SAVE);

    /// What becomes of the memory of an instance that is put to sleep.
    public enum OnIdle {
        /// It becomes a snapshot, from which the next request is answered.
        SAVE,
        /// It is dropped; the next request begins from the newest snapshot there is.
        DROP
    }

    public Scaling {
        Check.range("a greatest count of instances", countMax, 1, COUNT_MAX);
        Check.range("a least count of instances", countMin, 0, countMax);
        Check.range("requests at once", concurrency, 0, 100_000);
        Check.notNegative("an idle time", idleMillis);
    }
}
