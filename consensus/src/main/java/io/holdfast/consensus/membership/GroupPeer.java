package io.holdfast.consensus.membership;

import io.holdfast.consensus.PeerId;

/// One participant of a group.
///
/// @param id its name
/// @param host the name or address under which the others reach its Raft port
/// @param port 1 to 65535
/// @param voting whether it votes; otherwise it follows
/// @param priority 0 to 1000: among voters, the one with the highest priority leads once it has caught up
public record GroupPeer(PeerId id, String host, int port, boolean voting, int priority) {
    public GroupPeer {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("a port is 1 to 65535: port=" + port);
        }
        if (priority < 0 || priority > 1_000) {
            throw new IllegalArgumentException("a priority is 0 to 1000: priority=" + priority);
        }
    }

    public GroupPeer withVoting(boolean votes) {
        return new GroupPeer(id, host, port, votes, priority);
    }

    public GroupPeer withPriority(int newPriority) {
        return new GroupPeer(id, host, port, voting, newPriority);
    }
}
