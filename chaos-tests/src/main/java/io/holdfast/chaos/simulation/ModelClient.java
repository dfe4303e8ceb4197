package io.holdfast.chaos.simulation;

import io.holdfast.chaos.checker.LeaseEvent;
import io.holdfast.chaos.checker.VersionedAction;
import io.holdfast.chaos.checker.VersionedReply;
import io.holdfast.chaos.history.HistoryRecorder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// One client of the model: one call after the other, each written down.
final class ModelClient {
    static final String SET = "set";
    static final String LEASE = "lease";
    static final List<String> KEYS = List.of("x", "y", "z");
    private static final long LEASE_TTL_NANOS = 200 * EventQueue.MILLI;

    private final int id;
    private final Bug bug;
    private final EventQueue queue;
    private final ModelCalls calls;
    private final ModelEvidence evidence;
    private final Map<String, Long> seenVersions = new HashMap<>();
    private long nextNumber;

    ModelClient(int id, Bug bug, EventQueue queue, ModelCalls calls, ModelEvidence evidence) {
        this.id = id;
        this.bug = bug;
        this.queue = queue;
        this.calls = calls;
        this.evidence = evidence;
    }

    /// Goes on until the given time.
    void run(long untilNanos) {
        queue.afterBetween(1, 25, () -> {
            if (queue.nowNanos() < untilNanos) {
                nextCall(() -> run(untilNanos));
            }
        });
    }

    private void nextCall(Runnable then) {
        String key = KEYS.get(queue.random().nextInt(KEYS.size()));
        switch (queue.random().nextInt(13)) {
            case 0, 1, 2 -> readRegister(key, then);
            case 3, 4 -> write(key, OptionalLong.empty(), then);
            case 5, 6 -> write(key, OptionalLong.of(seenVersions.getOrDefault(key, 0L)), then);
            case 7, 8 -> addToSet(then);
            case 9 -> transfer(then);
            case 10 -> readBalances(then);
            case 11 -> putAndRemove(then);
            default -> acquire(then);
        }
    }

    private String newName() {
        return "c" + id + "-" + nextNumber++;
    }

    void readRegister(String key, Runnable then) {
        HistoryRecorder<VersionedAction, VersionedReply>.Call call =
                evidence.registers().invoke(id, key, new VersionedAction.Read(true));
        calls.read(state -> {
            ModelState.Register register = state.register(key);
            if (register.isThere()) {
                seenVersions.put(key, register.version());
                call.ok(new VersionedReply.Found(register.version(), register.value()));
            } else {
                call.ok(new VersionedReply.Absent());
            }
            then.run();
        }, () -> {
            call.failed("no answer to a read");
            then.run();
        });
    }

    private void write(String key, OptionalLong expected, Runnable then) {
        String name = newName();
        HistoryRecorder<VersionedAction, VersionedReply>.Call call =
                evidence.registers().invoke(id, key, new VersionedAction.Write(name, expected));
        ModelCommand command = new ModelCommand.Put(key, name, expected.orElse(-1));
        calls.propose(name, command, new ModelCalls.Answer() {
            @Override
            public void replied(ModelReply reply) {
                if (reply instanceof ModelReply.Accepted accepted) {
                    seenVersions.put(key, accepted.version());
                    call.ok(new VersionedReply.Written(accepted.version()));
                } else {
                    call.ok(new VersionedReply.VersionConflict());
                }
                then.run();
            }

            @Override
            public void ended(boolean isKnownFailed) {
                end(isKnownFailed, call, then);
            }
        });
    }

    private void addToSet(Runnable then) {
        String name = newName();
        HistoryRecorder<String, String>.Call call = evidence.additions().invoke(id, SET, name);
        calls.propose(name, new ModelCommand.Add(name), new ModelCalls.Answer() {
            @Override
            public void replied(ModelReply reply) {
                call.ok("");
                then.run();
            }

            @Override
            public void ended(boolean isKnownFailed) {
                end(isKnownFailed, call, then);
            }
        });
    }

    private <A, R> void end(boolean isKnownFailed, HistoryRecorder<A, R>.Call call, Runnable then) {
        if (isKnownFailed || bug == Bug.CALL_TIMEOUT_A_FAILURE) {
            call.failed("refused or timed out");
        } else {
            call.unknown("timed out");
        }
        then.run();
    }

    private void transfer(Runnable then) {
        String from = ModelState.ACCOUNTS.get(queue.random().nextInt(2));
        String to = ModelState.ACCOUNTS.get(2);
        long amount = 1L + queue.random().nextInt(60);
        if (bug == Bug.SPLIT_TRANSFER) {
            calls.propose(newName(), new ModelCommand.Deposit(from, -amount),
                    ModelCalls.Answer.then(() -> calls.propose(newName(),
                            new ModelCommand.Deposit(to, amount), ModelCalls.Answer.then(then))));
        } else if (queue.random().nextBoolean()) {
            calls.propose(newName(), new ModelCommand.Transfer(from, to, amount),
                    ModelCalls.Answer.then(then));
        } else {
            calls.propose(newName(), new ModelCommand.Transfer(to, from, amount),
                    ModelCalls.Answer.then(then));
        }
    }

    private void readBalances(Runnable then) {
        HistoryRecorder<String, Map<String, Long>>.Call call = evidence.balances().invoke(id, "bank", "read");
        calls.read(state -> {
            call.ok(state.balances());
            then.run();
        }, () -> {
            call.failed("no answer to a read");
            then.run();
        });
    }

    /// On keys that nobody reads: what is left of them in the grid is what counts.
    private void putAndRemove(Runnable then) {
        String key = "short-lived-" + queue.random().nextInt(5);
        calls.propose(newName(), new ModelCommand.Put(key, newName(), -1), ModelCalls.Answer.then(
                () -> calls.propose(newName(), new ModelCommand.Remove(key), ModelCalls.Answer.then(then))));
    }

    private void acquire(Runnable then) {
        long requested = queue.nowNanos();
        String holder = newName();
        calls.propose(holder, new ModelCommand.Acquire(LEASE, holder, LEASE_TTL_NANOS),
                new ModelCalls.Answer() {
            @Override
            public void replied(ModelReply reply) {
                if (reply instanceof ModelReply.Granted granted) {
                    evidence.leases().add(new LeaseEvent.Granted(LEASE, holder, granted.token(), requested,
                            queue.nowNanos(), requested + LEASE_TTL_NANOS));
                    work(holder, granted.token());
                }
                then.run();
            }

            @Override
            public void ended(boolean isKnownFailed) {
                then.run();
            }
        });
    }

    /// Some work now and some long after: a holder may have slept over the end of its lease.
    private void work(String holder, long token) {
        for (int i = 0; i < 3; i++) {
            queue.afterBetween(1, 900, () -> evidence.store().use(holder, token, queue.nowNanos()));
        }
    }
}
