package io.holdfast.gridstate.command;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.catalog.Check;

/// Commands about leases. Each grant has a greater token than every one before of the same name.
public sealed interface LeaseCommand extends GridCommand {
    /// Shortest and longest time that a lease is granted for.
    long TTL_MILLIS_MIN = 100;

    long TTL_MILLIS_MAX = 24L * 3_600_000;

    /// Longest name, such as `volume/<name>`, and longest holder.
    int NAME_CHARS_MAX = 127;

    /// Takes a lease that nobody holds, or the holder's own again. Answers with the token.
    record Acquire(String lease, String holder, long ttlMillis) implements LeaseCommand {
        public Acquire {
            Check.text("a lease's name", lease, NAME_CHARS_MAX);
            Check.text("a lease's holder", holder, NAME_CHARS_MAX);
            Check.range("a lease's time", ttlMillis, TTL_MILLIS_MIN, TTL_MILLIS_MAX);
        }

        @Override
        public String target() {
            return lease;
        }
    }

    /// Extends a lease that is still held under the token, from now.
    record Renew(String lease, String holder, FencingToken token, long ttlMillis) implements LeaseCommand {
        public Renew {
            Check.text("a lease's name", lease, NAME_CHARS_MAX);
            Check.text("a lease's holder", holder, NAME_CHARS_MAX);
            Check.range("a lease's time", ttlMillis, TTL_MILLIS_MIN, TTL_MILLIS_MAX);
        }

        @Override
        public String target() {
            return lease;
        }
    }

    /// Gives a lease back; giving back what is no longer held changes nothing.
    record Release(String lease, String holder, FencingToken token) implements LeaseCommand {
        public Release {
            Check.text("a lease's name", lease, NAME_CHARS_MAX);
            Check.text("a lease's holder", holder, NAME_CHARS_MAX);
        }

        @Override
        public String target() {
            return lease;
        }
    }

    /// Takes a lease from whoever holds it. Answers with a token that fences the holder.
    record Seize(String lease, String holder, long ttlMillis) implements LeaseCommand {
        public Seize {
            Check.text("a lease's name", lease, NAME_CHARS_MAX);
            Check.text("a lease's holder", holder, NAME_CHARS_MAX);
            Check.range("a lease's time", ttlMillis, TTL_MILLIS_MIN, TTL_MILLIS_MAX);
        }

        @Override
        public String target() {
            return lease;
        }
    }
}
