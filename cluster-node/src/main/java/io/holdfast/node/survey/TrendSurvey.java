package io.holdfast.node.survey;

import io.holdfast.consensus.PeerId;
import io.holdfast.node.http.port.TrendView;
import io.holdfast.node.membership.NodeRoster;
import io.holdfast.node.peerlink.PeerCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/// What all nodes did lately, added up moment by moment. Concurrent; blocks while other nodes are asked.
public final class TrendSurvey implements TrendView {
    private final String self;
    private final Supplier<List<Sample>> here;
    private final NodeRoster roster;
    private final ClusterSurvey.Peers peers;

    /// @param here what this node did
    public TrendSurvey(
            String self, Supplier<List<Sample>> here, NodeRoster roster, ClusterSurvey.Peers peers) {
        this.self = self;
        this.here = here;
        this.roster = roster;
        this.peers = peers;
    }

    @Override
    public Trends trends(Duration patience) {
        Map<String, CompletableFuture<byte[]>> asked = new TreeMap<>();
        roster.picture().members().keySet().stream()
                .filter(node -> !node.equals(self))
                .forEach(node -> asked.put(
                        node, peers.ask(new PeerId(node), PeerCall.TRENDS, new byte[0], patience)));
        Map<Long, Sample> sums = new TreeMap<>();
        here.get().forEach(sample -> add(sums, sample));
        List<String> silent = new ArrayList<>();
        asked.forEach((node, answer) -> {
            try {
                SurveyJson.samples(answer.join()).forEach(sample -> add(sums, sample));
            } catch (CompletionException | IllegalArgumentException unanswered) {
                silent.add(node);
            }
        });
        return new Trends(List.copyOf(sums.values()), silent);
    }

    /// Nodes look at their own moments; what lies within one interval counts as one.
    private static void add(Map<Long, Sample> sums, Sample sample) {
        sums.merge(sample.atMillis() / FigureHistory.EVERY.toMillis(), sample, TrendSurvey::plus);
    }

    private static Sample plus(Sample one, Sample other) {
        return new Sample(
                Math.max(one.atMillis(), other.atMillis()),
                Math.max(one.applied(), other.applied()),
                one.reads() + other.reads(),
                one.readBytes() + other.readBytes(),
                one.writes() + other.writes(),
                one.writtenBytes() + other.writtenBytes(),
                Math.max(one.readsP99Micros(), other.readsP99Micros()),
                Math.max(one.writesP99Micros(), other.writesP99Micros()));
    }
}
