package io.holdfast.node.volume;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.chunkmap.ChunkCatalogs;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.gridstate.command.LeaseCommand;
import io.holdfast.gridstate.lease.LeaseCatalogs;
import io.holdfast.gridstate.lease.LeaseEntry;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.GridReply.Accepted;
import io.holdfast.gridstate.rule.GridReply.Refused;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.volume.VolumeEntry;
import io.holdfast.hostio.blockdevice.BlockDeviceException;
import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.chunkstore.FencedException;
import io.holdfast.hostio.holder.ChunkDirectoryException;
import io.holdfast.node.ledger.LedgerAccess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The families that this node serves. Concurrent; opening and closing one blocks only those who want the
/// same.
public final class FamilyHost implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FamilyHost.class);

    /// A round of renewals is waited for this long; those that take longer end by themselves.
    private static final Duration ROUND_MAX = Duration.ofSeconds(1);

    /// A family that nobody uses is kept open a little, for who comes back.
    private static final Duration IDLE_MAX = Duration.ofSeconds(20);

    private static final long LEASE_MILLIS = ServingLease.TIME.toMillis();

    private final String self;
    private final LedgerAccess ledger;
    private final FamilyOpener opener;
    private final LeaseClock clock;
    private final Map<StreamId, ReentrantLock> locks = new ConcurrentHashMap<>();
    private final Map<StreamId, OpenFamily> families = new ConcurrentHashMap<>();
    /// Families that are being opened, and under what: with a host that is silent that takes long.
    private final Map<StreamId, Opening> opening = new ConcurrentHashMap<>();
    private volatile Consumer<OpenFamily> lost = _ -> {};
    private volatile boolean stopping;

    /// The token of a lease that was granted, and the lease.
    private record Opening(FencingToken token, ServingLease lease) {}

    public FamilyHost(String self, LedgerAccess ledger, FamilyOpener opener, LeaseClock clock) {
        this.self = self;
        this.ledger = ledger;
        this.opener = opener;
        this.clock = clock;
    }

    /// Hears of families that this node lost to another; their clients are to be parted with.
    void onLost(Consumer<OpenFamily> listener) {
        lost = listener;
    }

    /// The family, entered: the caller leaves it. Opens it if it is not open here.
    ///
    /// @param force whether another node that holds it is shut out
    /// @throws VolumeRefusedException if another node holds it, or it cannot be opened
    OpenFamily enter(StreamId stream, boolean force) {
        ReentrantLock lock = locks.computeIfAbsent(stream, _ -> new ReentrantLock());
        lock.lock();
        try {
            OpenFamily known = families.get(stream);
            if (known != null && known.store().failure().isPresent()) {
                drop(known, "its store failed: " + known.store().failure().get().getMessage());
            } else if (known != null && known.enter()) {
                return known;
            }
            if (stopping) {
                throw new VolumeRefusedException(
                        RefusalCode.FORBIDDEN_STATE, "this node is stopping", "ask another node");
            }
            OpenFamily opened = open(stream, force);
            families.put(stream, opened);
            opened.enter();
            return opened;
        } finally {
            lock.unlock();
        }
    }

    /// Does something in a family, which is opened if it is not open here.
    ///
    /// @param force whether another node that holds it is shut out
    /// @throws VolumeRefusedException if another node holds it, or it cannot be opened
    public <T, X extends Exception> T serving(StreamId stream, boolean force, ServedFamily.Work<T, X> work)
            throws X {
        OpenFamily family = enter(stream, force);
        try {
            return work.doIn(new ServedFamily(family));
        } finally {
            family.leave();
        }
    }

    /// Whether the family is open here.
    public boolean isOpen(StreamId stream) {
        return families.containsKey(stream);
    }

    /// Whether the family is not open yet, but nearly.
    boolean isBeingOpened(StreamId stream) {
        return opening.containsKey(stream);
    }

    /// The family if it is open here, entered.
    Optional<OpenFamily> enterIfOpen(StreamId stream) {
        return Optional.ofNullable(families.get(stream)).filter(OpenFamily::enter);
    }

    /// The families open here.
    List<OpenFamily> open() {
        return List.copyOf(families.values());
    }

    /// How many families are open here.
    public int openCount() {
        return families.size();
    }

    /// The longest that something written took to be durable, in milliseconds, of the families open here.
    public long longestStallMillis() {
        return families.values().stream()
                .mapToLong(family -> family.store().statistics().longestStallMillis())
                .max()
                .orElse(0);
    }

    /// Bytes of data in chunks of a former profile, of the families open here.
    public long formerProfileBytes() {
        return families.values().stream().mapToLong(family -> family.store().formerProfileBytes()).sum();
    }

    /// The node that holds a family's lease now, as this node knows.
    public Optional<String> holder(StreamId stream, long nowMillis) {
        return ledger.reader().get(LeaseCatalogs.LEASES, VolumeEntry.leaseOf(stream))
                .map(Versioned::value)
                .filter(lease -> lease.isHeldAt(nowMillis))
                .map(LeaseEntry::holder);
    }

    private OpenFamily open(StreamId stream, boolean force) {
        LeaseClock.Moment asked = clock.now();
        FencingToken token = granted(force
                ? new LeaseCommand.Seize(VolumeEntry.leaseOf(stream), self, LEASE_MILLIS)
                : new LeaseCommand.Acquire(VolumeEntry.leaseOf(stream), self, LEASE_MILLIS));
        ServingLease lease = new ServingLease(stream, clock, asked);
        opening.put(stream, new Opening(token, lease));
        try {
            OpenFamily opened = new OpenFamily(stream, token, opener.open(stream, token), lease);
            LOG.info("volumes: opened family={} token={} millis={}", stream, token.value(),
                    TimeUnit.NANOSECONDS.toMillis(clock.now().nanos() - asked.nanos()));
            return opened;
        } catch (FencedException | io.holdfast.hostio.blockdevice.FencedException overtaken) {
            throw new VolumeRefusedException(
                    RefusalCode.HELD, "another node took it meanwhile: " + overtaken.getMessage(),
                            "try again");
        } catch (ChunkStoreException | ChunkDirectoryException | BlockDeviceException unavailable) {
            release(stream, token);
            throw new VolumeRefusedException(
                    RefusalCode.FORBIDDEN_STATE,
                    "the volume cannot be opened: " + unavailable.getMessage(),
                    "see to it that enough of its hosts are up");
        } catch (VolumeRefusedException | ConsensusException refused) {
            release(stream, token);
            throw refused;
        } finally {
            opening.remove(stream);
        }
    }

    private FencingToken granted(LeaseCommand command) {
        GridReply reply = ledger.submit(command);
        return switch (reply) {
            case Accepted(long _, GridReply.Result.Granted(FencingToken token, long _)) -> token;
            case Accepted _ -> throw new IllegalStateException("a lease comes with a token: reply=" + reply);
            case Refused refused -> throw new VolumeRefusedException(refused);
        };
    }

    private void release(StreamId stream, FencingToken leaseToken) {
        try {
            ledger.submit(new LeaseCommand.Release(VolumeEntry.leaseOf(stream), self, leaseToken));
        } catch (ConsensusException undecided) {
            LOG.warn("a lease runs out by itself: family={} reason={}", stream, undecided.getMessage());
        }
    }

    /// Extends the leases and closes what is idle or lost; called every second or so. What takes long goes
    /// on after it returned.
    public void step() {
        List<Thread> round = new ArrayList<>();
        opening.forEach((stream, opened) ->
                round.add(Thread.ofVirtual().name("lease-" + stream).start(() -> prolong(stream, opened))));
        for (OpenFamily family : open()) {
            if (family.beginRenewal()) {
                round.add(Thread.ofVirtual().name("lease-" + family.stream()).start(() -> keep(family)));
            }
        }
        long endNanos = System.nanoTime() + ROUND_MAX.toNanos();
        for (Thread each : round) {
            try {
                each.join(Duration.ofNanos(Math.max(0, endNanos - System.nanoTime())));
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void keep(OpenFamily family) {
        try {
            if (family.store().failure().isPresent()) {
                drop(family, "its store failed: " + family.store().failure().get().getMessage());
            } else if (isIdle(family)) {
                closeIfIdle(family);
            } else {
                renew(family);
            }
        } finally {
            family.endRenewal();
        }
    }

    /// So that nobody else takes over what is nearly open. One that was refused finds itself fenced.
    private void prolong(StreamId stream, Opening opened) {
        LeaseClock.Moment asked = clock.now();
        try {
            GridReply reply = ledger.submit(new LeaseCommand.Renew(
                    VolumeEntry.leaseOf(stream), self, opened.token, LEASE_MILLIS));
            if (reply instanceof Accepted) {
                opened.lease.extended(asked);
            }
        } catch (ConsensusException undecided) {
            LOG.debug("a lease is not renewed: family={} reason={}", stream, undecided.getMessage());
        }
    }

    private static boolean isIdle(OpenFamily family) {
        long idleNanosMax = Math.max(IDLE_MAX.toNanos(), family.lingerNanos());
        return !family.isUsed()
                && System.nanoTime() - family.usedNanos() > idleNanosMax
                && !family.store().isRecoding();
    }

    private void renew(OpenFamily family) {
        String lease = VolumeEntry.leaseOf(family.stream());
        LeaseClock.Moment asked = clock.now();
        GridReply reply;
        try {
            reply = ledger.submit(new LeaseCommand.Renew(lease, self, family.leaseToken(), LEASE_MILLIS));
            if (reply instanceof Refused refused && refused.code() != RefusalCode.UNSUPPORTED_LEVEL) {
                asked = clock.now();
                reply = ledger.submit(new LeaseCommand.Acquire(lease, self, LEASE_MILLIS));
            }
        } catch (ConsensusException undecided) {
            LOG.debug("a lease is not renewed: family={} reason={}", family.stream(), undecided.getMessage());
            return;
        }
        switch (reply) {
            case Accepted(long _, GridReply.Result.Granted(FencingToken token, long _)) ->
                goOn(family, token, asked);
            case Accepted _ -> LOG.warn("a lease came without a token: family={}", family.stream());
            case Refused refused -> drop(family, refused.message());
        }
    }

    /// The lease is this node's again, or still. Somebody may have had it in between and given it back: then
    /// what is open here is not what was written last.
    private void goOn(OpenFamily family, FencingToken token, LeaseClock.Moment asked) {
        boolean isAnew = !token.equals(family.leaseToken());
        family.leaseGranted(token);
        if (isAnew && isOvertaken(family)) {
            drop(family, "another node wrote meanwhile");
        } else {
            family.lease().extended(asked);
        }
    }

    /// Whether a newer writer has taken the stream over, as far as this node has applied the ledger.
    private boolean isOvertaken(OpenFamily family) {
        return ledger.reader().get(ChunkCatalogs.STREAMS, family.stream())
                .map(Versioned::value)
                .filter(stream -> stream.token().value() <= family.token().value())
                .isEmpty();
    }

    private void closeIfIdle(OpenFamily family) {
        ReentrantLock lock = locks.computeIfAbsent(family.stream(), _ -> new ReentrantLock());
        if (!lock.tryLock()) {
            return;
        }
        try {
            if (isIdle(family) && families.get(family.stream()) == family) {
                if (family.beginClosing("not used")) {
                    close(family, "not used");
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// Ends a family that this node may no longer write, or cannot.
    private void drop(OpenFamily family, String reason) {
        if (!family.beginClosing(reason)) {
            return;
        }
        LOG.warn("volumes: lost family={} token={} reason={}", family.stream(), family.token().value(),
                reason);
        Thread.ofVirtual().name("part-" + family.stream()).start(() -> lost.accept(family));
        close(family, reason);
    }

    private void close(OpenFamily family, String reason) {
        families.remove(family.stream(), family);
        family.store().close();
        release(family.stream(), family.leaseToken());
        LOG.info("volumes: closed family={} token={} reason={}", family.stream(), family.token().value(),
                reason);
    }

    /// Closes a family at once; whoever still uses it gets errors.
    void end(OpenFamily family, String reason) {
        ReentrantLock lock = locks.computeIfAbsent(family.stream(), _ -> new ReentrantLock());
        lock.lock();
        try {
            if (family.beginClosing(reason)) {
                close(family, reason);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Closes all families, so that others can open them at once.
    @Override
    public void close() {
        stopping = true;
        for (OpenFamily family : open()) {
            end(family, "this node is stopping");
        }
    }
}
