package io.holdfast.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.UnavailableException;
import io.holdfast.node.http.port.StatusSource.MachineReport;
import io.holdfast.node.http.port.StatusSource.NodeReport;
import io.holdfast.node.http.port.StatusSource.Traffic;
import io.holdfast.node.lifecycle.NodeLife;
import io.holdfast.node.lifecycle.NodeState;
import io.holdfast.node.peerlink.PeerCall;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PartingTest {
    private final NodeLife life = new NodeLife(() -> Instant.EPOCH);
    private final Map<String, NodeState> others = new TreeMap<>();
    private long nanos;
    private long settledNanos = Long.MAX_VALUE;
    private boolean isPortOpen = true;

    @BeforeEach
    void stop() {
        life.enter(new NodeState.Stopping(), "test");
    }

    private CompletableFuture<byte[]> ask(PeerId peer, PeerCall call, byte[] argument, Duration patience) {
        assertEquals(PeerCall.STATUS, call);
        assertTrue(isPortOpen, "others are asked while they can ask");
        NodeState state = others.get(peer.value());
        if (state instanceof NodeState.Failed) {
            return CompletableFuture.failedFuture(new UnavailableException("down"));
        }
        String label = nanos >= settledNanos ? new NodeState.Settled().label() : state.label();
        return CompletableFuture.completedFuture(NodeReports.encode(new NodeReport(
                peer.value(), "0", Instant.EPOCH, 0, 0, List.of(), Optional.empty(),
                List.of(new MachineReport(NodeStatus.LIFE, label, Instant.EPOCH, "test")), List.of(),
                Traffic.NONE)));
    }

    private Duration closed() {
        Parting parting =
                new Parting(life, others::keySet, this::ask, () -> nanos, time -> nanos += time.toNanos());
        parting.lastly(() -> isPortOpen = false);
        parting.close();
        assertFalse(isPortOpen);
        return Duration.ofNanos(nanos);
    }

    @Test
    void nobodyIsWaitedForWhoGoesOnOrIsGone() {
        others.put("goes-on", new NodeState.Ready());
        others.put("is-gone", new NodeState.Failed("killed"));
        others.put("is-as-far", new NodeState.Settled());
        assertEquals(Parting.GRACE, closed());
        assertEquals(new NodeState.Settled(), life.state());
    }

    @Test
    void whoStopsTooIsWaitedForUntilItHasPutAwayWhatItServes() {
        others.put("stops", new NodeState.Stopping());
        settledNanos = Duration.ofSeconds(3).toNanos();
        Duration waited = closed();
        assertTrue(waited.compareTo(Duration.ofSeconds(3)) >= 0, waited.toString());
        assertTrue(waited.compareTo(Duration.ofSeconds(4)) < 0, waited.toString());
    }

    @Test
    void nobodyIsWaitedForWithoutEnd() {
        others.put("hangs", new NodeState.Stopping());
        Duration waited = closed();
        assertTrue(waited.compareTo(Parting.WAIT_MAX.plusSeconds(1)) < 0, waited.toString());
    }

    @Test
    void aNodeThatFailedToStartWaitsForNobody() {
        NodeLife starting = new NodeLife(() -> Instant.EPOCH);
        Parting parting = new Parting(
                starting, others::keySet, this::ask, () -> nanos, time -> nanos += time.toNanos());
        parting.lastly(() -> isPortOpen = false);
        others.put("stops", new NodeState.Stopping());
        parting.close();
        assertFalse(isPortOpen);
        assertEquals(0, nanos);
    }
}
