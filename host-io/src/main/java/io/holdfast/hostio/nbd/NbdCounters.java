package io.holdfast.hostio.nbd;

import java.util.concurrent.atomic.LongAdder;

/// What a server has done since it was opened. Concurrent.
public final class NbdCounters {
    final LongAdder connectionsAccepted = new LongAdder();
    final LongAdder connectionsRefused = new LongAdder();
    final LongAdder connectionsClosedByDeadline = new LongAdder();
    final LongAdder requests = new LongAdder();
    final LongAdder requestsOnOwnThread = new LongAdder();
    final LongAdder requestsInPieces = new LongAdder();
    final LongAdder requestsFailed = new LongAdder();
    final LongAdder bytesRead = new LongAdder();
    final LongAdder bytesWritten = new LongAdder();

    NbdCounters() {}

    /// The counters at this moment.
    public Reading read() {
        return new Reading(
                new Connections(
                        connectionsAccepted.sum(),
                        connectionsRefused.sum(),
                        connectionsClosedByDeadline.sum()),
                requests.sum(),
                requestsOnOwnThread.sum(),
                requestsInPieces.sum(),
                requestsFailed.sum(),
                bytesRead.sum(),
                bytesWritten.sum());
    }

    /// Connections since the server was opened.
    public record Connections(long accepted, long refused, long closedByDeadline) {}

    /// Values at one moment.
    ///
    /// @param requestsOnOwnThread those that were expected to take long
    /// @param requestsInPieces those that found the budget of bytes used up
    public record Reading(
            Connections connections,
            long requests,
            long requestsOnOwnThread,
            long requestsInPieces,
            long requestsFailed,
            long bytesRead,
            long bytesWritten) {}
}
