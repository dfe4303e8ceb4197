package io.holdfast.chaos.simulation;

import java.util.List;

/// What the model's nodes say to each other. Logs travel whole: they are short.
sealed interface ModelMessage {
    long term();

    /// Asks for a vote.
    record AskVote(long term, int candidate, long lastTerm, int length) implements ModelMessage {}

    /// Gives one.
    record Vote(long term, int voter) implements ModelMessage {}

    /// The leader's log; also its heartbeat.
    ///
    /// @param round number of the heartbeat, by which reads are confirmed
    record Append(long term, int leader, List<ModelEntry> log, int committed, long round)
            implements ModelMessage {}

    /// A follower has stored so much, and heard that heartbeat.
    record Stored(long term, int follower, int length, long round) implements ModelMessage {}
}
