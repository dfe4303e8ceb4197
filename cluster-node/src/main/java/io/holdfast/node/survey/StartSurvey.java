package io.holdfast.node.survey;

import io.holdfast.consensus.PeerId;
import io.holdfast.gridstate.snapshot.ApplicationKey;
import io.holdfast.node.http.port.StartView;
import io.holdfast.node.membership.NodeRoster;
import io.holdfast.node.peerlink.PeerCall;
import io.holdfast.node.peerlink.PeerRefusedException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/// What all nodes know of an application's starts. Concurrent; blocks while other nodes are asked.
public final class StartSurvey implements StartView {
    private final String self;
    private final Function<ApplicationKey, List<Start>> here;
    private final NodeRoster roster;
    private final ClusterSurvey.Peers peers;

    /// @param here what this node knows, the oldest first
    public StartSurvey(
            String self,
            Function<ApplicationKey, List<Start>> here,
            NodeRoster roster,
            ClusterSurvey.Peers peers) {
        this.self = self;
        this.here = here;
        this.roster = roster;
        this.peers = peers;
    }

    @Override
    public Starts starts(ApplicationKey application, Duration patience) {
        byte[] argument = application.toString().getBytes(StandardCharsets.UTF_8);
        Map<String, CompletableFuture<byte[]>> asked = new TreeMap<>();
        roster.picture().members().keySet().stream()
                .filter(node -> !node.equals(self))
                .forEach(node -> asked.put(
                        node, peers.ask(new PeerId(node), PeerCall.STARTS, argument, patience)));
        List<Start> found = new ArrayList<>(here.apply(application));
        List<String> silent = new ArrayList<>();
        asked.forEach((node, answer) -> {
            try {
                found.addAll(SurveyJson.starts(answer.join()));
            } catch (CompletionException | IllegalArgumentException unanswered) {
                silent.add(node);
            }
        });
        found.sort(Comparator.comparingLong(Start::atMillis).reversed());
        return new Starts(found, silent);
    }

    /// Answers another node.
    ///
    /// @param here what this node knows
    /// @param argument the application, as it is written
    public static byte[] answer(Function<ApplicationKey, List<Start>> here, byte[] argument) {
        try {
            ApplicationKey application =
                    ApplicationKey.parse(new String(argument, StandardCharsets.UTF_8));
            return SurveyJson.encode(here.apply(application));
        } catch (IllegalArgumentException malformed) {
            throw new PeerRefusedException("not an application: " + malformed.getMessage());
        }
    }
}
