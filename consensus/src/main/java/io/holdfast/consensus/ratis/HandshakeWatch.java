package io.holdfast.consensus.ratis;

import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.thirdparty.io.grpc.Attributes;
import org.apache.ratis.thirdparty.io.grpc.ServerTransportFilter;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;
import org.jspecify.annotations.Nullable;

/// Sees connections that end before their handshake is over. gRPC tells neither why nor whose they were
/// (seen in what Ratis 3.3.0 brings): a filter hears only that something without attributes has ended.
/// Concurrent.
final class HandshakeWatch extends ServerTransportFilter implements GrpcServices.Customizer {
    private final GrpcServices.Customizer next;
    private final Runnable onUnproven;
    private final AtomicInteger refused = new AtomicInteger();

    /// @param next customizes after this
    /// @param onUnproven hears of each that was not refused for its certificate
    HandshakeWatch(GrpcServices.Customizer next, Runnable onUnproven) {
        this.next = next;
        this.onUnproven = onUnproven;
    }

    /// A certificate was refused; the connection that showed it is about to end.
    void refused() {
        refused.incrementAndGet();
    }

    @Override
    public NettyServerBuilder customize(NettyServerBuilder builder, EnumSet<GrpcServices.Type> types) {
        return next.customize(builder.addTransportFilter(this), types);
    }

    @Override
    public void transportTerminated(@Nullable Attributes attributes) {
        boolean isUnproven = attributes == null;
        if (isUnproven && refused.getAndUpdate(count -> Math.max(0, count - 1)) == 0) {
            onUnproven.run();
        }
    }
}
