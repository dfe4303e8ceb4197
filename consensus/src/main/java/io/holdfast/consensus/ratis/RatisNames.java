package io.holdfast.consensus.ratis;

import io.holdfast.consensus.GroupId;
import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.membership.GroupPeer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftConfiguration;

/// Translates between the ledger's names and those of Ratis.
final class RatisNames {
    private RatisNames() {}

    /// Ratis names a group by 16 bytes, made from its name so that all peers agree.
    static RaftGroupId groupId(GroupId group) {
        return RaftGroupId.valueOf(uuid(group));
    }

    static UUID uuid(GroupId group) {
        return UUID.nameUUIDFromBytes(("holdfast:" + group.value()).getBytes(StandardCharsets.UTF_8));
    }

    static RaftPeerId peerId(PeerId peer) {
        return RaftPeerId.valueOf(peer.value());
    }

    static PeerId peerId(RaftPeerId peer) {
        return new PeerId(peer.toString());
    }

    static RaftGroup group(GroupId group, List<GroupPeer> peers) {
        return RaftGroup.valueOf(groupId(group), peers.stream().map(RatisNames::peer).toList());
    }

    static RaftPeer peer(GroupPeer peer) {
        return RaftPeer.newBuilder()
                .setId(peerId(peer.id()))
                .setAddress(address(peer))
                .setPriority(peer.priority())
                .setStartupRole(peer.voting() ? RaftPeerRole.FOLLOWER : RaftPeerRole.LISTENER)
                .build();
    }

    private static String address(GroupPeer peer) {
        String host = peer.host();
        return host.contains(":") ? "[" + host + "]:" + peer.port() : host + ":" + peer.port();
    }

    /// The peers of a configuration, voters first, each kind in the order of their names.
    static List<GroupPeer> peers(RaftConfiguration configuration) {
        List<GroupPeer> peers = new ArrayList<>();
        for (RaftPeer voter : configuration.getCurrentPeers(RaftPeerRole.FOLLOWER)) {
            peers.add(groupPeer(voter, true));
        }
        for (RaftPeer follower : configuration.getCurrentPeers(RaftPeerRole.LISTENER)) {
            peers.add(groupPeer(follower, false));
        }
        peers.sort(Comparator.comparing((GroupPeer peer) -> !peer.voting()).thenComparing(GroupPeer::id));
        return List.copyOf(peers);
    }

    private static GroupPeer groupPeer(RaftPeer peer, boolean voting) {
        String address = peer.getAddress();
        int colon = address.lastIndexOf(':');
        String host = address.substring(0, colon);
        if (host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
        }
        int port = Integer.parseInt(address.substring(colon + 1));
        return new GroupPeer(peerId(peer.getId()), host, port, voting, peer.getPriority());
    }
}
