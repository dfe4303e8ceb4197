package io.holdfast.chaos.simulation;

import io.holdfast.chaos.checker.WatchEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The model's deterministic state machine. Confined to its node.
final class ModelState {
    static final List<String> ACCOUNTS = List.of("alice", "bob", "carol");
    static final long BALANCE = 100;

    private final Bug bug;
    private final Map<String, Register> registers = new HashMap<>();
    private final List<String> elements = new ArrayList<>();
    private final Map<String, Long> balances = new LinkedHashMap<>();
    private final Map<String, Lease> leases = new HashMap<>();
    private final Map<String, ModelReply> answered = new HashMap<>();
    private final List<WatchEvent> changes = new ArrayList<>();
    private long timeNanos;
    private long forgottenUpTo;

    /// A register's last write; a null value was removed.
    record Register(long version, String value) {
        static final String REMOVED = "";

        boolean isThere() {
            return !value.equals(REMOVED);
        }
    }

    private record Lease(String holder, long token, long expiryNanos) {}

    ModelState(Bug bug) {
        this.bug = bug;
        ACCOUNTS.forEach(account -> balances.put(account, BALANCE));
    }

    Register register(String key) {
        return registers.getOrDefault(key, new Register(0, Register.REMOVED));
    }

    Map<String, Register> registers() {
        return Map.copyOf(registers);
    }

    List<String> elements() {
        return List.copyOf(elements);
    }

    Map<String, Long> balances() {
        return Map.copyOf(balances);
    }

    List<WatchEvent> changes() {
        return changes;
    }

    /// Plants that answered requests up to this index are not remembered.
    void forgetRequests(long upToIndex) {
        forgottenUpTo = upToIndex;
    }

    /// Applies the entry that stands at this index.
    ModelReply apply(long index, ModelEntry entry) {
        timeNanos = bug == Bug.TAKE_VERSION_FROM_CLOCK
                ? entry.stampNanos()
                : Math.max(timeNanos, entry.stampNanos());
        ModelReply before = answered.get(entry.requestId());
        if (before != null && bug != Bug.APPLY_RETRY_AGAIN && index > forgottenUpTo) {
            return before;
        }
        ModelReply reply = decide(index, entry.command());
        answered.put(entry.requestId(), reply);
        return reply;
    }

    private ModelReply decide(long index, ModelCommand command) {
        return switch (command) {
            case ModelCommand.Nothing _ -> new ModelReply.Accepted(index);
            case ModelCommand.Put put -> put(index, put);
            case ModelCommand.Remove remove -> {
                registers.put(remove.key(), new Register(index, Register.REMOVED));
                yield accepted(index, 0, "remove " + remove.key());
            }
            case ModelCommand.Add add -> {
                if (bug != Bug.DROP_SET_ELEMENT || elements.size() % 7 != 6) {
                    elements.add(add.element());
                } else {
                    elements.set(elements.size() - 1, add.element());
                }
                yield accepted(index, 0, "add " + add.element());
            }
            case ModelCommand.Transfer transfer -> transfer(index, transfer);
            case ModelCommand.Deposit deposit -> {
                balances.merge(deposit.account(), deposit.amount(), Long::sum);
                yield accepted(index, 0, "deposit " + deposit.account());
            }
            case ModelCommand.Acquire acquire -> acquire(acquire);
        };
    }

    private ModelReply put(long index, ModelCommand.Put put) {
        long present = register(put.key()).isThere() ? register(put.key()).version() : 0;
        boolean isMet = put.expectedVersion() < 0 || put.expectedVersion() == present
                || bug == Bug.IGNORE_CONDITION || bug == Bug.CHECK_CONDITION_EARLY;
        boolean isRefused = bug == Bug.REFUSE_WITHOUT_REASON && put.expectedVersion() >= 0 && index % 3 == 0;
        if (!isMet || isRefused) {
            return new ModelReply.Conflict();
        }
        long version = bug == Bug.TAKE_VERSION_FROM_CLOCK ? timeNanos / EventQueue.MILLI : index;
        registers.put(put.key(), new Register(version, put.value()));
        accepted(index, 0, "put " + put.key() + "=" + put.value());
        return new ModelReply.Accepted(version);
    }

    private ModelReply transfer(long index, ModelCommand.Transfer transfer) {
        if (balances.getOrDefault(transfer.from(), 0L) < transfer.amount() && bug != Bug.OVERDRAW) {
            return new ModelReply.Refused();
        }
        balances.merge(transfer.from(), -transfer.amount(), Long::sum);
        balances.merge(transfer.to(), transfer.amount(), Long::sum);
        accepted(index, 0, "withdraw " + transfer.from());
        return accepted(index, 1, "deposit " + transfer.to());
    }

    private ModelReply acquire(ModelCommand.Acquire acquire) {
        Lease held = leases.get(acquire.lease());
        boolean isFree = held == null || timeNanos > held.expiryNanos();
        if (!isFree && bug != Bug.GRANT_HELD_LEASE) {
            return new ModelReply.Refused();
        }
        long last = held == null ? 0 : held.token();
        long token = bug == Bug.REUSE_TOKEN && last > 0 ? last : last + 1;
        long ttl = bug == Bug.EXPIRE_LEASE_EARLY ? acquire.ttlNanos() / 4 : acquire.ttlNanos();
        leases.put(acquire.lease(), new Lease(acquire.holder(), token, timeNanos + ttl));
        return new ModelReply.Granted(token);
    }

    private ModelReply accepted(long index, int ordinal, String change) {
        changes.add(new WatchEvent(index, ordinal, change));
        return new ModelReply.Accepted(index);
    }
}
