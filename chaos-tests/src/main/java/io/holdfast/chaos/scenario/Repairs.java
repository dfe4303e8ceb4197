package io.holdfast.chaos.scenario;

import io.holdfast.chaos.cluster.ApiCall;
import io.holdfast.chaos.cluster.ApiOutcome;
import io.holdfast.chaos.cluster.NodeApi;
import io.holdfast.chaos.json.Json;
import io.holdfast.chaos.pace.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// Waits until what a node or a disk took along is there again elsewhere: only then may the next host be
/// lost, for what is written with m parity strips promises to outlive m losses, not more. Immutable.
///
/// @param addresses of nodes, one of which answers
record Repairs(NodeApi api, List<String> addresses) {
    /// The loss has to be noticed before it can be repaired.
    private static final Duration QUIET = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofMinutes(4);

    /// Waits until no chunk was at risk for a while.
    void await() throws TimeoutException, InterruptedException {
        long[] quietSince = {System.nanoTime()};
        Await.real().untilTrue("no chunk at risk", LIMIT, () -> {
            long now = System.nanoTime();
            if (chunksAtRisk() != 0) {
                quietSince[0] = now;
            }
            return now - quietSince[0] > QUIET.toNanos();
        });
    }

    /// -1 if nobody says.
    private long chunksAtRisk() {
        for (String address : addresses) {
            try {
                if (api.call(address, ApiCall.get("/v1/storage")) instanceof ApiOutcome.Answered answered
                        && answered.isSuccess()
                        && answered.body().member("atRisk").flatMap(risk -> risk.member("chunks"))
                                .orElse(null) instanceof Json.Numeral(String chunks)) {
                    return Long.parseLong(chunks);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while asking for chunks at risk", e);
            }
        }
        return -1;
    }
}
