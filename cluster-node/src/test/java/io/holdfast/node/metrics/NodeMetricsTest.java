package io.holdfast.node.metrics;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.node.testing.FakeNode;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

class NodeMetricsTest {
    @Test
    void aScrapeShowsJvmLedgerAndStateMachines() {
        FakeNode node = FakeNode.founded();
        AtomicReference<String> state = new AtomicReference<>("CatchingUp");
        try (NodeMetrics metrics = new NodeMetrics("node-a")) {
            metrics.ledger("test", node.log()::status);
            metrics.machines(
                    () ->
                            List.of(
                                    new NodeMetrics.MachineState(
                                            "node-life", state.get(), Instant.EPOCH)));
            metrics.gauge("holdfast.grid.members", "Nodes in the grid.", () -> 3);
            metrics.counter("holdfast.api.refused", "Calls refused.", () -> 7);
            String first = metrics.scrape();
            assertTrue(first.contains("jvm_memory_used_bytes"), first);
            assertTrue(
                    first.contains("holdfast_ledger_is_leader{group=\"test\",node=\"node-a\"} 1.0"),
                    first);
            assertTrue(first.contains("holdfast_grid_members{node=\"node-a\"} 3.0"), first);
            assertTrue(first.contains("holdfast_api_refused_total{node=\"node-a\"} 7.0"), first);
            assertTrue(first.contains("state=\"CatchingUp\""), first);
            state.set("Ready");
            String second = metrics.scrape();
            assertTrue(second.contains("state=\"Ready\""), second);
            assertFalse(second.contains("state=\"CatchingUp\""), second);
        }
    }
}
