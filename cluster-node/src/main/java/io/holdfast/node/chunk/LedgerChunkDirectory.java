package io.holdfast.node.chunk;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.catalog.Page;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.chunkmap.ChunkCatalogs;
import io.holdfast.gridstate.chunkmap.ChunkEntry;
import io.holdfast.gridstate.chunkmap.ChunkState;
import io.holdfast.gridstate.chunkmap.FragmentPlace;
import io.holdfast.gridstate.chunkmap.Profile;
import io.holdfast.gridstate.chunkmap.StreamEntry;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.gridstate.chunkmap.UsefulBytes;
import io.holdfast.gridstate.command.ChunkCommand;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.hostio.chunkstore.FencedException;
import io.holdfast.hostio.erasure.ErasureProfile;
import io.holdfast.hostio.holder.ChunkDirectory;
import io.holdfast.hostio.holder.ChunkDirectoryException;
import io.holdfast.hostio.holder.ChunkRecord;
import io.holdfast.hostio.holder.ChunkSealing;
import io.holdfast.hostio.holder.HolderId;
import io.holdfast.hostio.holder.TooFewHoldersException;
import io.holdfast.hostio.id.ChunkId;
import io.holdfast.hostio.id.FragmentIndex;
import io.holdfast.node.ledger.LedgerAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The chunk map in the ledger as the directory of a striped log. Concurrent; every call waits for the
/// ledger.
public final class LedgerChunkDirectory implements ChunkDirectory {
    /// Numbers that are tried for a new chunk: more than once only if this node's copy of the map was
    /// behind.
    private static final int ATTEMPTS_MAX = 8;

    private final LedgerAccess ledger;
    private final PlaceChooser places;

    public LedgerChunkDirectory(LedgerAccess ledger, PlaceChooser places) {
        this.ledger = ledger;
        this.places = places;
    }

    @Override
    public void fence(long stream, long token) {
        require(submit(new ChunkCommand.FenceStream(new StreamId(stream), new FencingToken(token))), token);
    }

    @Override
    public ChunkRecord open(long stream, long token, ErasureProfile profile, Set<HolderId> avoid) {
        StreamId id = new StreamId(stream);
        StreamEntry entry = stream(id);
        Profile.Spread spread = entry.profile().spread();
        Profile wanted = new Profile(profile.dataStrips(), profile.parityStrips(), spread);
        List<FragmentPlace> chosen = places.choose(wanted.fragmentCount(), spread, avoid, List.of());
        if (chosen.size() < wanted.fragmentCount()) {
            throw new TooFewHoldersException(wanted.fragmentCount(), chosen.size());
        }
        long number = entry.nextChunk();
        for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
            ChunkId chunk = new ChunkId(stream, number);
            GridReply reply =
                    submit(new ChunkCommand.Open(chunk, new FencingToken(token), wanted, chosen));
            if (!(reply instanceof GridReply.Refused refused) || refused.code() != RefusalCode.EXISTS) {
                require(reply, token);
                return new ChunkRecord(
                        chunk, profile, holders(chosen), ChunkRecord.State.OPEN, 0, 0, 0);
            }
            waitForLedger();
            number = Math.max(number + 1, stream(id).nextChunk());
        }
        throw new ChunkDirectoryException(
                "no number was free for a new chunk: stream=" + id + " attempts=" + ATTEMPTS_MAX);
    }

    @Override
    public void seal(ChunkId chunk, long token, ChunkSealing sealing) {
        require(
                submit(new ChunkCommand.Seal(
                        chunk,
                        new FencingToken(token),
                        sealing.lengthBytes(),
                        sealing.usefulBytes(),
                        Integer.toUnsignedLong(sealing.lostMask()))),
                token);
    }

    @Override
    public Optional<ChunkRecord> find(ChunkId chunk) {
        waitForLedger();
        return ledger.reader().get(ChunkCatalogs.CHUNKS, chunk).map(LedgerChunkDirectory::record);
    }

    @Override
    public List<ChunkRecord> chunks(long stream) {
        waitForLedger();
        List<ChunkRecord> found = new ArrayList<>();
        Page.Request request =
                Page.Request.first(Page.LIMIT_MAX).withPrefix(new StreamId(stream).toString());
        boolean isLast = false;
        while (!isLast) {
            Page<ChunkId, ChunkEntry> page = ledger.reader().page(ChunkCatalogs.CHUNKS, request);
            page.entries().forEach(entry -> found.add(record(entry)));
            isLast = page.next().isEmpty();
            request = page.next().map(request::after).orElse(request);
        }
        return found;
    }

    @Override
    public void reportUseful(long stream, long token, Map<ChunkId, Long> usefulBytes) {
        List<UsefulBytes> all = usefulBytes.entrySet().stream()
                .map(entry -> new UsefulBytes(entry.getKey().low(), entry.getValue()))
                .toList();
        for (int from = 0; from < all.size(); from += ChunkCommand.UpdateUseful.CHUNKS_MAX) {
            int to = Math.min(all.size(), from + ChunkCommand.UpdateUseful.CHUNKS_MAX);
            require(
                    submit(new ChunkCommand.UpdateUseful(
                            new StreamId(stream), new FencingToken(token), all.subList(from, to))),
                    token);
        }
    }

    @Override
    public void reportLost(ChunkId chunk, int lostMask) {
        require(submit(new ChunkCommand.ReportLost(chunk, Integer.toUnsignedLong(lostMask))), 0);
    }

    @Override
    public Optional<HolderId> spare(ChunkRecord chunk, int index, Set<HolderId> avoid) {
        Profile.Spread spread = stream(StreamId.of(chunk.id())).profile().spread();
        List<FragmentPlace> others = new ArrayList<>();
        for (int i = 0; i < chunk.holders().size(); i++) {
            if (i != index) {
                others.add(place(chunk.holders().get(i)));
            }
        }
        return holders(places.choose(1, spread, avoid, others)).stream().findFirst();
    }

    @Override
    public void replace(ChunkRecord chunk, int index, HolderId to) {
        require(
                submit(new ChunkCommand.ReplaceFragment(
                        chunk.id(),
                        new FragmentIndex(index),
                        place(chunk.holders().get(index)),
                        place(to),
                        chunk.lengthBytes())),
                0);
    }

    @Override
    public void release(ChunkId chunk, long token, Optional<ChunkId> replacement) {
        require(submit(new ChunkCommand.Release(chunk, new FencingToken(token), replacement)), token);
    }

    @Override
    public void forget(ChunkId chunk) {
        GridReply reply = submit(new ChunkCommand.Forget(chunk));
        boolean isGone = reply instanceof GridReply.Refused refused
                && refused.code() == RefusalCode.NOT_FOUND;
        if (!isGone) {
            require(reply, 0);
        }
    }

    private StreamEntry stream(StreamId id) {
        Optional<Versioned<StreamId, StreamEntry>> found = ledger.reader().get(ChunkCatalogs.STREAMS, id);
        if (found.isEmpty()) {
            waitForLedger();
            found = ledger.reader().get(ChunkCatalogs.STREAMS, id);
        }
        return found.map(Versioned::value)
                .orElseThrow(() -> new ChunkDirectoryException("no such stream: stream=" + id));
    }

    private GridReply submit(ChunkCommand command) {
        try {
            return ledger.submit(command);
        } catch (ConsensusException undecided) {
            throw new ChunkDirectoryException(String.valueOf(undecided.getMessage()), undecided);
        }
    }

    private void waitForLedger() {
        try {
            ledger.barrier();
        } catch (ConsensusException undecided) {
            throw new ChunkDirectoryException(String.valueOf(undecided.getMessage()), undecided);
        }
    }

    private static void require(GridReply reply, long token) {
        if (reply instanceof GridReply.Refused refused) {
            // A writer whose stream or chunk is gone has been replaced by somebody who gave them up.
            boolean isReplaced = refused.code() == RefusalCode.FENCED
                    || (refused.code() == RefusalCode.NOT_FOUND && token > 0);
            if (isReplaced) {
                throw new FencedException(refused.message(), token + 1);
            }
            throw new ChunkDirectoryException(
                    refused.code().problemCode() + ": " + refused.message());
        }
    }

    private static ChunkRecord record(Versioned<ChunkId, ChunkEntry> entry) {
        ChunkEntry chunk = entry.value();
        int lostMask = chunk.state() instanceof ChunkState.AtRisk(long lost) ? (int) lost : 0;
        ChunkRecord.State state =
                switch (chunk.state()) {
                    case ChunkState.Open _ -> ChunkRecord.State.OPEN;
                    case ChunkState.Sealed _, ChunkState.AtRisk _ -> ChunkRecord.State.SEALED;
                    case ChunkState.Released _ -> ChunkRecord.State.RELEASED;
                };
        return new ChunkRecord(
                entry.key(),
                new ErasureProfile(chunk.profile().dataCount(), chunk.profile().parityCount()),
                holders(chunk.places()),
                state,
                lostMask,
                chunk.lengthBytes(),
                chunk.usefulBytes());
    }

    private static List<HolderId> holders(List<FragmentPlace> places) {
        return places.stream().map(place -> new HolderId(place.node(), place.disk())).toList();
    }

    private static FragmentPlace place(HolderId holder) {
        return new FragmentPlace(holder.host(), holder.disk());
    }
}
