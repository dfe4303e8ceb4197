package io.holdfast.gridstate.hazelcast.security;

import com.hazelcast.cluster.Address;
import com.hazelcast.cluster.Member;
import com.hazelcast.instance.BuildInfoProvider;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.DefaultNodeExtension;
import com.hazelcast.instance.impl.Node;
import com.hazelcast.internal.cluster.impl.ClusterServiceImpl;
import com.hazelcast.internal.cluster.impl.JoinMessage;
import com.hazelcast.internal.cluster.impl.JoinRequest;
import com.hazelcast.internal.networking.Channel;
import com.hazelcast.internal.networking.ChannelInitializer;
import com.hazelcast.internal.server.ServerConnection;
import com.hazelcast.internal.server.ServerContext;
import com.hazelcast.internal.server.tcp.TcpServerConnection;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/// The vendor's node, with TLS at the ends of every connection's pipelines and a join check.
///
/// Internal classes of the vendor, Apache-2.0, without any promise of stability: hence the pinned version.
final class SecuredNodeExtension extends DefaultNodeExtension {
    /// The only version whose internals this package was written and tested against.
    static final String HAZELCAST_VERSION = "5.7.0";

    private final GridTls tls;
    private final Admission admission;
    private final HandshakeCrew crew;

    SecuredNodeExtension(Node node, GridTls tls, Admission admission, HandshakeCrew crew) {
        super(node);
        String version = BuildInfoProvider.getBuildInfo().getVersion();
        if (!version.equals(HAZELCAST_VERSION)) {
            throw new IllegalStateException(
                    "the grid's security is built for another version of Hazelcast: expected="
                            + HAZELCAST_VERSION + " actual=" + version);
        }
        this.tls = tls;
        this.admission = admission;
        this.crew = crew;
    }

    @Override
    public Function<EndpointQualifier, ChannelInitializer> createChannelInitializerFn(ServerContext context) {
        Function<EndpointQualifier, ChannelInitializer> plain = super.createChannelInitializerFn(context);
        return qualifier -> {
            ChannelInitializer inner = Objects.requireNonNull(
                    plain.apply(qualifier), () -> "no such endpoint is open: qualifier=" + qualifier);
            return channel -> secure(channel, inner);
        };
    }

    @SuppressWarnings("unchecked") // The vendor's attribute map is raw.
    private void secure(Channel channel, ChannelInitializer inner) throws Exception {
        // The vendor's default lingers for no time at all: that resets the connection, throws away the alert
        // or close_notify that is still on its way, and makes Java close the descriptor late.
        channel.socket().setSoLinger(false, 0);
        TlsChannel session = new TlsChannel(tls.engine(channel.isClientMode()), channel, admission, crew);
        channel.attributeMap().put(TlsChannel.class, session);
        channel.inboundPipeline().addLast(new TlsDecoder(session));
        inner.initChannel(channel);
        channel.outboundPipeline().addLast(new TlsEncoder(session));
        try {
            session.open();
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /// Runs on the master. What the request says about its sender must be what its certificate says.
    @Override
    public void validateJoinRequest(JoinMessage message) {
        super.validateJoinRequest(message);
        if (message instanceof JoinRequest request) {
            String claimed = request.getAttributes().get(Admission.MEMBER_NAME_ATTRIBUTE);
            Optional<String> proven = provenName(request.getAddress());
            if (claimed == null
                    || !proven.filter(claimed::equals).isPresent()
                    || !admission.admits(claimed)) {
                String reason = "a member that is not admitted asked to join: node=" + claimed
                        + " certificate=" + proven.orElse("none") + " address=" + request.getAddress();
                admission.refuse(reason, null);
                throw new IllegalArgumentException(reason);
            }
        }
    }

    private Optional<String> provenName(Address address) {
        List<ServerConnection> connections = node.getServer()
                .getConnectionManager(EndpointQualifier.MEMBER)
                .getAllConnections(address);
        return connections.stream().flatMap(each -> peerName(each).stream()).findFirst();
    }

    private static Optional<String> peerName(ServerConnection connection) {
        return connection instanceof TcpServerConnection tcp
                        && tcp.getChannel().attributeMap().get(TlsChannel.class) instanceof TlsChannel session
                ? session.peerName()
                : Optional.empty();
    }

    /// Takes members out that are not admitted any more, without waiting for their heartbeat to fail.
    void removeUnadmittedMembers() {
        ClusterServiceImpl cluster = node.getClusterService();
        if (!cluster.isJoined()) {
            return;
        }
        for (Member member : cluster.getMembers()) {
            String name = member.getAttribute(Admission.MEMBER_NAME_ATTRIBUTE);
            if (!member.localMember() && (name == null || !admission.admits(name))) {
                cluster.suspectMember(member, "no longer admitted: node=" + name, true);
            }
        }
    }

    /// The vendor's logo has no place in a log; its version and address do.
    @Override
    protected void printBannersBeforeNodeInfo() {}
}
