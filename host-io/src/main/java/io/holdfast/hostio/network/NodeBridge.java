package io.holdfast.hostio.network;

import io.holdfast.hostio.process.ProcessOutcome;
import io.holdfast.hostio.process.ProcessRun;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The bridge of a node and its choice of a subnet that no other interface of the host has. One node of a
/// host at a time chooses: of two that looked at the same moment, both would take the same.
final class NodeBridge {
    private static final Logger LOG = LoggerFactory.getLogger(NodeBridge.class);
    private static final Path LOCK = Path.of("/run/holdfast-network.lock");
    private static final Duration LOCK_WITHIN = Duration.ofSeconds(30);
    private static final Duration LOCK_TRIED_EVERY = Duration.ofMillis(20);
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final String SUBNET_FILE = "subnet";

    /// Locks on files are a process's; this one keeps its threads apart.
    private static final ReentrantLock CHOOSING = new ReentrantLock();

    /// An interface and the address that it has.
    private record Holder(String device, String address) {}

    private NodeBridge() {}

    /// Makes the bridge if it is not there, in the subnet that the folder names unless somebody else has that
    /// by now and no container is in it.
    static NetworkNames open(Path folder, Set<Integer> numbersInUse)
            throws IOException, InterruptedException {
        CHOOSING.lockInterruptibly();
        try (FileChannel file =
                FileChannel.open(LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = lock(file)) {
            String tag = NetworkNames.tagOf(folder);
            List<Holder> holders = holders();
            NetworkNames names = new NetworkNames(tag, choose(folder, tag, holders, numbersInUse));
            bringUp(names, holders);
            return names;
        } finally {
            CHOOSING.unlock();
        }
    }

    private static FileLock lock(FileChannel file) throws IOException, InterruptedException {
        long end = System.nanoTime() + LOCK_WITHIN.toNanos();
        while (true) {
            FileLock lock = file.tryLock();
            if (lock != null) {
                return lock;
            }
            if (System.nanoTime() - end > 0) {
                throw new IOException("another node of this host has kept its choice of a subnet to itself"
                        + " for too long: lock=" + LOCK + " seconds=" + LOCK_WITHIN.toSeconds());
            }
            TimeUnit.NANOSECONDS.sleep(LOCK_TRIED_EVERY.toNanos());
        }
    }

    private static int choose(Path folder, String tag, List<Holder> holders, Set<Integer> numbersInUse)
            throws IOException {
        Path file = folder.resolve(SUBNET_FILE);
        Optional<Integer> known = read(file);
        if (known.isPresent()) {
            if (isFree(new NetworkNames(tag, known.get()), holders)) {
                return known.get();
            }
            if (!numbersInUse.isEmpty()) {
                LOG.warn("another interface has this node's subnet, which changes once no container is left:"
                        + " gateway={} containers={}", new NetworkNames(tag, known.get()).gateway(),
                        numbersInUse.size());
                return known.get();
            }
        }
        int first = Math.floorMod(tag.hashCode(), NetworkNames.SUBNET_COUNT);
        for (int step = 0; step < NetworkNames.SUBNET_COUNT; step++) {
            int candidate = (first + step) % NetworkNames.SUBNET_COUNT;
            if (isFree(new NetworkNames(tag, candidate), holders)) {
                Files.writeString(file, candidate + "\n", StandardCharsets.UTF_8);
                return candidate;
            }
        }
        throw new IOException("no subnet of 198.18.0.0/16 is free: count=" + NetworkNames.SUBNET_COUNT);
    }

    /// Empty also for a file that was not written to its end.
    private static Optional<Integer> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String text = Files.readString(file, StandardCharsets.UTF_8).strip();
        return Optional.of(text)
                .filter(digits -> digits.matches("[0-9]{1,2}"))
                .map(Integer::parseInt)
                .filter(subnet -> subnet < NetworkNames.SUBNET_COUNT);
    }

    private static boolean isFree(NetworkNames names, List<Holder> holders) {
        return holders.stream().noneMatch(holder -> holder.address().equals(names.gateway())
                && !holder.device().equals(names.bridge()));
    }

    private static List<Holder> holders() throws IOException, InterruptedException {
        List<Holder> holders = new ArrayList<>();
        for (String line : ip("-o", "-4", "addr", "show").orThrow().output().lines().toList()) {
            String[] words = line.strip().split("\\s+", -1);
            if (words.length > 3) {
                holders.add(new Holder(words[1], words[3].split("/", 2)[0]));
            }
        }
        return holders;
    }

    /// One that was left half made is made whole.
    private static void bringUp(NetworkNames names, List<Holder> holders)
            throws IOException, InterruptedException {
        String bridge = names.bridge();
        String address = names.gateway() + "/" + NetworkNames.PREFIX_LENGTH;
        List<String> lines = new ArrayList<>();
        if (!ip("link", "show", "dev", bridge).isSuccess()) {
            lines.add("link add " + bridge + " type bridge");
        }
        boolean isElsewhere = holders.stream().anyMatch(holder ->
                holder.device().equals(bridge) && !holder.address().equals(names.gateway()));
        if (isElsewhere) {
            lines.add("addr flush dev " + bridge);
        }
        lines.add("addr replace " + address + " dev " + bridge);
        lines.add("link set " + bridge + " up");
        ProcessRun.of("ip", "-batch", "-").withInput(String.join("\n", lines) + "\n").withDeadline(DEADLINE)
                .run().orThrow();
    }

    private static ProcessOutcome ip(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words));
        return ProcessRun.of(command).withDeadline(DEADLINE).run();
    }
}
