package io.holdfast.node.volume;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.catalog.Page;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.gridstate.command.LeaseCommand;
import io.holdfast.gridstate.command.VolumeCommand;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.GridReply.Accepted;
import io.holdfast.gridstate.volume.ReclaimEntry;
import io.holdfast.gridstate.volume.VolumeCatalogs;
import io.holdfast.gridstate.volume.VolumeEntry;
import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.chunkstore.FencedException;
import io.holdfast.hostio.holder.ChunkDirectory;
import io.holdfast.hostio.holder.ChunkDirectoryException;
import io.holdfast.hostio.holder.ChunkRecord;
import io.holdfast.hostio.holder.ChunkSealing;
import io.holdfast.hostio.holder.FragmentHolders;
import io.holdfast.hostio.holder.HolderId;
import io.holdfast.node.ledger.LedgerAccess;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives back the space of deleted families: releases their chunks, has the fragments deleted, and forgets a
/// chunk once all of them are. Works on the leader only; what a host that is away still has is tried again
/// later. Confined to the thread that calls [#step()].
public final class Reclaimer {
    private static final Logger LOG = LoggerFactory.getLogger(Reclaimer.class);
    private static final long LEASE_MILLIS = 60_000;
    private static final int STREAMS_PER_STEP = 16;
    private static final long PAUSE_SECONDS_MIN = 5;
    private static final long PAUSE_SECONDS_MAX = 300;

    private final String self;
    private final BooleanSupplier leads;
    private final LedgerAccess ledger;
    private final ChunkDirectory directory;
    private final FragmentHolders holders;
    private final IntPredicate isMember;
    private final Map<StreamId, Pause> pauses = new HashMap<>();
    private Optional<String> cursor = Optional.empty();

    /// Until when a family is left alone, because something of it could not be deleted.
    private record Pause(long untilNanos, int attempts) {}

    /// @param isMember whether a node of this number may still come back
    public Reclaimer(
            String self,
            BooleanSupplier leads,
            LedgerAccess ledger,
            ChunkDirectory directory,
            FragmentHolders holders,
            IntPredicate isMember) {
        this.self = self;
        this.leads = leads;
        this.ledger = ledger;
        this.directory = directory;
        this.holders = holders;
        this.isMember = isMember;
    }

    /// Works on a few families.
    public void step() {
        if (!leads.getAsBoolean()) {
            return;
        }
        Page.Request request = Page.Request.first(STREAMS_PER_STEP);
        Page<StreamId, ReclaimEntry> page = ledger.reader()
                .page(VolumeCatalogs.RECLAIMS, cursor.map(request::after).orElse(request));
        cursor = page.next();
        for (Versioned<StreamId, ReclaimEntry> entry : page.entries()) {
            Pause pause = pauses.getOrDefault(entry.key(), new Pause(System.nanoTime(), 0));
            if (pause.untilNanos() - System.nanoTime() > 0) {
                continue;
            }
            pauses.put(entry.key(), longer(pause));
            try {
                reclaim(entry.key());
            } catch (ConsensusException | ChunkDirectoryException | ChunkStoreException later) {
                LOG.info("volumes: space is given back later: family={} volume={} reason={}", entry.key(),
                        entry.value().volume(), later.getMessage());
            }
        }
    }

    private static Pause longer(Pause before) {
        long seconds = Math.min(PAUSE_SECONDS_MAX, PAUSE_SECONDS_MIN << Math.min(before.attempts(), 10));
        return new Pause(System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds), before.attempts() + 1);
    }

    private void reclaim(StreamId stream) {
        GridReply granted = ledger.submit(
                new LeaseCommand.Acquire(VolumeEntry.leaseOf(stream), self, LEASE_MILLIS));
        if (!(granted instanceof Accepted(long _, GridReply.Result.Granted(FencingToken token, long _)))) {
            return;
        }
        try {
            directory.fence(stream.value(), token.value());
            boolean isEmpty = true;
            for (ChunkRecord chunk : directory.chunks(stream.value())) {
                isEmpty &= remove(chunk, token.value());
            }
            if (isEmpty) {
                ledger.submit(new VolumeCommand.FinishReclaim(stream, token));
                pauses.remove(stream);
                LOG.info("volumes: space is given back: family={}", stream);
            }
        } finally {
            ledger.submit(new LeaseCommand.Release(VolumeEntry.leaseOf(stream), self, token));
        }
    }

    /// Whether nothing of the chunk is left.
    private boolean remove(ChunkRecord chunk, long token) {
        if (chunk.isOpen()) {
            directory.seal(chunk.id(), token, new ChunkSealing(0, 0, 0, 0));
        } else if (chunk.state() == ChunkRecord.State.SEALED && chunk.usefulBytes() > 0) {
            directory.reportUseful(chunk.id().high(), token, Map.of(chunk.id(), 0L));
        }
        if (chunk.state() != ChunkRecord.State.RELEASED) {
            directory.release(chunk.id(), token, Optional.empty());
        }
        List<CompletableFuture<Void>> deletions = new ArrayList<>();
        for (int i = 0; i < chunk.holders().size(); i++) {
            HolderId holder = chunk.holders().get(i);
            if (isMember.test(holder.host())) {
                deletions.add(holders.holder(holder).delete(chunk.fragment(i), token));
            }
        }
        for (CompletableFuture<Void> deletion : deletions) {
            try {
                deletion.join();
            } catch (CompletionException failure) {
                if (failure.getCause() instanceof FencedException fenced) {
                    throw fenced;
                }
                return false;
            }
        }
        directory.forget(chunk.id());
        return true;
    }
}
