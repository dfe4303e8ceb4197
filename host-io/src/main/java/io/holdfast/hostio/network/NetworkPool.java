package io.holdfast.hostio.network;

import io.holdfast.hostio.process.ProcessRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The network namespaces of one node: some in use, some ready. Guarded by its lock, which no process is
/// started under.
public final class NetworkPool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NetworkPool.class);
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final ReentrantLock lock = new ReentrantLock();
    private final NetworkNames names;
    private final int readyCountMax;
    private final Deque<ContainerNetwork> ready = new ArrayDeque<>();
    private final BitSet numbersTaken = new BitSet();
    private int lastNumber = NetworkNames.NUMBER_MIN - 1;
    private boolean isFilling;
    private boolean isClosed;

    private NetworkPool(NetworkNames names, int readyCountMax) {
        this.names = names;
        this.readyCountMax = readyCountMax;
    }

    /// Makes the bridge if need be, and removes every namespace of this folder that is not in use.
    ///
    /// @param numbersInUse of the networks that containers have
    public static NetworkPool open(Path folder, Set<Integer> numbersInUse, int readyCountMax)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        NetworkSweep.run();
        NetworkNames names = NodeBridge.open(folder, numbersInUse);
        NetworkPool pool = new NetworkPool(names, readyCountMax);
        NetworkSweep.sign(names.bridge(), folder);
        for (String name : names.existingNamespaces()) {
            int number = Integer.parseInt(name.substring(names.namespacePrefix().length()));
            if (numbersInUse.contains(number)) {
                pool.numbersTaken.set(number);
            } else {
                pool.destroy(number);
            }
        }
        return pool;
    }

    /// A namespace nobody else has: a ready one, or a new one if there is none.
    public ContainerNetwork take() throws IOException, InterruptedException {
        ContainerNetwork taken;
        lock.lock();
        try {
            taken = ready.poll();
        } finally {
            lock.unlock();
        }
        fillInBackground();
        return taken == null ? create() : taken;
    }

    /// One that a container had when the node ended.
    public ContainerNetwork find(int number) {
        return names.network(number);
    }

    /// Destroys one that was taken. It may be half there or gone.
    public void giveBack(ContainerNetwork network) throws IOException, InterruptedException {
        destroy(network.number());
        lock.lock();
        try {
            numbersTaken.clear(network.number());
        } finally {
            lock.unlock();
        }
    }

    /// How many are ready at this moment.
    public int readyCount() {
        lock.lock();
        try {
            return ready.size();
        } finally {
            lock.unlock();
        }
    }

    /// Makes namespaces until enough are ready.
    public void fill() throws IOException, InterruptedException {
        while (wantsMore()) {
            ContainerNetwork made = create();
            lock.lock();
            try {
                if (!isClosed) {
                    ready.add(made);
                    continue;
                }
            } finally {
                lock.unlock();
            }
            giveBack(made);
        }
    }

    private boolean wantsMore() {
        lock.lock();
        try {
            return !isClosed && ready.size() < readyCountMax;
        } finally {
            lock.unlock();
        }
    }

    private void fillInBackground() {
        lock.lock();
        try {
            if (isFilling || isClosed || readyCountMax == 0) {
                return;
            }
            isFilling = true;
        } finally {
            lock.unlock();
        }
        Thread.ofVirtual().name("network-pool").start(this::fillOnce);
    }

    private void fillOnce() {
        try {
            fill();
        } catch (IOException failure) {
            LOG.warn("no networks can be made ready: bridge={}", names.bridge(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            endFilling();
        }
    }

    private void endFilling() {
        lock.lock();
        try {
            isFilling = false;
        } finally {
            lock.unlock();
        }
    }

    private ContainerNetwork create() throws IOException, InterruptedException {
        int number = takeNumber();
        ContainerNetwork network = names.network(number);
        try {
            String name = network.name();
            String hostEnd = names.hostEnd(number);
            batch(List.of(
                    "netns add " + name,
                    "link add " + hostEnd + " type veth peer name eth0 address " + names.hardwareAddress(
                            number)
                            + " netns " + name,
                    "link set " + hostEnd + " master " + names.bridge() + " up",
                    "link set " + hostEnd + " type bridge_slave isolated on"));
            batchWithin(name, List.of(
                    "link set lo up",
                    "addr add " + ContainerNetwork.INNER_ADDRESS + "/32 dev lo",
                    "addr add " + network.address() + "/" + NetworkNames.PREFIX_LENGTH + " dev eth0",
                    "link set eth0 up",
                    "route add default via " + names.gateway()));
            // Without capabilities a server may still listen on port 80 of a network that is its own.
            ProcessRun.of("nsenter", "--net=" + network.namespaceFile(), "sysctl", "-qw",
                            "net.ipv4.ip_unprivileged_port_start=0")
                    .withDeadline(DEADLINE)
                    .run()
                    .orThrow();
            return network;
        } catch (IOException | InterruptedException failure) {
            giveBack(network);
            throw failure;
        }
    }

    /// Numbers go round, so that one is not used again at once.
    private int takeNumber() throws IOException {
        lock.lock();
        try {
            int count = NetworkNames.NUMBER_MAX - NetworkNames.NUMBER_MIN + 1;
            for (int step = 0; step < count; step++) {
                lastNumber = lastNumber >= NetworkNames.NUMBER_MAX ? NetworkNames.NUMBER_MIN : lastNumber + 1;
                if (!numbersTaken.get(lastNumber)) {
                    numbersTaken.set(lastNumber);
                    return lastNumber;
                }
            }
            throw new IOException("every address of the subnet is in use: count=" + count);
        } finally {
            lock.unlock();
        }
    }

    private void destroy(int number) throws IOException, InterruptedException {
        List<String> steps = new ArrayList<>();
        if (Files.exists(Path.of("/sys/class/net", names.hostEnd(number)))) {
            steps.add("link del " + names.hostEnd(number));
        }
        if (Files.exists(names.network(number).namespaceFile())) {
            steps.add("netns del " + names.namespace(number));
        }
        if (!steps.isEmpty()) {
            batch(steps);
        }
    }

    private static void batch(List<String> lines) throws IOException, InterruptedException {
        ProcessRun.of("ip", "-batch", "-").withInput(String.join("\n", lines) + "\n").withDeadline(DEADLINE)
                .run().orThrow();
    }

    private static void batchWithin(String name, List<String> lines) throws IOException,
            InterruptedException {
        ProcessRun.of("ip", "-n", name, "-batch", "-").withInput(String.join("\n", lines) + "\n")
                .withDeadline(DEADLINE).run().orThrow();
    }

    /// Destroys what is ready; those in use stay.
    @Override
    public void close() {
        List<ContainerNetwork> unused;
        lock.lock();
        try {
            isClosed = true;
            unused = List.copyOf(ready);
            ready.clear();
        } finally {
            lock.unlock();
        }
        for (ContainerNetwork network : unused) {
            try {
                giveBack(network);
            } catch (IOException failure) {
                LOG.warn("a network stays until the next start: name={}", network.name(), failure);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /// Removes the bridge too, when nothing of the folder is in use any more.
    public void destroyBridge() throws IOException, InterruptedException {
        close();
        if (Files.exists(Path.of("/sys/class/net", names.bridge()))) {
            batch(List.of("link del " + names.bridge()));
        }
    }
}
