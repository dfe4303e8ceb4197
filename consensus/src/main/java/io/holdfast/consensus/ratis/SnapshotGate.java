package io.holdfast.consensus.ratis;

import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.proto.grpc.RaftServerProtocolServiceGrpc;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;

/// Refuses snapshots from leaders while a group starts; they are sent again. Concurrent.
///
/// Ratis takes a snapshot as soon as a group is known (seen in 3.3.0), becomes its sender's follower, and
/// then fails to start as a follower because it is one. Other messages wait until it has its role.
final class SnapshotGate implements ServerInterceptor, GrpcServices.Customizer {
    private static final String INSTALL =
            RaftServerProtocolServiceGrpc.getInstallSnapshotMethod().getFullMethodName();

    private final AtomicInteger starting = new AtomicInteger();
    private final AtomicLong refused = new AtomicLong();

    void close() {
        starting.incrementAndGet();
    }

    void open() {
        starting.decrementAndGet();
    }

    /// How many snapshots were refused since the server was made.
    long refused() {
        return refused.get();
    }

    @Override
    public NettyServerBuilder customize(NettyServerBuilder builder, EnumSet<GrpcServices.Type> types) {
        return types.contains(GrpcServices.Type.SERVER) ? builder.intercept(this) : builder;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (starting.get() > 0 && call.getMethodDescriptor().getFullMethodName().equals(INSTALL)) {
            refused.incrementAndGet();
            call.close(Status.UNAVAILABLE.withDescription("the group is starting"), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return next.startCall(call, headers);
    }
}
