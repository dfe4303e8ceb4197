package io.holdfast.chaos.workload;

import io.holdfast.chaos.checker.AtMostOnceChecker;
import io.holdfast.chaos.checker.CopyChecker;
import io.holdfast.chaos.checker.Verdict;
import io.holdfast.chaos.checker.VersionedAction;
import io.holdfast.chaos.checker.VersionedReply;
import io.holdfast.chaos.checker.WatchChecker;
import io.holdfast.chaos.checker.WatchEvent;
import io.holdfast.chaos.cluster.ApiCall;
import io.holdfast.chaos.cluster.NodeApi;
import io.holdfast.chaos.history.History;
import io.holdfast.chaos.history.HistoryRecorder;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import io.holdfast.chaos.pace.Await;
import io.holdfast.chaos.pace.Pause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/// All workloads at once on one cluster. Started and finished by one thread; clients and watches have threads
/// of their own, which end with it.
public final class WorkloadRun {
    private static final int OPERATION_COUNT_MAX = 2_000_000;
    private static final int WATCH_COUNT = 2;
    private static final int REGISTER_COUNT = 8;
    private static final int BROOM_COUNT = 8;

    private final Duration restLimit;
    private final LongSupplier nanoClock;
    private final NodeApi api;
    private final List<String> addresses;
    private final long seed;
    private final Size size;
    private final Pause pause;
    private final RegisterWorkload registers;
    private final SetWorkload set;
    private final LeaseWorkload lease;
    private final CopyJudge copies;
    private final List<WatchWorkload> watches = new ArrayList<>();
    private final List<Thread> clients = new ArrayList<>();
    private final List<Thread> followers = new ArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final AtomicReference<Awaited> awaited =
            new AtomicReference<>(new Awaited(Long.MAX_VALUE, new CompletableFuture<>()));
    private volatile boolean isStopped;

    /// Somebody waits for a change that was sent after this moment.
    private record Awaited(long sinceNanos, CompletableFuture<Long> acknowledgedNanos) {}

    /// How much is done and how long the cluster may take to come to rest after it.
    ///
    /// @param scope begins the names of everything that this run makes; runs on one cluster, one after the
    /// other, have different ones
    /// @param elementCountMax how many settings each client makes besides the registers
    /// @param stepPause how long each client rests between two steps
    public record Size(
            int clientCount, Duration restLimit, String scope, int elementCountMax, Duration stepPause) {
        public Size(int clientCount, Duration restLimit) {
            this(clientCount, restLimit, "", Integer.MAX_VALUE, Duration.ofMillis(4));
        }
    }

    /// How many calls were made, by what their callers know of them, and what was judged besides.
    ///
    /// @param leaseEvents grants and prolongations
    /// @param watchEvents changes that came over watches
    public record Counts(long ok, long failed, long unknown, long leaseEvents, long watchEvents) {}

    /// Prepares clients that know these addresses.
    public WorkloadRun(
            NodeApi api, List<String> addresses, long seed, Size size, LongSupplier nanoClock, Pause pause) {
        this.api = api;
        this.addresses = List.copyOf(addresses);
        this.seed = seed;
        this.size = size;
        this.restLimit = size.restLimit();
        this.pause = pause;
        this.nanoClock = nanoClock;
        this.registers = new RegisterWorkload(
                new HistoryRecorder<>(nanoClock, OPERATION_COUNT_MAX, this::onRegister),
                RegisterWorkload.PREFIX + size.scope(), REGISTER_COUNT);
        this.set = new SetWorkload(new HistoryRecorder<>(nanoClock, OPERATION_COUNT_MAX, this::onChange),
                SetWorkload.PREFIX + size.scope());
        this.lease = new LeaseWorkload(nanoClock);
        this.copies = new CopyJudge(api, restLimit, pause);
    }

    /// Starts watches, then clients.
    public void start() throws TimeoutException, InterruptedException {
        for (int number = 0; number < WATCH_COUNT; number++) {
            WatchWorkload watch = new WatchWorkload(api, addresses, new SplittableRandom(seed + 1_000
                    + number));
            watches.add(watch);
            followers.add(start("watch-" + number, watch::run));
        }
        Await.real().untilTrue("watches begun", restLimit,
                () -> watches.stream().allMatch(WatchWorkload::isBegun));
        for (int number = 0; number < size.clientCount(); number++) {
            int client = number;
            clients.add(start("client-" + number, () -> runClient(client)));
        }
    }

    private void runClient(int number) throws InterruptedException {
        Caller caller = newCaller("c" + number, seed + number);
        RegisterWorkload.Client register = registers.newClient(number, caller);
        int elementCount = 0;
        while (!isStopped) {
            switch (caller.random().nextInt(10)) {
                case 0, 1, 2 -> {
                    if (elementCount++ < size.elementCountMax()) {
                        set.step(number, caller);
                    } else {
                        register.step();
                    }
                }
                case 3 -> lease.step(caller);
                default -> register.step();
            }
            pause.of(size.stepPause());
        }
    }

    private Caller newCaller(String name, long callerSeed) {
        return new Caller(size.scope() + name, api, addresses, new SplittableRandom(callerSeed), pause);
    }

    private Thread start(String name, Step step) {
        return Thread.ofVirtual().name(name).start(() -> {
            try {
                step.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException | AssertionError e) {
                failures.add(e);
            }
        });
    }

    /// The work of one thread.
    @FunctionalInterface
    private interface Step {
        void run() throws InterruptedException;
    }

    /// When the first change is acknowledged that is sent from now on. One such wait at a time: a later one
    /// replaces it.
    public CompletableFuture<Long> nextChange() {
        Awaited next = new Awaited(nanoClock.getAsLong(), new CompletableFuture<>());
        awaited.set(next);
        return next.acknowledgedNanos();
    }

    private void onRegister(Operation<VersionedAction, VersionedReply> operation) {
        if (operation.action() instanceof VersionedAction.Write) {
            onChange(operation);
        }
    }

    private void onChange(Operation<?, ?> operation) {
        Awaited waiting = awaited.get();
        if (operation.isOk() && operation.invokedNanos() > waiting.sinceNanos()) {
            waiting.acknowledgedNanos().complete(operation.completedNanos());
        }
    }

    /// Looks at the nodes' copies in between.
    public CopyJudge copies() {
        return copies;
    }

    /// What clients and watches ended with that did not end as they should.
    public List<Throwable> failures() {
        return List.copyOf(failures);
    }

    /// Every change and read so far as one history, for what can be seen from outcomes and times alone.
    public History<String, String> operations() {
        List<Operation<String, String>> all = new ArrayList<>();
        registers.history().operations().forEach(operation -> all.add(plain(operation)));
        set.history().operations().forEach(operation -> all.add(plain(operation)));
        return new History<>(all);
    }

    /// Counts so far; small enough to be asked for often.
    public Counts counts() {
        History<String, String> all = operations();
        long unknown = all.unknownCount();
        long ok = all.okCount();
        return new Counts(ok, all.size() - ok - unknown, unknown, lease.eventCount(),
                watches.stream().mapToLong(watch -> watch.seen().size()).sum());
    }

    /// Removes what this run made and nobody needs any more. What is left is told, not waited for.
    ///
    /// @return how many could not be removed
    public int removeTraces() throws InterruptedException {
        Queue<String> traces = new ConcurrentLinkedQueue<>(
                listing(addresses.getFirst(), "linearizable").orElse(Map.of()).keySet().stream()
                        .filter(this::isOwn).toList());
        AtomicInteger left = new AtomicInteger();
        List<Thread> brooms = new ArrayList<>();
        for (int number = 0; number < BROOM_COUNT; number++) {
            Caller caller = newCaller("broom" + number, seed - 2 - number);
            brooms.add(start("broom-" + number, () -> {
                for (String key = traces.poll(); key != null; key = traces.poll()) {
                    if (!(caller.change(ApiCall.delete("/v1/settings/" + key)) instanceof CallResult.Done)) {
                        left.incrementAndGet();
                    }
                }
            }));
        }
        for (Thread broom : brooms) {
            broom.join();
        }
        requireNoFailure();
        return left.get();
    }

    private boolean isOwn(String key) {
        return key.startsWith(RegisterWorkload.PREFIX + size.scope())
                || key.startsWith(SetWorkload.PREFIX + size.scope());
    }

    /// The acknowledged changes alone: local reads go on whatever happens.
    public History<String, String> changes() {
        List<Operation<String, String>> all = new ArrayList<>(requests());
        all.sort((a, b) -> Long.compare(a.invokedNanos(), b.invokedNanos()));
        return new History<>(all);
    }

    private static <A, R> Operation<String, String> plain(Operation<A, R> operation) {
        Outcome<String> outcome = switch (operation.outcome()) {
            case Outcome.Ok<R> _ -> new Outcome.Ok<>("");
            case Outcome.Failed<R> failed -> new Outcome.Failed<>(failed.reason());
            case Outcome.Unknown<R> unknown -> new Outcome.Unknown<>(unknown.reason());
        };
        return new Operation<>(operation.id(), operation.client(), operation.key(), "" + operation.action(),
                outcome, operation.invokedNanos(), operation.completedNanos());
    }

    /// Stops the clients, waits until the cluster is at rest, reads everything, and judges.
    public List<Verdict> finish() throws TimeoutException, InterruptedException {
        isStopped = true;
        for (Thread client : clients) {
            if (!client.join(restLimit)) {
                throw new TimeoutException("a client does not end, name=" + client.getName());
            }
        }
        registers.readAll(newCaller("final", seed - 1));
        Map<String, CopyChecker.Item> truth = Await.real().until("a linearizable list of settings", restLimit,
                () -> listing(addresses.getFirst(), "linearizable"));
        long lastVersion = truth.values().stream().mapToLong(CopyChecker.Item::version).max().orElse(0);
        awaitWatches(lastVersion);
        List<Verdict> verdicts = new ArrayList<>(List.of(
                registers.verdict(), set.verdict(truth), lease.verdict(), watchVerdict(), onceVerdict()));
        verdicts.addAll(copies.verdicts(wholeWatch()
                .map(watch -> watch.seen().stream().map(WatchEvent::content).collect(Collectors.toSet()))));
        for (String address : addresses) {
            verdicts.add(copyVerdict(address, truth));
        }
        stopWatches();
        requireNoFailure();
        return verdicts;
    }

    private void requireNoFailure() {
        if (!failures.isEmpty()) {
            throw new IllegalStateException("a client failed", failures.getFirst());
        }
    }

    /// Ends all threads without waiting or judging.
    public void abandon() {
        isStopped = true;
        stopWatches();
        clients.forEach(Thread::interrupt);
    }

    private void awaitWatches(long version) throws TimeoutException, InterruptedException {
        Await.real().untilTrue("watches come to version " + version, restLimit,
                () -> watches.stream().allMatch(watch -> watch.wasReset() || watch.hasCome(version)));
    }

    private void stopWatches() {
        watches.forEach(WatchWorkload::stop);
        followers.forEach(Thread::interrupt);
    }

    private Verdict watchVerdict() {
        Map<String, List<WatchEvent>> streams = new TreeMap<>();
        for (WatchWorkload watch : watches) {
            if (!watch.wasReset()) {
                streams.put("watch-" + watches.indexOf(watch), watch.seen());
            }
        }
        return new WatchChecker().check(streams);
    }

    /// What took effect is what a watch saw from the first change on.
    private Verdict onceVerdict() {
        Optional<WatchWorkload> whole = wholeWatch();
        if (whole.isEmpty()) {
            return new Verdict.Undecided("at-most-once", 0, "no watch saw everything");
        }
        List<String> effects = whole.get().seen().stream()
                .map(WatchEvent::content)
                .filter(content -> content.contains("="))
                .filter(content -> size.scope().isEmpty() || isOwn(content))
                .map(content -> content.substring(content.indexOf('=') + 1))
                .toList();
        return new AtMostOnceChecker().check(new History<>(requests()), effects);
    }

    private Optional<WatchWorkload> wholeWatch() {
        return watches.stream().filter(watch -> !watch.wasReset()).findFirst();
    }

    private List<Operation<String, String>> requests() {
        List<Operation<String, String>> requests = new ArrayList<>(set.history().operations());
        for (Operation<VersionedAction, VersionedReply> operation : registers.history().operations()) {
            if (operation.action() instanceof VersionedAction.Write write) {
                boolean isRefused = operation.outcome() instanceof Outcome.Ok<VersionedReply> ok
                        && ok.reply() instanceof VersionedReply.VersionConflict;
                Operation<String, String> plain = plain(operation);
                requests.add(new Operation<>(plain.id(), plain.client(), plain.key(), write.value(),
                        isRefused ? new Outcome.Failed<>("version conflict") : plain.outcome(),
                        plain.invokedNanos(), plain.completedNanos()));
            }
        }
        return requests;
    }

    /// The node's copy, given time to become complete; what is wrong with it after that is wrong.
    private Verdict copyVerdict(String address, Map<String, CopyChecker.Item> truth)
            throws InterruptedException {
        CopyChecker checker = new CopyChecker();
        try {
            return Await.real().until("a complete copy at " + address, restLimit,
                    () -> listing(address, "local").map(copy -> checker.check(truth, copy))
                            .filter(Verdict::isPassed));
        } catch (TimeoutException e) {
            return listing(address, "local").map(copy -> checker.check(truth, copy))
                    .orElseGet(() -> new Verdict.Undecided("copy", 0, "no local list from " + address));
        }
    }

    private Optional<Map<String, CopyChecker.Item>> listing(String address, String level) {
        try {
            return SettingsListing.of(api, address, level);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while listing settings", e);
        }
    }
}
