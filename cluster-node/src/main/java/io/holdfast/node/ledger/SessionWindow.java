package io.holdfast.node.ledger;

import io.holdfast.consensus.Proposal;
import io.holdfast.consensus.SessionId;
import io.holdfast.consensus.UnavailableException;
import java.util.BitSet;

/// Hands out the sequences of one session and knows up to which of them all are answered. Guarded by its own
/// lock.
final class SessionWindow {
    private final SessionId session;
    private final BitSet answered = new BitSet(Proposal.OUTSTANDING_MAX);
    private long newest;
    private long acknowledged;

    SessionWindow(SessionId session) {
        this.session = session;
    }

    /// Gives the command the next sequence; refused while too many before it are unanswered.
    synchronized Proposal admit(byte[] command) {
        if (newest - acknowledged >= Proposal.OUTSTANDING_MAX) {
            throw new UnavailableException(
                    "too many commands are unanswered: outstandingMax=" + Proposal.OUTSTANDING_MAX);
        }
        newest++;
        return new Proposal(session, newest, acknowledged, command);
    }

    /// The sequence needs no further attempt.
    synchronized void settle(long sequence) {
        answered.set(slot(sequence));
        while (acknowledged < newest && answered.get(slot(acknowledged + 1))) {
            acknowledged++;
            answered.clear(slot(acknowledged));
        }
    }

    synchronized long acknowledged() {
        return acknowledged;
    }

    private static int slot(long sequence) {
        return (int) (sequence % Proposal.OUTSTANDING_MAX);
    }
}
