package io.holdfast.node.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.gridstate.catalog.Sha256;
import io.holdfast.gridstate.cluster.Addresses;
import io.holdfast.gridstate.cluster.ClusterEntry;
import io.holdfast.gridstate.cluster.NodeCertificate;
import io.holdfast.gridstate.cluster.NodeDescription;
import io.holdfast.gridstate.cluster.NodeEntry;
import io.holdfast.gridstate.cluster.NodeState;
import io.holdfast.gridstate.command.ClusterCommand;
import io.holdfast.gridstate.rule.GridReply;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LevelRaiserTest {
    private final NodeRoster roster = new NodeRoster(InstantSource.system(), "n1", () -> "1");
    private final List<ClusterCommand> proposed = new ArrayList<>();
    private boolean leads = true;
    private final LevelRaiser raiser = new LevelRaiser(() -> leads, roster, command -> {
        proposed.add(command);
        return new GridReply.Accepted(1);
    });

    @Test
    void theLevelRisesToWhatEveryMemberUnderstands() {
        raiser.step();
        show(1, Map.of("a", node(3), "b", node(2)));
        raiser.step();
        assertEquals(List.of(new ClusterCommand.RaiseLevel(2)), proposed);
    }

    @Test
    void oneOldMemberKeepsItDownAndAnEvictedOneDoesNot() {
        show(1, Map.of("a", node(2), "b", node(1)));
        raiser.step();
        assertEquals(List.of(), proposed);
        show(1, Map.of("a", node(2), "b", node(1, new NodeState.Evicted("gone", 0))));
        raiser.step();
        assertEquals(List.of(new ClusterCommand.RaiseLevel(2)), proposed);
    }

    @Test
    void onlyTheLeaderRaisesAndOnlyOnce() {
        leads = false;
        show(1, Map.of("a", node(2)));
        raiser.step();
        leads = true;
        show(2, Map.of("a", node(2)));
        raiser.step();
        assertEquals(List.of(), proposed);
    }

    private void show(int level, Map<String, NodeEntry> nodes) {
        ClusterEntry cluster = new ClusterEntry("c", "home", 0, level, nodes.size(), nodes.size());
        roster.show(new NodeRoster.Picture(Optional.of(cluster), nodes));
    }

    private static NodeEntry node(int level) {
        return node(level, new NodeState.Joined());
    }

    private static NodeEntry node(int level, NodeState state) {
        NodeDescription description = new NodeDescription(
                "default", new Addresses("127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3", "127.0.0.1:4"), false,
                level);
        NodeCertificate certificate = new NodeCertificate("0a", new Sha256("0".repeat(64)), 1);
        return new NodeEntry(1, description, certificate, Optional.empty(), state, 0);
    }
}
