package io.holdfast.gridstate.hazelcast;

import com.hazelcast.cluster.Member;
import io.holdfast.gridstate.hazelcast.security.GridGuard;
import java.util.Objects;
import java.util.UUID;

/// One member as another sees it.
///
/// @param node the name of its node, as its certificate says
/// @param uuid its identity, new with every start
/// @param address where it listens, `host:port`
/// @param self whether it is this one
public record GridMember(String node, UUID uuid, String address, boolean self) {
    static GridMember of(Member member) {
        String name = Objects.requireNonNullElse(member.getAttribute(GridGuard.nameAttribute()), "unknown");
        String address = member.getAddress().getHost() + ":" + member.getAddress().getPort();
        return new GridMember(name, member.getUuid(), address, member.localMember());
    }
}
