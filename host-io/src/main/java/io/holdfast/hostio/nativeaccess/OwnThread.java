package io.holdfast.hostio.nativeaccess;

import java.util.concurrent.CompletableFuture;

/// Work on a thread of its own, which ends with it: what such work changes of its thread (a namespace) stays
/// without effect on others.
final class OwnThread {
    private OwnThread() {}

    /// What is to be done.
    @FunctionalInterface
    interface Work {
        long run() throws SystemCallException;
    }

    /// The outcome of a piece of work.
    private sealed interface Outcome {
        record Done(long value) implements Outcome {}

        record Refused(SystemCallException reason) implements Outcome {}
    }

    static long run(String name, Work work) throws SystemCallException {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        Thread.ofPlatform().name(name).start(() -> outcome.complete(attempt(work)));
        // A few system calls: not worth being interruptible.
        return switch (outcome.join()) {
            case Outcome.Done(long value) -> value;
            case Outcome.Refused(SystemCallException reason) -> throw reason;
        };
    }

    private static Outcome attempt(Work work) {
        try {
            return new Outcome.Done(work.run());
        } catch (SystemCallException refused) {
            return new Outcome.Refused(refused);
        }
    }
}
