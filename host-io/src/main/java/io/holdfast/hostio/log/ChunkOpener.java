package io.holdfast.hostio.log;

import io.holdfast.hostio.chunkstore.ChunkStoreException;
import io.holdfast.hostio.chunkstore.ConflictException;
import io.holdfast.hostio.chunkstore.FencedException;
import io.holdfast.hostio.erasure.ErasureProfile;
import io.holdfast.hostio.holder.ChunkDirectory;
import io.holdfast.hostio.holder.ChunkRecord;
import io.holdfast.hostio.holder.FragmentHolder;
import io.holdfast.hostio.holder.HolderId;
import io.holdfast.hostio.holder.TooFewHoldersException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes chunks that are ready to be appended to. Concurrent; blocks.
final class ChunkOpener {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkOpener.class);
    /// A holder may have to make a segment first; nobody is known to have failed, so there is time.
    private static final long FIRST_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int ATTEMPTS_MAX = 4;

    private final LogStream stream;
    private final LaneKey lane;
    private final ChunkSealer sealer;

    ChunkOpener(LogStream stream, LaneKey lane, ChunkSealer sealer) {
        this.stream = stream;
        this.lane = lane;
        this.sealer = sealer;
    }

    /// Opens a chunk of the full profile that shares no holder with another one but those of this host, so
    /// that whatever holder of that one fails, this one can take over.
    ///
    /// @throws TooFewHoldersException if there are not that many
    OpenChunk openApart(ChunkRecord other) {
        Set<HolderId> avoided = new HashSet<>(stream.runtime().health().suspects());
        avoided.addAll(other.holders());
        stream.runtime().holders().local().ifPresent(avoided::remove);
        return openFull(avoided);
    }

    /// Opens a chunk of the full profile without the holders to avoid.
    ///
    /// @throws TooFewHoldersException if there are not that many
    OpenChunk openFull(Collection<HolderId> avoid) {
        Set<HolderId> avoided = new HashSet<>(avoid);
        ChunkRecord record = stream.runtime().directory().open(
                stream.id(), stream.token(), lane.options().profile(), avoided);
        OpenChunk chunk = new OpenChunk(record, stream.holdersOf(record), lane.options().fragmentBytesMax());
        if (!createFragments(chunk, avoided)) {
            sealer.abandon(chunk);
            throw new TooFewHoldersException(record.profile().strips(), 0);
        }
        return chunk;
    }

    /// Opens a chunk without the holders to avoid, and makes its fragments.
    ///
    /// @throws io.holdfast.hostio.holder.ChunkDirectoryException if it cannot be decided now
    /// @throws FencedException if another writer has the stream
    OpenChunk open(Set<HolderId> avoid) {
        Set<HolderId> avoided = new HashSet<>(avoid);
        for (int attempt = 1; ; attempt++) {
            ChunkRecord record = enter(avoided, attempt == 1);
            OpenChunk chunk = new OpenChunk(
                    record, stream.holdersOf(record), lane.options().fragmentBytesMax());
            if (createFragments(chunk, avoided)) {
                return chunk;
            }
            sealer.abandon(chunk);
            if (attempt == ATTEMPTS_MAX) {
                throw new TooFewHoldersException(record.profile().strips(), 0);
            }
        }
    }

    /// Before one failure could take all that is written, holders that were slow or failed lately are given
    /// another chance: they may be better than none.
    private ChunkRecord enter(Set<HolderId> avoided, boolean mayForgive) {
        ChunkDirectory directory = stream.runtime().directory();
        ErasureProfile wanted = lane.options().profile();
        try {
            return directory.open(stream.id(), stream.token(), wanted, avoided);
        } catch (TooFewHoldersException few) {
            ErasureProfile fitting = lane.options().fitting(few.available());
            if (fitting.equals(wanted)) {
                throw few;
            }
            if (mayForgive && fitting.parityStrips() == 0 && !avoided.isEmpty()) {
                LOG.info("holders are tried again, for too few are left: stream={} tried={}",
                        Long.toHexString(stream.id()), avoided);
                avoided.clear();
                return enter(avoided, false);
            }
            LOG.info("a chunk gets a smaller profile: stream={} wanted={} profile={} holders={}",
                    Long.toHexString(stream.id()), wanted, fitting, few.available());
            return directory.open(stream.id(), stream.token(), fitting, avoided);
        }
    }

    private boolean createFragments(OpenChunk chunk, Set<HolderId> avoided) {
        ChunkRecord record = chunk.record();
        List<CompletableFuture<Void>> made = new ArrayList<>();
        for (int i = 0; i < record.holders().size(); i++) {
            FragmentHolder holder = chunk.holder(i);
            made.add(holder.create(record.fragment(i), record.profile(), stream.token()));
        }
        boolean isHurried = !avoided.isEmpty();
        boolean isComplete = true;
        for (int i = 0; i < made.size(); i++) {
            Optional<ChunkStoreException> failure =
                    isHurried
                    ? Answers.failure(made.get(i), chunk.holderId(i), stream.runtime().health())
                    : Answers.failure(made.get(i), FIRST_NANOS);
            if (failure.isPresent()) {
                isComplete = false;
                noteFailure(chunk, i, failure.get(), avoided);
            }
        }
        return isComplete;
    }

    private void noteFailure(
            OpenChunk chunk, int index, ChunkStoreException failure, Set<HolderId> avoided) {
        HolderId holder = chunk.holderId(index);
        LOG.info("a fragment could not be made: fragment={} holder={} reason={}",
                chunk.record().fragment(index), holder, failure.getMessage());
        switch (failure) {
            case FencedException fenced -> throw fenced;
            case ConflictException _ -> LOG.debug("the number is used there: holder={}", holder);
            default -> {
                stream.runtime().health().suspect(holder);
                avoided.add(holder);
            }
        }
    }
}
