package io.holdfast.chaos.mutant.subject;

import io.holdfast.chaos.checker.AtMostOnceChecker;
import io.holdfast.chaos.checker.Verdict;
import io.holdfast.chaos.history.HistoryRecorder;
import io.holdfast.chaos.mutant.Mutant;
import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.SessionId;
import io.holdfast.consensus.statemachine.CommandContext;
import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.consensus.statemachine.LedgerStateMachine;
import io.holdfast.consensus.statemachine.StateStore;
import io.holdfast.consensus.statemachine.StateTransaction;
import io.holdfast.consensus.LogIndex;
import io.holdfast.consensus.testing.InMemoryReplicatedLog;
import io.holdfast.consensus.testing.ManualInstants;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A session that sends some of its commands again, to the product's own table of sessions. Confined to one
/// thread.
public final class RetrySubject implements Mutant.Subject {
    private static final int COMMAND_COUNT = 200;
    private static final SessionId SESSION = new SessionId(1, 2);

    @Override
    public List<Verdict> run(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Effects effects = new Effects();
        long[] nanos = new long[1];
        HistoryRecorder<String, String> requests = new HistoryRecorder<>(() -> ++nanos[0], 1 << 20);
        try (InMemoryReplicatedLog log = InMemoryReplicatedLog.open(effects, new ManualInstants())) {
            for (int sequence = 1; sequence <= COMMAND_COUNT; sequence++) {
                String command = "command-" + sequence;
                HistoryRecorder<String, String>.Call call = requests.invoke(1, "effects", command);
                for (int tries = 1 + random.nextInt(2); tries > 0; tries--) {
                    log.propose(new Proposal(SESSION, sequence, sequence - 1L,
                            command.getBytes(StandardCharsets.UTF_8))).join();
                }
                call.ok("");
            }
        }
        return List.of(new AtMostOnceChecker().check(requests.history(), effects.done));
    }

    /// Notes what it is given.
    private static final class Effects implements LedgerStateMachine {
        private final List<String> done = new ArrayList<>();

        @Override
        public List<Keyspace> keyspaces() {
            return List.of();
        }

        @Override
        public byte[] apply(CommandContext context, byte[] command, StateTransaction transaction) {
            done.add(new String(command, StandardCharsets.UTF_8));
            return new byte[] {1};
        }

        @Override
        public void onEntryApplied(LogIndex index) {
            // Nobody waits for it.
        }

        @Override
        public void onStateReplaced(StateStore store) {
            // There is none.
        }
    }
}
