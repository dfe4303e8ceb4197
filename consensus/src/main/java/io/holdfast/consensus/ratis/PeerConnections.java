package io.holdfast.consensus.ratis;

import io.holdfast.consensus.PeerId;
import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Method;
import org.apache.ratis.grpc.server.GrpcServicesImpl;
import org.apache.ratis.protocol.RaftPeerId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the refusals of a peer that was down from delaying calls to it once it is up. Concurrent.
///
/// After a refusal gRPC lets a connection rest, each time longer, for two minutes in the end; calls made
/// meanwhile fail at once. Ratis ends the rest for what a leader sends, but not for the votes that a
/// candidate asks for: one that had stood before while a peer was down could not reach it again when the two
/// were all that was left, and stood in vain until the rest was over.
///
/// Ratis has the method that ends it, on a class of its own that is not public: hence the reflection.
final class PeerConnections {
    private static final Logger LOG = LoggerFactory.getLogger(PeerConnections.class);
    private static final String CONNECTION = "org.apache.ratis.grpc.server.GrpcServerProtocolClient";

    private final GrpcServicesImpl services;
    private final Method endRest;

    private PeerConnections(GrpcServicesImpl services, Method endRest) {
        this.services = services;
        this.endRest = endRest;
    }

    static PeerConnections of(GrpcServicesImpl services) {
        try {
            Method endRest = Class.forName(CONNECTION).getDeclaredMethod("resetConnectBackoff");
            endRest.setAccessible(true);
            return new PeerConnections(services, endRest);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("another version of Ratis: class=" + CONNECTION, e);
        }
    }

    /// If the connection to this peer rests, it is tried again now. Returns at once.
    void tryAgain(PeerId peer) {
        RaftPeerId id = RatisNames.peerId(peer);
        try {
            Closeable connection = services.getProxies().getProxy(id);
            endRest.invoke(connection);
        } catch (IOException e) {
            // The server closes.
            LOG.debug("no connection to try again: peer={}", peer, e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a connection cannot be tried again: peer=" + peer, e);
        }
    }
}
