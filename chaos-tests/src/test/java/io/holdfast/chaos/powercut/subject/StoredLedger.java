package io.holdfast.chaos.powercut.subject;

import io.holdfast.chaos.checker.Violation;
import io.holdfast.chaos.pace.Await;
import io.holdfast.consensus.ConsensusException;
import io.holdfast.consensus.GroupId;
import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.history.HistoryReport;
import io.holdfast.consensus.history.HistoryVerifier;
import io.holdfast.consensus.log.ReplicatedLog;
import io.holdfast.consensus.membership.GroupPeer;
import io.holdfast.consensus.ratis.LedgerClock;
import io.holdfast.consensus.ratis.LedgerConfig;
import io.holdfast.consensus.ratis.LedgerServer;
import io.holdfast.consensus.testing.TallyStateMachine;
import io.holdfast.consensus.testing.TestAuthority;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/// A ledger of one voter, whose log changes files and is cut off behind snapshots all the time. Its commands
/// count names: one that is lost or applied twice shows.
public final class StoredLedger implements Subject {
    private static final PeerId SELF = new PeerId("n1");
    private static final GroupId GROUP = new GroupId("main");
    private static final String ADDRESS = "127.0.0.1";
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final int NAMES = 8;
    private static final int PADDING_BYTES_MAX = 6_000;
    private static final LedgerConfig.Timeouts TIMEOUTS = new LedgerConfig.Timeouts(
            Duration.ofMillis(100), Duration.ofMillis(200), LIMIT);
    private static final LedgerConfig.Retention RETENTION = new LedgerConfig.Retention(
            25, 1 << 20, 64 << 10, 60, 1 << 20, Duration.ofHours(1), 100);
    /// The sandbox has a network of its own, with all ports free.
    private static final AtomicInteger NEXT_PORT = new AtomicInteger(20_000);

    private final SplittableRandom random;
    private final int roundCount;
    private final Haste haste;
    private final LedgerConfig.Tls tls;
    private final List<Tally> tallies = new ArrayList<>();
    private final List<Integer> acknowledgements = new ArrayList<>();

    /// How often a name was proposed, as positions.
    ///
    /// @param begun before each proposal
    /// @param acknowledged after each
    private record Tally(String name, List<Integer> begun, List<Integer> acknowledged) {
        List<Violation> check(long is, int position) {
            long promised = acknowledged.stream().filter(at -> at <= position).count();
            long possible = begun.stream().filter(at -> at <= position).count();
            if (promised <= is && is <= possible) {
                return List.of();
            }
            return List.of(new Violation(is < promised ? "lost-command" : "extra-command", name,
                    "counted " + is + ", acknowledged " + promised + ", proposed " + possible));
        }
    }

    public StoredLedger(long seed, int roundCount, Haste haste) {
        this.random = new SplittableRandom(seed);
        this.roundCount = roundCount;
        this.haste = haste;
        TestAuthority authority = new TestAuthority();
        this.tls = new LedgerConfig.Tls(authority.keysOf(SELF.value()), authority.trust());
        for (int i = 0; i < NAMES; i++) {
            tallies.add(new Tally("name-" + i, new ArrayList<>(), new ArrayList<>()));
        }
    }

    @Override
    public List<Integer> acknowledgements() {
        return List.copyOf(acknowledgements);
    }

    @Override
    public void work(Path folder, IntSupplier position) throws Exception {
        int port = NEXT_PORT.getAndIncrement();
        try (LedgerServer server = LedgerServer.open(config(folder, port))) {
            ReplicatedLog log = open(server, port);
            for (int round = 0; round < roundCount; round++) {
                propose(log, position);
            }
        }
    }

    private LedgerConfig config(Path folder, int port) {
        return LedgerConfig.of(SELF, ADDRESS, port, folder, tls,
                        () -> LedgerClock.unmoved(InstantSource.system()))
                .withTimeouts(TIMEOUTS)
                .withRetention(RETENTION);
    }

    private static ReplicatedLog open(LedgerServer server, int port)
            throws InterruptedException, TimeoutException {
        GroupPeer self = new GroupPeer(SELF, ADDRESS, port, true, 0);
        ReplicatedLog log = server.open(GROUP, new TallyStateMachine(), List.of(self));
        Await.real().untilTrue("a leader", LIMIT, () -> log.leadership().isLeader());
        return log;
    }

    /// Some names at once, each of them once.
    private void propose(ReplicatedLog log, IntSupplier position) throws Exception {
        int first = random.nextInt(NAMES);
        int count = 1 + random.nextInt(NAMES - first);
        List<CompletableFuture<?>> answers = new ArrayList<>();
        for (Tally tally : tallies.subList(first, first + count)) {
            tally.begun.add(position.getAsInt());
            String padding = "x".repeat(random.nextInt(PADDING_BYTES_MAX));
            Proposal proposal = Proposal.sessionless(
                    TallyStateMachine.command(tally.name + ":" + padding));
            answers.add(log.propose(proposal));
            if (haste == Haste.ACKNOWLEDGES_TOO_EARLY) {
                acknowledged(tally, position);
            }
        }
        for (int i = 0; i < count; i++) {
            answers.get(i).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            if (haste == Haste.NONE) {
                acknowledged(tallies.get(first + i), position);
            }
        }
    }

    private void acknowledged(Tally tally, IntSupplier position) {
        int now = position.getAsInt();
        tally.acknowledged.add(now);
        acknowledgements.add(now);
    }

    @Override
    public List<Violation> check(Path folder, int position) throws InterruptedException {
        int port = NEXT_PORT.getAndIncrement();
        try (LedgerServer server = LedgerServer.open(config(folder, port))) {
            ReplicatedLog log = open(server, port);
            var _ = log.readBarrier().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            List<Violation> found = new ArrayList<>();
            for (Tally tally : tallies) {
                found.addAll(tally.check(TallyStateMachine.tally(log.store(), tally.name), position));
            }
            if (HistoryVerifier.verify(log.store()) instanceof HistoryReport.Broken broken) {
                found.add(new Violation("broken-history", "ledger", broken.toString()));
            }
            log.propose(Proposal.sessionless(TallyStateMachine.command("afterwards")))
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            return found;
        } catch (ConsensusException | ExecutionException | TimeoutException failure) {
            return List.of(new Violation("not-served", "ledger", failure.toString()));
        }
    }
}
