package io.holdfast.consensus.testing;

import io.holdfast.consensus.log.ReplicatedLog;

final class InMemoryReplicatedLogTest extends ReplicatedLogContract {
    private InMemoryStateStore store;

    @Override
    protected ReplicatedLog open(TallyStateMachine machine) {
        store = new InMemoryStateStore(machine.keyspaces());
        return InMemoryReplicatedLog.open(machine, clock, store);
    }

    @Override
    protected ReplicatedLog reopen(ReplicatedLog open, TallyStateMachine machine) {
        open.close();
        return InMemoryReplicatedLog.open(machine, clock, store);
    }
}
