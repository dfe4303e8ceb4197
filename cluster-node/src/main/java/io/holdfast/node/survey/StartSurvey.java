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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/// What all nodes know of an application's starts, past and to come. Concurrent; blocks while other nodes
/// are asked.
public final class StartSurvey implements StartView {
    private final String self;
    private final Here here;
    private final NodeRoster roster;
    private final ClusterSurvey.Peers peers;

    /// What one node knows.
    ///
    /// @param starts the oldest first
    /// @param frozen what stands ready; nothing or one
    public record Here(
            Function<ApplicationKey, List<Start>> starts, Function<ApplicationKey, List<Frozen>> frozen) {}

    public StartSurvey(
            String self,
            Here here,
            NodeRoster roster,
            ClusterSurvey.Peers peers) {
        this.self = self;
        this.here = here;
        this.roster = roster;
        this.peers = peers;
    }

    @Override
    public Starts starts(ApplicationKey application, Duration patience) {
        Map<String, CompletableFuture<byte[]>> starts = ask(PeerCall.STARTS, application, patience);
        Map<String, CompletableFuture<byte[]>> copies = ask(PeerCall.FROZEN, application, patience);
        Set<String> silent = new TreeSet<>();
        List<Start> found = new ArrayList<>(here.starts().apply(application));
        found.addAll(gathered(starts, SurveyJson::starts, silent));
        found.sort(Comparator.comparingLong(Start::atMillis).reversed());
        List<Frozen> frozen = new ArrayList<>(here.frozen().apply(application));
        frozen.addAll(gathered(copies, SurveyJson::frozen, silent));
        frozen.sort(Comparator.comparing(Frozen::node));
        return new Starts(found, frozen, List.copyOf(silent));
    }

    private Map<String, CompletableFuture<byte[]>> ask(
            PeerCall call, ApplicationKey application, Duration patience) {
        byte[] argument = application.toString().getBytes(StandardCharsets.UTF_8);
        Map<String, CompletableFuture<byte[]>> asked = new TreeMap<>();
        roster.picture().members().keySet().stream()
                .filter(node -> !node.equals(self))
                .forEach(node -> asked.put(
                        node, peers.ask(new PeerId(node), call, argument, patience)));
        return asked;
    }

    private static <T> List<T> gathered(
            Map<String, CompletableFuture<byte[]>> asked, Function<byte[], List<T>> decoder,
                    Set<String> silent) {
        List<T> found = new ArrayList<>();
        asked.forEach((node, answer) -> {
            try {
                found.addAll(decoder.apply(answer.join()));
            } catch (CompletionException | IllegalArgumentException unanswered) {
                silent.add(node);
            }
        });
        return found;
    }

    /// Answers another node.
    ///
    /// @param here what this node knows
    /// @param argument the application, as it is written
    public static byte[] answer(Function<ApplicationKey, ? extends List<? extends Record>> here,
            byte[] argument) {
        try {
            ApplicationKey application =
                    ApplicationKey.parse(new String(argument, StandardCharsets.UTF_8));
            return SurveyJson.encode(here.apply(application));
        } catch (IllegalArgumentException malformed) {
            throw new PeerRefusedException("not an application: " + malformed.getMessage());
        }
    }
}
