package io.holdfast.node.survey;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.UnavailableException;
import io.holdfast.node.http.port.TrendView.Sample;
import io.holdfast.node.http.port.TrendView.Trends;
import io.holdfast.node.ledger.LedgerAccess;
import io.holdfast.node.membership.NodeRoster;
import io.holdfast.node.peerlink.PeerCall;
import io.holdfast.node.testing.MemoryLedger;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// What three nodes did, of which node-3 does not answer.
final class TrendSurveyTest {
    private static CompletableFuture<byte[]> ask(
            PeerId peer, PeerCall call, byte[] argument, Duration patience) {
        assertEquals(PeerCall.TRENDS, call);
        return peer.value().equals("node-3")
                ? CompletableFuture.failedFuture(new UnavailableException("down"))
                : CompletableFuture.completedFuture(SurveyJson.encode(List.of(
                        new Sample(9_000, 8, 1, 10, 2, 20, 64, 0),
                        new Sample(14_000, 9, 1, 10, 2, 20, 64, 0))));
    }

    @Test
    void momentsOfAllNodesAreAddedUp() {
        InstantSource clock = InstantSource.system();
        try (MemoryLedger memory = new MemoryLedger(clock, 3)) {
            LedgerAccess ledger = memory.access("node-1");
            NodeRoster roster = new NodeRoster(clock, "n1", () -> "1");
            roster.refresh(ledger.reader());
            List<Sample> here = List.of(new Sample(7_000, 7, 3, 30, 0, 0, 32, 128));
            TrendSurvey survey = new TrendSurvey("node-1", () -> here, roster, TrendSurveyTest::ask);
            assertEquals(
                    new Trends(
                            List.of(new Sample(9_000, 8, 4, 40, 2, 20, 64, 128),
                                    new Sample(14_000, 9, 1, 10, 2, 20, 64, 0)),
                            List.of("node-3")),
                    survey.trends(Duration.ofSeconds(1)));
        }
    }
}
