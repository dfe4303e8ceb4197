package io.holdfast.consensus.ratis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.Committed;
import io.holdfast.consensus.Leadership;
import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.NotLeaderException;
import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.UnavailableException;
import io.holdfast.consensus.log.ReplicatedLog;
import io.holdfast.consensus.membership.GroupPeer;
import io.holdfast.consensus.statemachine.CommandContext;
import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.consensus.statemachine.LedgerStateMachine;
import io.holdfast.consensus.statemachine.StateReader;
import io.holdfast.consensus.statemachine.StateStore;
import io.holdfast.consensus.statemachine.StateTransaction;
import io.holdfast.consensus.store.LedgerKeyspaces;
import io.holdfast.consensus.testing.Await;
import io.holdfast.consensus.testing.TallyStateMachine;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LedgerClusterTest {
    @TempDir
    Path directory;

    @Test
    void namesAPortThatIsTaken() throws Exception {
        try (LedgerPeers peers = LedgerPeers.in(directory)) {
            GroupPeer peer = peers.peer("n1");
            try (ServerSocket other = new ServerSocket()) {
                other.bind(new InetSocketAddress(peer.host(), peer.port()));
                UnavailableException refused = assertThrows(
                        UnavailableException.class, () -> LedgerServer.open(peers.config(peer.id())));
                assertTrue(refused.getMessage().contains(":" + peer.port()), refused.getMessage());
            }
        }
    }

    @Test
    void replicatesToEveryPeerAndReadsLinearizablyOnEach() throws Exception {
        try (LedgerPeers peers = LedgerPeers.in(directory)) {
            peers.startVoters(3);
            ReplicatedLog leader = peers.leader().log();
            ReplicatedLog other = peers.nonLeader().log();
            Committed committed = propose(leader, "a");
            assertTrue(get(other.readBarrier()).compareTo(committed.index()) >= 0);
            assertEquals(1, TallyStateMachine.tally(other.store(), "a"));
            assertEquals(Leadership.Role.VOTER, other.leadership().role());
            NotLeaderException refusal = assertInstanceOf(
                    NotLeaderException.class,
                    failure(other.propose(Proposal.sessionless(TallyStateMachine.command("a")))));
            assertEquals(leader.leadership().self(), refusal.hint().orElseThrow());
            Await.until("the leader holds its lease", leader::holdsLeaderLease);
            assertFalse(other.holdsLeaderLease());
            get(other.awaitApplied(propose(leader, "b").index()));
            assertEquals(1, TallyStateMachine.tally(other.store(), "b"));
        }
    }

    @Test
    void aPeerWithAWrongClockGoesOnWithTheTimeOfTheLeaderBefore() throws Exception {
        long hour = Duration.ofHours(1).toMillis();
        UnaryOperator<LedgerConfig> wronger = config -> {
            long wrong = config.self().value().charAt(1) * hour;
            return config.withClocks(
                    () -> new SteadyClock(System::nanoTime, () -> System.currentTimeMillis() + wrong));
        };
        try (LedgerPeers peers = new LedgerPeers(directory, InstantSource.system(), wronger)) {
            peers.startVoters(3);
            LedgerPeers.Running first = peers.leader();
            LogIndex told = propose(first.log(), "a").index();
            long before = first.machine().lastContext().timeMillis();
            for (LedgerPeers.Running peer : peers.all()) {
                get(peer.log().awaitApplied(told));
                assertTrue(Math.abs(peer.log().clock().millis() - before) < hour / 4);
            }
            peers.stop(first.log().leadership().self());
            LedgerPeers.Running second = peers.leader();
            propose(second.log(), "b");
            long after = second.machine().lastContext().timeMillis();
            assertTrue(after >= before, () -> "it never goes back: before=" + before + " after=" + after);
            assertTrue(after - before < hour / 4, () -> "nor jumps: before=" + before + " after=" + after);
        }
    }

    @Test
    void putsManyOutstandingCommandsIntoFewEntries() throws Exception {
        try (LedgerPeers peers = LedgerPeers.in(directory)) {
            peers.startVoters(3);
            ReplicatedLog leader = peers.leader().log();
            proposeMany(leader, "a", 4_000);
            assertEquals(4_000, TallyStateMachine.tally(leader.store(), "a"));
            long entries = leader.status().progress().entriesApplied();
            assertTrue(entries < 2_000, () -> "entries=" + entries);
        }
    }

    @Test
    void catchesUpFromASnapshotOnceTheLogIsPurged() throws Exception {
        try (LedgerPeers peers = withSnapshotsEvery(40)) {
            List<GroupPeer> voters = peers.startVoters(3);
            propose(peers.leader().log(), "first");
            PeerId lagging = peers.nonLeader().log().leadership().self();
            peers.stop(lagging);
            ReplicatedLog leader = peers.leader().log();
            for (int i = 0; i < 200; i++) {
                propose(leader, "k" + i);
            }
            assertTrue(leader.status().progress().lastSnapshot().isAfter(new LogIndex(40)));
            LedgerPeers.Running restarted = peers.start(lagging, List.of(), new TallyStateMachine());
            get(restarted.log().awaitApplied(leader.appliedIndex()));
            assertEquals(2, restarted.machine().replaced(), "the state came as a snapshot");
            assertTrue(restarted.machine().applied() < 100);
            assertSameState(leader, restarted.log());

            GroupPeer joining = peers.peer("n4");
            LedgerPeers.Running joiner = peers.start(joining.id(), List.of(), new TallyStateMachine());
            assertEquals(Leadership.Role.OUTSIDER, joiner.log().leadership().role());
            get(peers.leader().log().membership().change(plus(voters, joining)));
            Committed last = propose(peers.leader().log(), "last");
            get(joiner.log().awaitApplied(last.index()));
            assertEquals(2, joiner.machine().replaced(), "the state came as a snapshot");
            assertEquals(Leadership.Role.VOTER, joiner.log().leadership().role());
            assertSameState(peers.leader().log(), joiner.log());
        }
    }

    @Test
    void aRestartReadsNoLogThatIsInItsState() throws Exception {
        try (LedgerPeers peers = withSnapshotsEvery(1_000_000)) {
            List<PeerId> voters = peers.startVoters(3).stream().map(GroupPeer::id).toList();
            propose(peers.leader().log(), "first");
            PeerId lagging = peers.nonLeader().log().leadership().self();
            peers.stop(lagging);
            for (int i = 0; i < 400; i++) {
                propose(peers.leader().log(), "k" + i);
            }
            List<PeerId> others = voters.stream().filter(voter -> !voter.equals(lagging)).toList();
            for (PeerId other : others) {
                assertTrue(closedLogFiles(other) > 4, "the log is kept while no snapshot is taken");
                peers.restart(other);
                assertTrue(closedLogFiles(other) <= 2);
            }
            propose(peers.leader().log(), "between");
            LedgerPeers.Running returned = peers.start(lagging, List.of(), new TallyStateMachine());
            Committed last = propose(peers.leader().log(), "last");
            get(returned.log().awaitApplied(last.index()));
            assertTrue(returned.machine().applied() < 400, "what was dropped came as a snapshot");
            assertSameState(peers.leader().log(), returned.log());
        }
    }

    private long closedLogFiles(PeerId peer) throws IOException {
        Path group = directory.resolve(peer + "/raft/" + RatisNames.uuid(LedgerPeers.GROUP));
        return LogSegmentCheck.segments(group).stream()
                .filter(segment -> !LogSegmentCheck.isOpen(segment))
                .count();
    }

    @Test
    void aSnapshotThatComesWhileAPeerStartsIsRefusedAndComesAgain() throws Exception {
        try (LedgerPeers peers = withSnapshotsEvery(40)) {
            peers.startVoters(3);
            propose(peers.leader().log(), "first");
            PeerId lagging = peers.nonLeader().log().leadership().self();
            peers.stop(lagging);
            ReplicatedLog leader = peers.leader().log();
            for (int i = 0; i < 200; i++) {
                propose(leader, "k" + i);
            }
            try (LedgerServer restarted = LedgerServer.open(peers.config(lagging))) {
                LedgerStateMachine slow = new SlowStart(() -> restarted.snapshotsRefused() > 0);
                ReplicatedLog log = restarted.open(LedgerPeers.GROUP, slow, List.of());
                get(log.awaitApplied(leader.appliedIndex()));
                assertSameState(leader, log);
            }
        }
    }

    /// A state machine that is not ready before something has happened.
    private static final class SlowStart implements LedgerStateMachine {
        private final TallyStateMachine tallies = new TallyStateMachine();
        private final BooleanSupplier happened;

        SlowStart(BooleanSupplier happened) {
            this.happened = happened;
        }

        @Override
        public List<Keyspace> keyspaces() {
            return tallies.keyspaces();
        }

        @Override
        public byte[] apply(CommandContext context, byte[] command, StateTransaction transaction) {
            return tallies.apply(context, command, transaction);
        }

        @Override
        public void onEntryApplied(LogIndex index) {
            tallies.onEntryApplied(index);
        }

        @Override
        public void onStateReplaced(StateStore store) {
            Await.until("a leader sent a snapshot", happened);
            tallies.onStateReplaced(store);
        }
    }

    @Test
    void growsFromOnePeerToThreeAndAFollower() throws Exception {
        try (LedgerPeers peers = LedgerPeers.in(directory)) {
            GroupPeer first = peers.peer("n1");
            peers.start(first.id(), List.of(first), new TallyStateMachine());
            ReplicatedLog leader = peers.leader().log();
            propose(leader, "a");
            GroupPeer second = peers.peer("n2");
            GroupPeer third = peers.peer("n3");
            peers.start(second.id(), List.of(), new TallyStateMachine());
            peers.start(third.id(), List.of(), new TallyStateMachine());
            get(leader.membership().change(List.of(first, second, third)));
            GroupPeer follower = peers.peer("n4").withVoting(false);
            List<GroupPeer> all = List.of(first, second, third, follower);
            peers.start(follower.id(), all, new TallyStateMachine());
            get(leader.membership().change(all));
            assertEquals(all, leader.membership().peers());
            Committed committed = propose(leader, "b");
            ReplicatedLog following = peers.get(follower.id()).log();
            get(following.awaitApplied(committed.index()));
            assertEquals(Leadership.Role.FOLLOWER, following.leadership().role());
            assertTrue(get(following.readBarrier()).compareTo(committed.index()) >= 0);

            List<GroupPeer> promoted = List.of(first, second, follower.withVoting(true));
            get(leader.membership().change(promoted));
            Await.until("it votes", () -> following.leadership().role() == Leadership.Role.VOTER);
            ReplicatedLog removed = peers.get(third.id()).log();
            Await.until("it is out", () -> removed.leadership().role() == Leadership.Role.OUTSIDER);
            propose(leader, "c");
            removed.close();
            peers.get(third.id()).server().drop(LedgerPeers.GROUP);
            assertTrue(Files.notExists(directory.resolve("n3/state/main")));
        }
    }

    @Test
    void followersThatWerePromotedElectALeader() throws Exception {
        try (LedgerPeers peers = LedgerPeers.in(directory)) {
            GroupPeer first = peers.peer("n1");
            GroupPeer second = peers.peer("n2");
            GroupPeer third = peers.peer("n3");
            peers.start(first.id(), List.of(first), new TallyStateMachine());
            ReplicatedLog leader = peers.leader().log();
            List<GroupPeer> two = List.of(first, second.withVoting(false));
            peers.start(second.id(), two, new TallyStateMachine());
            get(leader.membership().change(two));
            peers.start(
                    third.id(), List.of(first, second.withVoting(false), third.withVoting(false)),
                    new TallyStateMachine());
            get(leader.membership().change(List.of(first, second, third)));
            propose(leader, "a");
            peers.stop(first.id());
            propose(peers.leader().log(), "b");
        }
    }

    @Test
    void handsLeadershipToTheVoterOfHighestPriority() throws Exception {
        try (LedgerPeers peers = LedgerPeers.in(directory)) {
            peers.startVoters(3);
            propose(peers.leader().log(), "a");
            for (int i = 0; i < 2; i++) {
                ReplicatedLog target = peers.nonLeader().log();
                List<Leadership> seen = new CopyOnWriteArrayList<>();
                target.onLeadership(seen::add);
                PeerId self = target.leadership().self();
                get(peers.leader().log().membership().transferLeadership(self));
                Await.until("it leads", () -> target.leadership().isLeader());
                Await.until("it says so", () -> seen.stream().anyMatch(Leadership::isLeader));
                propose(target, "b");
            }
        }
    }

    @Test
    void doesNotServeWithoutAMajority() throws Exception {
        try (LedgerPeers peers = LedgerPeers.in(directory)) {
            peers.startVoters(3);
            ReplicatedLog leader = peers.leader().log();
            propose(leader, "a");
            PeerId self = leader.leadership().self();
            List<LedgerPeers.Running> others = peers.all().stream()
                    .filter(peer -> !peer.log().leadership().self().equals(self))
                    .toList();
            others.forEach(peer -> peers.stop(peer.log().leadership().self()));
            Await.until("the lease ends", () -> !leader.holdsLeaderLease());
            Await.until("it steps down", () -> !leader.leadership().isLeader());
            assertThrows(ExecutionException.class, () -> get(leader.readBarrier()));
            Proposal proposal = Proposal.sessionless(TallyStateMachine.command("a"));
            assertInstanceOf(NotLeaderException.class, failure(leader.propose(proposal)));
            assertEquals(1, TallyStateMachine.tally(leader.store(), "a"));
        }
    }

    @Test
    void goesOnWhereItStoodAfterARestartOfAll() throws Exception {
        try (LedgerPeers peers = LedgerPeers.in(directory)) {
            List<GroupPeer> voters = peers.startVoters(3);
            proposeMany(peers.leader().log(), "a", 500);
            LogIndex written = peers.leader().log().appliedIndex();
            Await.until("everybody has applied it", () -> peers.all().stream()
                    .allMatch(peer -> peer.log().appliedIndex().compareTo(written) >= 0));
            peers.stopAll();
            voters.forEach(voter -> peers.start(voter.id(), List.of(), new TallyStateMachine()));
            assertEquals(501, TallyStateMachine.count(propose(peers.leader().log(), "a").reply()));
            assertEquals(1, peers.leader().machine().applied());
        }
    }

    private LedgerPeers withSnapshotsEvery(long entries) {
        LedgerConfig.Retention defaults = LedgerConfig.Retention.DEFAULT;
        LedgerConfig.Retention retention = new LedgerConfig.Retention(
                entries,
                defaults.snapshotBytes(),
                4 << 10,
                defaults.historyEntriesMax(),
                defaults.historyBytesMax(),
                defaults.sessionIdle(),
                defaults.sessionsMax());
        return new LedgerPeers(
                directory, InstantSource.system(), config -> config.withRetention(retention));
    }

    private static void assertSameState(ReplicatedLog expected, ReplicatedLog actual) {
        for (Keyspace keyspace : List.of(
                TallyStateMachine.TALLIES, LedgerKeyspaces.SESSIONS, LedgerKeyspaces.HISTORY)) {
            assertEquals(dump(expected.store(), keyspace), dump(actual.store(), keyspace), keyspace.name());
        }
    }

    private static List<String> dump(StateReader store, Keyspace keyspace) {
        List<String> pairs = new ArrayList<>();
        HexFormat hex = HexFormat.of();
        store.scan(keyspace, new byte[0], new byte[0], (key, value) -> {
            pairs.add(hex.formatHex(key) + "=" + hex.formatHex(value));
            return true;
        });
        return pairs;
    }

    private static List<GroupPeer> plus(List<GroupPeer> peers, GroupPeer more) {
        List<GroupPeer> all = new ArrayList<>(peers);
        all.add(more);
        return all;
    }

    private static Committed propose(ReplicatedLog log, String name) throws Exception {
        return get(log.propose(Proposal.sessionless(TallyStateMachine.command(name))));
    }

    private static void proposeMany(ReplicatedLog log, String name, int count) throws Exception {
        List<CompletableFuture<Committed>> futures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            futures.add(log.propose(Proposal.sessionless(TallyStateMachine.command(name))));
        }
        for (CompletableFuture<Committed> future : futures) {
            get(future);
        }
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    private static Throwable failure(CompletableFuture<?> future) {
        ExecutionException failed =
                assertThrows(ExecutionException.class, () -> future.get(30, TimeUnit.SECONDS));
        return failed.getCause();
    }
}
