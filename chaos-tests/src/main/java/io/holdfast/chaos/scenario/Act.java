package io.holdfast.chaos.scenario;

import java.io.IOException;
import java.util.concurrent.TimeoutException;

/// Part of a scenario: faults of one family on a cluster that works meanwhile. Several may be played on one
/// cluster, one after the other; what they leave is judged together.
@FunctionalInterface
interface Act {
    void play(ClusterDrama drama) throws IOException, InterruptedException, TimeoutException;
}
