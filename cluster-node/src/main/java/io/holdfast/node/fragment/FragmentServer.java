package io.holdfast.node.fragment;

import io.holdfast.hostio.holder.FragmentHolder;
import io.holdfast.node.identity.ClusterTls;
import io.holdfast.node.identity.ClusterTrust;
import io.holdfast.node.identity.RotatingKeys;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The port at which other nodes reach this node's disks. Concurrent.
public final class FragmentServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FragmentServer.class);
    private static final int BACKLOG = 128;
    private static final Duration ACCEPT_RETRY = Duration.ofMillis(100);

    private final ServerSocketChannel channel;
    private final int port;
    private final Tls tls;
    private final FragmentLimits limits;
    private final IntFunction<Optional<FragmentHolder>> disks;
    private final Semaphore bytes;
    private final Executor readers =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("fragment-read-", 0).factory());
    private final Set<FragmentSession> sessions = ConcurrentHashMap.newKeySet();
    final Counters counters = new Counters();

    /// This node's side of mutual TLS.
    ///
    /// @param keys what it shows
    /// @param trust whom it lets in; narrowed to nodes here
    public record Tls(RotatingKeys keys, ClusterTrust trust) {
        public Tls {
            trust = trust.nodesOnly();
        }

        ClusterTls context() {
            return ClusterTls.of(keys, trust);
        }

        String self() {
            return keys.identity().name();
        }
    }

    /// What the server has done since it was opened. Concurrent.
    static final class Counters {
        final LongAdder requests = new LongAdder();
        final LongAdder refused = new LongAdder();
        final LongAdder bytesIn = new LongAdder();
        final LongAdder bytesOut = new LongAdder();
    }

    private FragmentServer(
            ServerSocketChannel channel,
            Tls tls,
            FragmentLimits limits,
            IntFunction<Optional<FragmentHolder>> disks)
            throws IOException {
        this.channel = channel;
        this.port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
        this.tls = tls;
        this.limits = limits;
        this.disks = disks;
        this.bytes = new Semaphore(limits.serverBytesMax());
    }

    /// Listens; port 0 takes a free one.
    ///
    /// @param disks the holder of each of this node's disks, by number
    public static FragmentServer listen(
            InetSocketAddress address,
            Tls tls,
            FragmentLimits limits,
            IntFunction<Optional<FragmentHolder>> disks)
            throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(address, BACKLOG);
            FragmentServer server = new FragmentServer(channel, tls, limits, disks);
            Thread.ofPlatform().name("fragment-accept").daemon().start(server::accept);
            return server;
        } catch (IOException failure) {
            channel.close();
            throw failure;
        }
    }

    public int port() {
        return port;
    }

    public int connectionCount() {
        return sessions.size();
    }

    /// Requests answered since the start.
    public long requestCount() {
        return counters.requests.sum();
    }

    /// Requests answered with a refusal.
    public long refusedCount() {
        return counters.refused.sum();
    }

    /// Bytes of requests.
    public long bytesIn() {
        return counters.bytesIn.sum();
    }

    /// Bytes of answers.
    public long bytesOut() {
        return counters.bytesOut.sum();
    }

    /// Cuts the peers that the admission refuses by now, and those that take too long to say who they are.
    public void dropRefused() {
        sessions.forEach(session -> session.check(System.nanoTime()));
    }

    private void accept() {
        while (channel.isOpen()) {
            try {
                welcome(channel.accept());
            } catch (IOException failure) {
                if (channel.isOpen()) {
                    LOG.warn("accept failed: port={} reason={}", port, failure.toString());
                    LockSupport.parkNanos(ACCEPT_RETRY.toNanos()); // Descriptors may be used up.
                }
            }
        }
    }

    private void welcome(SocketChannel accepted) throws IOException {
        if (sessions.size() >= limits.connectionCountMax()) {
            LOG.warn("too many connections for fragments: count={}", sessions.size());
            accepted.close();
            return;
        }
        accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
        FragmentSession session = new FragmentSession(this, accepted);
        sessions.add(session);
        session.start();
        if (!channel.isOpen()) {
            session.close("this node is stopping");
        }
    }

    void forget(FragmentSession session) {
        sessions.remove(session);
    }

    Tls tls() {
        return tls;
    }

    FragmentLimits limits() {
        return limits;
    }

    Optional<FragmentHolder> disk(int number) {
        return disks.apply(number);
    }

    Semaphore bytes() {
        return bytes;
    }

    Executor readers() {
        return readers;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failure) {
            LOG.warn("the port did not close: port={} reason={}", port, failure.toString());
        }
        sessions.forEach(session -> session.close("this node is stopping"));
    }
}
