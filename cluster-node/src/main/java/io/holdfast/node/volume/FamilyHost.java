package io.holdfast.node.volume;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.catalog.Versioned;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The families that this node serves. Concurrent; opening and closing one blocks only those who want the
/// same.
public final class FamilyHost implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FamilyHost.class);

    /// How long others wait for a family whose node died; several renewals and an election fit in.
    private static final Duration LEASE_TIME = Duration.ofSeconds(10);

    /// A family that nobody uses is kept open a little, for who comes back.
    private static final Duration IDLE_MAX = Duration.ofSeconds(20);

    private final String self;
    private final LedgerAccess ledger;
    private final FamilyOpener opener;
    private final Map<StreamId, ReentrantLock> locks = new ConcurrentHashMap<>();
    private final Map<StreamId, OpenFamily> families = new ConcurrentHashMap<>();
    /// Families that are being opened, under these tokens: with a host that is silent that takes long.
    private final Map<StreamId, FencingToken> opening = new ConcurrentHashMap<>();
    private volatile Consumer<OpenFamily> lost = _ -> {};
    private volatile boolean stopping;

    public FamilyHost(String self, LedgerAccess ledger, FamilyOpener opener) {
        this.self = self;
        this.ledger = ledger;
        this.opener = opener;
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
        FencingToken token = granted(force
                ? new LeaseCommand.Seize(VolumeEntry.leaseOf(stream), self, LEASE_TIME.toMillis())
                : new LeaseCommand.Acquire(VolumeEntry.leaseOf(stream), self, LEASE_TIME.toMillis()));
        opening.put(stream, token);
        try {
            OpenFamily opened = new OpenFamily(stream, token, opener.open(stream, token));
            LOG.info("volumes: opened family={} token={}", stream, token.value());
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

    /// Extends the leases and closes what is idle or lost; called every second or so.
    public void step() {
        opening.forEach(this::prolong);
        for (OpenFamily family : open()) {
            if (family.store().failure().isPresent()) {
                drop(family, "its store failed: " + family.store().failure().get().getMessage());
            } else if (isIdle(family)) {
                closeIfIdle(family);
            } else {
                renew(family);
            }
        }
    }

    /// So that nobody else takes over what is nearly open. One that was refused finds itself fenced.
    private void prolong(StreamId stream, FencingToken token) {
        try {
            ledger.submit(new LeaseCommand.Renew(
                    VolumeEntry.leaseOf(stream), self, token, LEASE_TIME.toMillis()));
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
        GridReply reply;
        try {
            reply = ledger.submit(
                    new LeaseCommand.Renew(lease, self, family.leaseToken(), LEASE_TIME.toMillis()));
            if (reply instanceof Refused refused && refused.code() != RefusalCode.UNSUPPORTED_LEVEL) {
                reply = ledger.submit(new LeaseCommand.Acquire(lease, self, LEASE_TIME.toMillis()));
            }
        } catch (ConsensusException undecided) {
            LOG.debug("a lease is not renewed: family={} reason={}", family.stream(), undecided.getMessage());
            return;
        }
        switch (reply) {
            case Accepted(long _, GridReply.Result.Granted(FencingToken token, long _)) ->
                family.leaseGranted(token);
            case Accepted _ -> LOG.warn("a lease came without a token: family={}", family.stream());
            case Refused refused -> drop(family, refused.message());
        }
    }

    private void closeIfIdle(OpenFamily family) {
        ReentrantLock lock = locks.computeIfAbsent(family.stream(), _ -> new ReentrantLock());
        if (!lock.tryLock()) {
            return;
        }
        try {
            if (isIdle(family) && families.get(family.stream()) == family) {
                family.beginClosing();
                close(family, "not used");
            }
        } finally {
            lock.unlock();
        }
    }

    /// Ends a family that this node may no longer write, or cannot.
    private void drop(OpenFamily family, String reason) {
        LOG.warn("volumes: lost family={} token={} reason={}", family.stream(), family.token().value(),
                reason);
        family.beginClosing();
        lost.accept(family);
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
            family.beginClosing();
            if (families.get(family.stream()) == family) {
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
