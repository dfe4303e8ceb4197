package io.holdfast.node.fragment;

import io.holdfast.hostio.holder.FragmentHolder;
import io.holdfast.hostio.holder.FragmentHolders;
import io.holdfast.hostio.holder.HolderId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/// All disks of the cluster as this node reaches them: its own directly, those of others over links.
/// Concurrent.
public final class FragmentLinks implements FragmentHolders, AutoCloseable {
    private static final long TICK_MILLIS = 100;

    private final FragmentServer.Tls tls;
    private final FragmentLimits limits;
    private final LocalDisks local;
    private final IntFunction<Optional<FragmentPeer>> peers;
    private final LinkCounters counters = new LinkCounters();
    private final Map<Integer, FragmentLink> links = new ConcurrentHashMap<>();
    private final ScheduledExecutorService watch;
    private final ScheduledFuture<?> ticking;
    private volatile boolean closed;

    /// This node's own disks.
    ///
    /// @param host this node's number, once it has one
    /// @param holder of a disk, by number
    public record LocalDisks(Supplier<OptionalInt> host, IntFunction<Optional<FragmentHolder>> holder) {}

    /// Makes links that connect when they are first used.
    ///
    /// @param peers another node by its number; asked at each connect
    public FragmentLinks(
            FragmentServer.Tls tls,
            FragmentLimits limits,
            LocalDisks local,
            IntFunction<Optional<FragmentPeer>> peers) {
        this.tls = tls;
        this.limits = limits;
        this.local = local;
        this.peers = peers;
        this.watch = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("fragment-watch").factory());
        this.ticking = watch.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public FragmentHolder holder(HolderId id) {
        OptionalInt self = local.host().get();
        if (self.isPresent() && self.getAsInt() == id.host()) {
            return local.holder().apply(id.disk())
                    .orElseGet(() -> new AbsentHolder("this node has no such disk, or it did not open: disk="
                            + id.disk()));
        }
        if (closed) {
            return new AbsentHolder("this node is stopping");
        }
        return new RemoteFragmentHolder(links.computeIfAbsent(id.host(), this::link), id.disk());
    }

    @Override
    public Optional<HolderId> local() {
        OptionalInt self = local.host().get();
        return self.isPresent() && local.holder().apply(0).isPresent()
                ? Optional.of(new HolderId(self.getAsInt(), 0))
                : Optional.empty();
    }

    /// Every link that was ever used.
    public List<FragmentLinkStatus> status() {
        return links.values().stream().map(FragmentLink::status).toList();
    }

    /// What was asked of other nodes so far.
    public LinkCounters counters() {
        return counters;
    }

    private FragmentLink link(int host) {
        return new FragmentLink(host, tls, limits, () -> peers.apply(host), counters);
    }

    private void tick() {
        long now = System.nanoTime();
        links.values().forEach(link -> link.tick(now));
    }

    @Override
    public void close() {
        closed = true;
        ticking.cancel(false);
        watch.shutdown();
        links.values().forEach(link -> link.close("this node is stopping"));
    }
}
