package io.holdfast.node.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.holdfast.hostio.container.BindMount;
import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.testing.SimulatedProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// An HTTP service that counts its requests in memory, and in a file of each volume it has, on a loopback
/// address of its own. It notes each request's `Test-Id`, so that a test sees what was handled how often.
public final class SimulatedCounter implements SimulatedProgram {
    /// The port within the container.
    public static final int PORT = 18_080;

    private static final AtomicInteger HOSTS = new AtomicInteger(1);

    private final HttpServer server;
    private final InetAddress address;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Handled handled;
    private final List<Path> volumes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition goesOn = lock.newCondition();
    private int count;
    private boolean isFrozen;

    /// How often each request was handled, by all instances of a test. Concurrent.
    public static final class Handled {
        private final Map<String, AtomicInteger> times = new ConcurrentHashMap<>();

        void note(String id) {
            times.computeIfAbsent(id, _ -> new AtomicInteger()).incrementAndGet();
        }

        public int timesOf(String id) {
            AtomicInteger count = times.get(id);
            return count == null ? 0 : count.get();
        }
    }

    private SimulatedCounter(Handled handled, ContainerSpec spec, byte[] memory) {
        this.handled = handled;
        this.volumes = spec.mounts().stream().map(BindMount::source).toList();
        this.count = memory.length == 0 ? 0 : Integer.parseInt(new String(memory, US_ASCII));
        int host = HOSTS.incrementAndGet();
        try {
            address = InetAddress.getByAddress(new byte[] {127, 9, (byte) (host >> 8), (byte) host});
            server = HttpServer.create(new InetSocketAddress(address, PORT), 256);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("four bytes are an address", impossible);
        } catch (IOException failure) {
            throw new UncheckedIOException("no port: host=" + host, failure);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /// Starts one for each container; `handled` is told of every request.
    public static SimulatedProgram.Source source(Handled handled) {
        return (ContainerSpec spec, byte[] memory) -> new SimulatedCounter(handled, spec, memory);
    }

    private void answer(HttpExchange exchange) throws IOException {
        int now;
        lock.lock();
        try {
            while (isFrozen) {
                goesOn.awaitUninterruptibly();
            }
            count++;
            now = count;
            for (Path volume : volumes) {
                Files.writeString(volume.resolve("count"), Integer.toString(now), US_ASCII);
            }
        } finally {
            lock.unlock();
        }
        String id = exchange.getRequestHeaders().getFirst("Test-Id");
        if (id != null) {
            handled.note(id);
        }
        exchange.getRequestBody().readAllBytes();
        byte[] body = Integer.toString(now).getBytes(US_ASCII);
        exchange.getResponseHeaders().set("Seen-Path", exchange.getRequestURI().toString());
        String credential = exchange.getRequestHeaders().getFirst("Authorization");
        exchange.getResponseHeaders().set("Seen-Credential", credential == null ? "none" : credential);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public InetAddress address() {
        return address;
    }

    @Override
    public String output() {
        return "counts\n";
    }

    @Override
    public byte[] save() {
        lock.lock();
        try {
            return Integer.toString(count).getBytes(US_ASCII);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void freeze(boolean freezes) {
        lock.lock();
        try {
            isFrozen = freezes;
            goesOn.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        freeze(false);
        server.stop(0);
        threads.shutdownNow();
    }
}
