package io.holdfast.chaos.simulation;

import io.holdfast.chaos.checker.AtMostOnceChecker;
import io.holdfast.chaos.checker.BankChecker;
import io.holdfast.chaos.checker.CopyChecker;
import io.holdfast.chaos.checker.LeaseChecker;
import io.holdfast.chaos.checker.SetChecker;
import io.holdfast.chaos.checker.Verdict;
import io.holdfast.chaos.checker.VersionedRegisterChecker;
import io.holdfast.chaos.checker.WatchChecker;
import io.holdfast.chaos.checker.WatchEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One run of the model: a seed, at most one planted bug, and what the checkers say. The same seed does the
/// same, event for event.
public final class ModelRun {
    /// Rule named when two nodes lead in one term.
    public static final String TWO_LEADERS = ModelInvariants.TWO_LEADERS;

    private static final int NODE_COUNT = 3;
    private static final int CLIENT_COUNT = 5;
    private static final long TROUBLE_NANOS = 6_000 * EventQueue.MILLI;
    private static final long QUIET_NANOS = 9_000 * EventQueue.MILLI;
    private static final long END_NANOS = 14_000 * EventQueue.MILLI;

    private final Bug bug;
    private final EventQueue queue;
    private final ModelNetwork network;
    private final ModelGrid grid;
    private final ModelInvariants invariants = new ModelInvariants();
    private final ModelEvidence evidence;
    private final List<ModelWatcher> watchers = new ArrayList<>();

    private ModelRun(long seed, Bug bug) {
        this.bug = bug;
        this.queue = new EventQueue(seed);
        this.network = new ModelNetwork(queue);
        this.grid = new ModelGrid(bug);
        this.evidence = ModelEvidence.empty(queue, bug);
    }

    /// What came of a run.
    ///
    /// @param trace a number that equal runs share
    /// @param operationCount how many calls were judged
    public record Result(List<Verdict> verdicts, long trace, long operationCount) {
        public Result {
            verdicts = List.copyOf(verdicts);
        }

        /// Whether some checker named this rule.
        public boolean names(String rule) {
            return verdicts.stream().anyMatch(verdict -> verdict.names(rule));
        }

        public boolean isPassed() {
            return verdicts.stream().allMatch(Verdict::isPassed);
        }
    }

    /// Runs from the seed with this bug planted.
    public static Result of(long seed, Bug bug) {
        return new ModelRun(seed, bug).run();
    }

    private Result run() {
        for (int id = 0; id < NODE_COUNT; id++) {
            network.add(new ModelNode(id, bug, queue, network, grid, invariants));
        }
        ModelCalls calls = new ModelCalls(queue, network);
        List<ModelClient> clients = new ArrayList<>();
        for (int id = 0; id < CLIENT_COUNT; id++) {
            ModelClient client = new ModelClient(id, bug, queue, calls, evidence);
            clients.add(client);
            client.run(TROUBLE_NANOS);
        }
        for (int i = 0; i < 2; i++) {
            ModelWatcher watcher = new ModelWatcher(bug, queue, network);
            watchers.add(watcher);
            watcher.run(END_NANOS);
        }
        trouble();
        troubleInElections();
        queue.runUntil(TROUBLE_NANOS);
        network.cutOff(Set.of());
        queue.runUntil(QUIET_NANOS);
        for (ModelClient client : clients) {
            ModelClient.KEYS.forEach(key -> client.readRegister(key, () -> {}));
        }
        queue.runUntil(END_NANOS);
        List<Verdict> verdicts = judge();
        long count = verdicts.stream().mapToLong(Verdict::checkedCount).sum();
        return new Result(verdicts, queue.trace(), count);
    }

    /// One misfortune after the other until the time of trouble is over; each ends by itself.
    private void trouble() {
        queue.afterBetween(150, 500, () -> {
            if (queue.nowNanos() >= TROUBLE_NANOS) {
                return;
            }
            switch (queue.random().nextInt(6)) {
                case 0, 1 -> crash(queue.random().nextInt(NODE_COUNT));
                case 2 -> leader().ifPresent(this::crash);
                case 3 -> leader().ifPresent(leader -> {
                    network.cutOff(Set.of(leader));
                    queue.afterBetween(400, 900, () -> network.cutOff(Set.of()));
                });
                case 4 -> {
                    for (int id = 0; id < NODE_COUNT; id++) {
                        crash(id);
                    }
                }
                default -> {
                    network.cutOff(Set.of(queue.random().nextInt(NODE_COUNT)));
                    queue.afterBetween(200, 700, () -> network.cutOff(Set.of()));
                }
            }
            trouble();
        });
    }

    /// Crashes in the middle of elections, over at once: what was promised in them must be remembered.
    private void troubleInElections() {
        queue.afterBetween(5, 25, () -> {
            if (queue.nowNanos() >= TROUBLE_NANOS) {
                return;
            }
            if (leader().isEmpty() && queue.chance(150)) {
                ModelNode node = network.nodes().get(queue.random().nextInt(NODE_COUNT));
                if (node.isUp()) {
                    node.crash();
                    queue.afterBetween(1, 10, node::restart);
                }
            }
            troubleInElections();
        });
    }

    private Optional<Integer> leader() {
        return network.nodes().stream().filter(ModelNode::isLeader).findFirst().map(network.nodes()::indexOf);
    }

    private void crash(int id) {
        ModelNode node = network.nodes().get(id);
        if (node.isUp()) {
            node.crash();
            queue.afterBetween(20, 300, node::restart);
        }
    }

    private List<Verdict> judge() {
        ModelState truth = network.nodes().stream().filter(ModelNode::isLeader)
                .max((a, b) -> Integer.compare(a.state().changes().size(), b.state().changes().size()))
                .map(ModelNode::state)
                .orElseThrow(() -> new IllegalStateException("no leader at the end"));
        List<String> effects = truth.changes().stream().map(WatchEvent::content)
                .filter(change -> change.startsWith("add "))
                .map(change -> change.substring(4))
                .toList();
        Map<String, List<WatchEvent>> streams = new HashMap<>();
        streams.put("ledger", truth.changes());
        for (ModelWatcher watcher : watchers) {
            streams.put("watcher " + watchers.indexOf(watcher), watcher.seen());
        }
        return List.of(
                invariants.verdict(),
                new VersionedRegisterChecker().check(evidence.registers().history()),
                new SetChecker().check(evidence.additions().history(), truth.elements()),
                new AtMostOnceChecker().check(evidence.additions().history(), effects),
                new BankChecker(ModelState.ACCOUNTS.size() * ModelState.BALANCE)
                        .check(evidence.balances().history()),
                new LeaseChecker().check(evidence.leases()),
                new WatchChecker().check(streams),
                new CopyChecker().check(items(truth.registers()), items(grid.values())));
    }

    private static Map<String, CopyChecker.Item> items(Map<String, ModelState.Register> registers) {
        Map<String, CopyChecker.Item> items = new HashMap<>();
        registers.forEach((key, register) -> {
            if (register.isThere()) {
                items.put(key, new CopyChecker.Item(register.version(), register.value()));
            }
        });
        return items;
    }
}
