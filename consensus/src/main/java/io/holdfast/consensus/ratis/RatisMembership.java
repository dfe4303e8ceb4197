package io.holdfast.consensus.ratis;

import io.holdfast.consensus.GroupId;
import io.holdfast.consensus.InvalidProposalException;
import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.membership.GroupPeer;
import io.holdfast.consensus.membership.Membership;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.server.RaftServer;

/// Changes a group's configuration through Ratis. Concurrent.
final class RatisMembership implements Membership {
    private static final int PRIORITY_MAX = 1_000;

    private final GroupId group;
    private final RaftServer server;
    private final RaftServer.Division division;
    private final ClientId client;
    private final AtomicLong calls;
    private final LeaderWaits leaderWaits;

    RatisMembership(
            GroupId group,
            RaftServer.Division division,
            ClientId client,
            AtomicLong calls,
            LeaderWaits leaderWaits) {
        this.group = group;
        this.server = division.getRaftServer();
        this.division = division;
        this.client = client;
        this.calls = calls;
        this.leaderWaits = leaderWaits;
    }

    @Override
    public List<GroupPeer> peers() {
        return RatisNames.peers(division.getRaftConf());
    }

    @Override
    public CompletableFuture<Void> change(List<GroupPeer> peers) {
        requireValid(peers);
        SetConfigurationRequest.Arguments arguments = SetConfigurationRequest.Arguments.newBuilder()
                .setServersInNewConf(peers.stream()
                        .filter(GroupPeer::voting)
                        .map(RatisNames::peer)
                        .toList())
                .setListenersInNewConf(peers.stream()
                        .filter(peer -> !peer.voting())
                        .map(RatisNames::peer)
                        .toList())
                .build();
        SetConfigurationRequest request = new SetConfigurationRequest(
                client, server.getId(), RatisNames.groupId(group), calls.incrementAndGet(), arguments);
        try {
            return server.setConfigurationAsync(request).handle(RatisMembership::answer);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(RatisFailures.of(e));
        }
    }

    private static Void answer(RaftClientReply reply, Throwable failure) {
        if (failure != null || !reply.isSuccess()) {
            throw RatisFailures.of(reply, failure);
        }
        return null;
    }

    private static void requireValid(List<GroupPeer> peers) {
        if (peers.stream().noneMatch(GroupPeer::voting)) {
            throw new InvalidProposalException("a group has a voter: peers=" + peers);
        }
        if (peers.stream().map(GroupPeer::id).distinct().count() != peers.size()) {
            throw new InvalidProposalException("a peer is listed twice: peers=" + peers);
        }
    }

    /// Lowers the priorities of the others as far as needed to lift the voter above them; the leader then
    /// yields to it once it has caught up.
    @Override
    public CompletableFuture<Void> transferLeadership(PeerId voter) {
        List<GroupPeer> peers = peers();
        GroupPeer target = peers.stream()
                .filter(peer -> peer.id().equals(voter) && peer.voting())
                .findFirst()
                .orElseThrow(() -> new InvalidProposalException("not a voter of the group: peer=" + voter));
        int highest = peers.stream()
                .filter(peer -> peer.voting() && !peer.equals(target))
                .mapToInt(GroupPeer::priority)
                .max()
                .orElse(0);
        int above = Math.min(highest + 1, PRIORITY_MAX);
        List<GroupPeer> steered = peers.stream()
                .map(peer -> peer.equals(target)
                        ? peer.withPriority(above)
                        : peer.withPriority(Math.min(peer.priority(), above - 1)))
                .toList();
        return change(steered).thenCompose(_ -> leaderWaits.await(voter));
    }
}
