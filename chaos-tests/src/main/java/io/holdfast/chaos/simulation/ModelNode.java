package io.holdfast.chaos.simulation;

import io.holdfast.chaos.checker.WatchEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// One voter of the model: elections and replication as in Raft (Ongaro and Ousterhout, figure 2), with whole
/// logs in place of differences. Confined to the queue's thread.
final class ModelNode {
    private static final long ELECTION_MILLIS_MIN = 150;
    private static final long ELECTION_MILLIS_MAX = 300;
    private static final long HEARTBEAT_MILLIS = 40;

    private enum Role {
        FOLLOWER,
        CANDIDATE,
        LEADER
    }

    private final int id;
    private final Bug bug;
    private final EventQueue queue;
    private final ModelNetwork network;
    private final ModelDisk disk;
    private final ModelGrid grid;
    private final ModelInvariants invariants;
    private final Map<Integer, Consumer<ModelReply>> waiting = new HashMap<>();
    private final Map<Integer, Integer> storedBy = new HashMap<>();
    private final Map<Integer, Long> heardBy = new HashMap<>();
    private final Set<Integer> votes = new HashSet<>();
    private final List<PendingRead> reads = new ArrayList<>();

    private boolean isUp = true;
    private int incarnation;
    private Role role = Role.FOLLOWER;
    private long term;
    private int vote = -1;
    private List<ModelEntry> log = List.of();
    private int stored;
    private int committed;
    private int applied;
    private long round;
    private long electionTimer;
    private ModelState state;
    private ModelPublisher publisher;

    /// A read that waits until a majority has confirmed the leader.
    private record PendingRead(long round, Consumer<ModelState> answer) {}

    ModelNode(
            int id, Bug bug, EventQueue queue, ModelNetwork network, ModelGrid grid,
                    ModelInvariants invariants) {
        this.id = id;
        this.invariants = invariants;
        this.bug = bug;
        this.queue = queue;
        this.network = network;
        this.grid = grid;
        this.disk = new ModelDisk(queue);
        this.state = new ModelState(bug);
        this.publisher = new ModelPublisher(bug, queue, grid);
        restartElectionTimer();
    }

    boolean isUp() {
        return isUp;
    }

    boolean isLeader() {
        return isUp && role == Role.LEADER;
    }

    ModelState state() {
        return state;
    }

    /// The changes that a watch may see here.
    List<WatchEvent> changes() {
        if (bug != Bug.WATCH_UNCOMMITTED) {
            return state.changes();
        }
        ModelState ahead = new ModelState(Bug.NONE);
        for (int index = 1; index <= log.size(); index++) {
            ahead.apply(index, log.get(index - 1));
        }
        return ahead.changes();
    }

    /// Ends the process: what is not durable is gone, callers hear nothing.
    void crash() {
        isUp = false;
        incarnation++;
        disk.crash();
        publisher.stop();
        waiting.clear();
        reads.clear();
    }

    /// Starts it again from its disk; commits are learned anew from the leader.
    void restart() {
        ModelDisk.Content content = bug == Bug.RESTART_WITH_OLD_DISK ? disk.readOld() : disk.read();
        isUp = true;
        role = Role.FOLLOWER;
        term = content.term();
        vote = bug == Bug.FORGET_VOTE ? -1 : content.vote();
        log = content.log();
        stored = log.size();
        committed = 0;
        applied = 0;
        state = new ModelState(bug);
        state.forgetRequests(bug == Bug.FORGET_REQUESTS_IN_CRASH ? log.size() : 0);
        publisher = new ModelPublisher(bug, queue, grid);
        restartElectionTimer();
    }

    /// Proposes a command if this node leads; whether it does.
    boolean propose(String requestId, ModelCommand command, Consumer<ModelReply> answer) {
        if (!isLeader()) {
            return false;
        }
        if (bug == Bug.CHECK_CONDITION_EARLY && command instanceof ModelCommand.Put put
                && put.expectedVersion() >= 0
                        && state.register(put.key()).version() != put.expectedVersion()) {
            answer.accept(new ModelReply.Conflict());
            return true;
        }
        append(new ModelEntry(term, requestId, clock(), command));
        waiting.put(log.size(), answer);
        if (bug == Bug.PUBLISH_UNCOMMITTED) {
            publisher.publishAhead(log.size(), command);
        }
        return true;
    }

    /// Reads the state as of now; whether this node takes the read.
    boolean read(Consumer<ModelState> answer) {
        if (isUp && bug == Bug.READ_FROM_FOLLOWER) {
            answer.accept(state);
            return true;
        }
        if (!isLeader() || committed == 0 || committed > log.size()
                || log.get(committed - 1).term() != term) {
            return false;
        }
        if (bug == Bug.READ_WITHOUT_CONFIRMATION) {
            answer.accept(state);
            return true;
        }
        round++;
        reads.add(new PendingRead(round, answer));
        sendLog();
        return true;
    }

    void receive(ModelMessage message) {
        if (!isUp) {
            return;
        }
        if (message.term() > term) {
            becomeFollower(message.term());
        }
        switch (message) {
            case ModelMessage.AskVote ask -> onAskVote(ask);
            case ModelMessage.Vote given -> onVote(given);
            case ModelMessage.Append append -> onAppend(append);
            case ModelMessage.Stored reported -> onStored(reported);
        }
    }

    private void onAskVote(ModelMessage.AskVote ask) {
        boolean isNewer = ask.lastTerm() > lastTerm()
                || (ask.lastTerm() == lastTerm() && ask.length() >= log.size())
                || bug == Bug.VOTE_FOR_OLDER_LOG;
        if (ask.term() == term && (vote == -1 || vote == ask.candidate()) && isNewer) {
            vote = ask.candidate();
            restartElectionTimer();
            long votedTerm = term;
            write(() -> network.send(id, ask.candidate(), new ModelMessage.Vote(votedTerm, id)));
        }
    }

    private void onVote(ModelMessage.Vote given) {
        if (role == Role.CANDIDATE && given.term() == term && votes.add(given.voter())
                && votes.size() >= network.majority()) {
            becomeLeader();
        }
    }

    private void onAppend(ModelMessage.Append append) {
        if (append.term() < term) {
            return;
        }
        role = Role.FOLLOWER;
        restartElectionTimer();
        if (!startsWith(log, append.log())) {
            log = append.log();
            stored = commonLength(log, disk.read().log());
        }
        long heardTerm = term;
        Runnable report = () -> network.send(id, append.leader(),
                new ModelMessage.Stored(heardTerm, id, append.log().size(), append.round()));
        if (append.log().size() <= stored || bug == Bug.ACKNOWLEDGE_BEFORE_FLUSH) {
            report.run();
        }
        if (append.log().size() > stored) {
            write(() -> {
                if (bug != Bug.ACKNOWLEDGE_BEFORE_FLUSH && term == heardTerm) {
                    report.run();
                }
            });
        }
        commitUpTo(Math.min(append.committed(), append.log().size()));
    }

    private void onStored(ModelMessage.Stored reported) {
        if (role != Role.LEADER || reported.term() != term) {
            return;
        }
        storedBy.merge(reported.follower(), reported.length(), Math::max);
        heardBy.merge(reported.follower(), reported.round(), Math::max);
        advanceCommit();
        answerReads();
    }

    private void advanceCommit() {
        for (int length = log.size(); length > committed; length--) {
            int candidate = length;
            long count = storedBy.values().stream().filter(stored -> stored >= candidate).count();
            boolean isEnough = count >= network.majority()
                    || (bug == Bug.ACKNOWLEDGE_BEFORE_MAJORITY && storedBy.getOrDefault(id, 0) >= candidate);
            if (isEnough && log.get(length - 1).term() == term) {
                commitUpTo(length);
                return;
            }
        }
    }

    private void commitUpTo(int length) {
        // With a planted bug a log may be shorter than what was committed: the invariants have said so then.
        committed = Math.max(committed, Math.min(length, log.size()));
        while (applied < Math.min(committed, log.size())) {
            applied++;
            invariants.committed(applied, log.get(applied - 1));
            ModelReply reply = state.apply(applied, log.get(applied - 1));
            Consumer<ModelReply> answer = waiting.remove(applied);
            if (answer != null && role == Role.LEADER) {
                answer.accept(reply);
            }
        }
        if (role == Role.LEADER) {
            publisher.applied(state.changes());
        }
    }

    private void answerReads() {
        for (PendingRead read : List.copyOf(reads)) {
            long confirmed = 1 + heardBy.values().stream().filter(heard -> heard >= read.round()).count();
            if (confirmed >= network.majority()) {
                reads.remove(read);
                read.answer().accept(state);
            }
        }
    }

    private void becomeFollower(long newTerm) {
        term = newTerm;
        vote = -1;
        role = Role.FOLLOWER;
        publisher.stop();
        waiting.clear();
        reads.clear();
    }

    private void becomeLeader() {
        role = Role.LEADER;
        invariants.leads(id, term);
        storedBy.clear();
        heardBy.clear();
        publisher = new ModelPublisher(bug, queue, grid);
        publisher.lead(state.changes().size());
        append(new ModelEntry(term, "begin-" + term, clock(), new ModelCommand.Nothing()));
        heartbeat(incarnation, term);
    }

    private void heartbeat(int ofIncarnation, long ofTerm) {
        if (incarnation == ofIncarnation && role == Role.LEADER && term == ofTerm) {
            sendLog();
            queue.after(HEARTBEAT_MILLIS * EventQueue.MILLI, () -> heartbeat(ofIncarnation, ofTerm));
        }
    }

    private void append(ModelEntry entry) {
        List<ModelEntry> longer = new ArrayList<>(log);
        longer.add(entry);
        log = List.copyOf(longer);
        long ofTerm = term;
        if (bug == Bug.ACKNOWLEDGE_BEFORE_FLUSH) {
            storedBy.merge(id, log.size(), Math::max);
        }
        write(() -> {
            if (role == Role.LEADER && term == ofTerm) {
                storedBy.merge(id, stored, Math::max);
                advanceCommit();
            }
        });
        sendLog();
    }

    private long clock() {
        long skew = bug == Bug.TAKE_VERSION_FROM_CLOCK ? id * 100L * EventQueue.MILLI : 0;
        return queue.nowNanos() + skew;
    }

    private void sendLog() {
        network.broadcast(id, new ModelMessage.Append(term, id, log, committed, round));
    }

    private void write(Runnable whenDurable) {
        int ofIncarnation = incarnation;
        disk.write(new ModelDisk.Content(term, vote, log), () -> {
            if (incarnation == ofIncarnation) {
                stored = commonLength(log, disk.read().log());
                whenDurable.run();
            }
        });
    }

    private void restartElectionTimer() {
        long timer = ++electionTimer;
        queue.afterBetween(ELECTION_MILLIS_MIN, ELECTION_MILLIS_MAX, () -> {
            if (isUp && timer == electionTimer && role != Role.LEADER) {
                standForElection();
            }
        });
    }

    private void standForElection() {
        term++;
        role = Role.CANDIDATE;
        vote = id;
        votes.clear();
        restartElectionTimer();
        long ofTerm = term;
        write(() -> {
            if (role == Role.CANDIDATE && term == ofTerm) {
                votes.add(id);
                network.broadcast(id, new ModelMessage.AskVote(term, id, lastTerm(), log.size()));
            }
        });
    }

    private long lastTerm() {
        return log.isEmpty() ? 0 : log.getLast().term();
    }

    private static boolean startsWith(List<ModelEntry> log, List<ModelEntry> beginning) {
        return log.size() >= beginning.size() && log.subList(0, beginning.size()).equals(beginning);
    }

    private static int commonLength(List<ModelEntry> one, List<ModelEntry> other) {
        int length = 0;
        while (length < one.size() && length < other.size() && one.get(length).equals(other.get(length))) {
            length++;
        }
        return length;
    }
}
