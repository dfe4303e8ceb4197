package io.holdfast.hostio.nbd;

import io.holdfast.hostio.nbd.transport.PayloadPool;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A server of block devices over NBD: listens on any number of unix sockets and TCP addresses, and offers
/// the exports of one registry on all of them. Concurrent. Closing it lets requests in flight finish.
public final class NbdServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NbdServer.class);
    private static final int BACKLOG = 128;
    private static final Duration ACCEPT_RETRY = Duration.ofMillis(100);

    private final Exports exports;
    private final NbdLimits limits;
    private final Executor executor;
    private final PayloadPool pool;
    private final PayloadPool connectionBuffers;
    private final NbdCounters counters = new NbdCounters();
    private final Map<Long, Connection> connections = new ConcurrentHashMap<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong connectionNumber = new AtomicLong();
    private final ScheduledExecutorService deadlines;
    private volatile boolean closed;

    /// A socket that is listened on.
    private record Listener(ServerSocketChannel channel, SocketAddress address, Optional<NbdTls> tls) {}

    private NbdServer(Exports exports, NbdLimits limits, Executor executor) {
        this.exports = exports;
        this.limits = limits;
        this.executor = executor;
        this.pool = new PayloadPool(limits.byteCountMax(), limits.requestBytesMax());
        this.connectionBuffers = InFlight.connectionBuffers(limits.connectionCountMax());
        this.deadlines = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("nbd-deadlines").daemon().factory());
    }

    /// A server that listens nowhere yet. Requests that may take long each get a virtual thread.
    public static NbdServer open(Exports exports, NbdLimits limits) {
        return open(
                exports,
                limits,
                Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("nbd-request-", 0).factory()));
    }

    /// As [#open(Exports, NbdLimits)], with requests that may take long on this executor, which must never
    /// make one wait for another.
    public static NbdServer open(Exports exports, NbdLimits limits, Executor executor) {
        NbdServer server = new NbdServer(exports, limits, executor);
        long step = Watch.STEP.toNanos();
        ScheduledFuture<?> _ =
                server.deadlines.scheduleAtFixedRate(server::stepDeadlines, step, step, TimeUnit.NANOSECONDS);
        return server;
    }

    /// Listens on a unix socket that only this user may connect to. A socket left behind by a process that is
    /// gone is replaced; one that answers is not.
    public void listen(Path socket, Optional<NbdTls> tls) throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(socket);
        removeAbandoned(socket, address);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(address, BACKLOG);
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException failure) {
            channel.close();
            throw failure;
        }
        start(new Listener(channel, address, tls));
    }

    private static void removeAbandoned(Path socket, UnixDomainSocketAddress address) throws IOException {
        if (!Files.exists(socket)) {
            return;
        }
        try (SocketChannel _ = SocketChannel.open(address)) {
            throw new IOException("another process listens there: socket=" + socket);
        } catch (ConnectException abandoned) {
            LOG.info("abandoned socket removed socket={} reason={}", socket, abandoned.getMessage());
            Files.delete(socket);
        }
    }

    /// Listens on a TCP address; port 0 takes a free one. Returns the address in use.
    public InetSocketAddress listen(InetSocketAddress address, Optional<NbdTls> tls) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(address, BACKLOG);
        } catch (IOException failure) {
            channel.close();
            throw failure;
        }
        InetSocketAddress bound = (InetSocketAddress) channel.getLocalAddress();
        start(new Listener(channel, bound, tls));
        return bound;
    }

    private void start(Listener listener) {
        listeners.add(listener);
        Thread.ofPlatform().name("nbd-accept-" + listener.address()).daemon().start(() -> accept(listener));
        LOG.info("listening address={} tls={}", listener.address(), listener.tls().isPresent());
    }

    private void accept(Listener listener) {
        while (listener.channel().isOpen()) {
            try {
                welcome(listener, listener.channel().accept());
            } catch (IOException failure) {
                if (listener.channel().isOpen()) {
                    LOG.warn("accept failed address={} reason={}", listener.address(), failure.toString());
                    LockSupport.parkNanos(ACCEPT_RETRY.toNanos()); // Descriptors may be used up.
                }
            }
        }
    }

    private void welcome(Listener listener, SocketChannel channel) throws IOException {
        if (closed || connections.size() >= limits.connectionCountMax()) {
            counters.connectionsRefused.increment();
            channel.close();
            return;
        }
        counters.connectionsAccepted.increment();
        long number = connectionNumber.incrementAndGet();
        if (listener.address() instanceof InetSocketAddress) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        }
        String from = listener.address() + "#" + number;
        if (channel.getRemoteAddress() instanceof InetSocketAddress remote) {
            from = remote.toString();
        }
        NbdClient client = new NbdClient(number, from, Optional.empty());
        Connection connection = new Connection(this, channel, listener.tls(), client);
        connections.put(number, connection);
        if (closed) {
            connection.closeNow(); // Closing the server may have missed it; its thread sees that at once.
        }
        Thread.ofPlatform().name("nbd-" + number).daemon().start(connection);
    }

    private void stepDeadlines() {
        connections.values().forEach(Connection::step);
    }

    InFlight newInFlight() {
        return new InFlight(limits, pool, connectionBuffers, executor, counters);
    }

    Exports exports() {
        return exports;
    }

    NbdLimits limits() {
        return limits;
    }

    NbdCounters counters() {
        return counters;
    }

    void forget(Connection connection) {
        connections.remove(connection.client().connection());
    }

    /// What has been done since the server was opened.
    public NbdCounters.Reading readCounters() {
        return counters.read();
    }

    /// The clients that use this export now.
    public List<NbdClient> clientsOf(String exportName) {
        return connections.values().stream()
                .filter(each -> each.export().filter(used -> used.name().equals(exportName)).isPresent())
                .map(Connection::client)
                .toList();
    }

    /// Lets the requests in flight of all clients of an export finish, and parts with those clients. The
    /// registry should no longer offer it.
    public void disconnect(String exportName) {
        drain(connections.values().stream()
                .filter(each -> each.export().filter(used -> used.name().equals(exportName)).isPresent())
                .toList());
    }

    private void drain(List<Connection> leaving) {
        List<Thread> drains = leaving.stream()
                .map(each -> Thread.ofVirtual().start(() -> each.drain(limits.times().drain())))
                .toList();
        for (Thread each : drains) {
            try {
                each.join();
            } catch (InterruptedException _) {
                leaving.forEach(Connection::closeNow);
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Listener listener : listeners) {
            try {
                listener.channel().close();
                if (listener.address() instanceof UnixDomainSocketAddress unix) {
                    Files.deleteIfExists(unix.getPath());
                }
            } catch (IOException failure) {
                LOG.warn("close failed address={} reason={}", listener.address(), failure.toString());
            }
        }
        drain(List.copyOf(connections.values()));
        deadlines.shutdown();
        LOG.info("closed listeners={}", listeners.size());
    }
}
