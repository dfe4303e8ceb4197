package io.holdfast.gridstate.chunkmap;

import static io.holdfast.gridstate.chunkmap.ChunkCatalogs.CHUNKS;
import static io.holdfast.gridstate.chunkmap.ChunkCatalogs.STREAMS;
import static io.holdfast.gridstate.chunkmap.ChunkState.TRANSITIONS;

import io.holdfast.consensus.FencingToken;
import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.GridReply.Accepted;
import io.holdfast.gridstate.rule.GridReply.Refused;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.rule.Refusals;
import io.holdfast.gridstate.rule.RuleScope;
import io.holdfast.hostio.id.ChunkId;
import io.holdfast.hostio.id.FragmentIndex;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The rules of chunks. Immutable; confined to the apply thread by what it is given.
public final class ChunkRules {
    /// Chunks of one stream that may be open at once: one per writing lane, and some of a writer before.
    public static final int OPEN_MAX = 64;

    public static List<Keyspace> indexes() {
        return ChunkIndexes.ALL;
    }

    public GridReply open(
            RuleScope scope, ChunkId chunk, FencingToken token, Profile profile, List<FragmentPlace> places) {
        StreamId streamId = StreamId.of(chunk);
        Optional<StreamEntry> found = scope.find(STREAMS, streamId);
        if (found.isEmpty()) {
            return Refusals.notFound("stream", streamId);
        }
        StreamEntry stream = found.get();
        Optional<Refused> refused = StreamRules.whyNotWriter(streamId, stream, token)
                .or(() -> whyNotOpen(chunk, stream, profile, places));
        if (refused.isPresent()) {
            return refused.get();
        }
        scope.put(STREAMS, streamId, stream.withToken(token).opened(chunk.low()));
        scope.put(CHUNKS, chunk, new ChunkEntry(profile, token, places, 0, 0, new ChunkState.Open()));
        for (int i = 0; i < places.size(); i++) {
            ChunkIndexes.addPlace(scope, chunk, i, places.get(i));
        }
        if (isBelow(profile, stream)) {
            ChunkIndexes.setAtRisk(scope, chunk, true);
        }
        return new Accepted(scope.version());
    }

    public GridReply seal(RuleScope scope, ChunkId chunk, FencingToken token, Sealing sealing) {
        StreamId streamId = StreamId.of(chunk);
        Optional<StreamEntry> foundStream = scope.find(STREAMS, streamId);
        Optional<Versioned<ChunkId, ChunkEntry>> found = scope.findVersioned(CHUNKS, chunk);
        if (foundStream.isEmpty() || found.isEmpty()) {
            return Refusals.notFound("chunk", chunk);
        }
        StreamEntry stream = foundStream.get();
        ChunkEntry entry = found.get().value();
        Optional<Refused> fenced = StreamRules.whyNotWriter(streamId, stream, token);
        if (fenced.isPresent()) {
            return fenced.get();
        }
        if (!(entry.state() instanceof ChunkState.Open)) {
            boolean isSame = entry.lengthBytes() == sealing.lengthBytes()
                    && !(entry.state() instanceof ChunkState.Released);
            return isSame
                    ? new Accepted(found.get().version())
                    : Refusals.wrongState("chunk", chunk, entry.state().label(), "its length is final");
        }
        if (hasNoSuchFragment(entry, sealing.lostFragments())) {
            return Refusals.invalid("the chunk has no such fragments: " + chunk);
        }
        ChunkState next = settled(entry.profile(), stream, sealing.lostFragments());
        scope.put(STREAMS, streamId, stream.withToken(token).sealed());
        scope.put(CHUNKS, chunk, entry.sealedAs(token, sealing, TRANSITIONS.step(entry.state(), next)));
        ChunkIndexes.setAtRisk(scope, chunk, next instanceof ChunkState.AtRisk);
        return new Accepted(scope.version());
    }

    public GridReply updateUseful(
            RuleScope scope, StreamId streamId, FencingToken token, List<UsefulBytes> updates) {
        Optional<StreamEntry> found = scope.find(STREAMS, streamId);
        if (found.isEmpty()) {
            return Refusals.notFound("stream", streamId);
        }
        Optional<Refused> fenced = StreamRules.whyNotWriter(streamId, found.get(), token);
        if (fenced.isPresent()) {
            return fenced.get();
        }
        for (UsefulBytes update : updates) {
            ChunkId chunk = new ChunkId(streamId.value(), update.chunkNumber());
            Optional<ChunkEntry> entry = scope.find(CHUNKS, chunk);
            if (entry.isEmpty()) {
                return Refusals.notFound("chunk", chunk);
            }
            if (!isComplete(entry.get())) {
                return Refusals.wrongState("chunk", chunk, entry.get().state().label(), "");
            }
            if (update.bytes() > entry.get().lengthBytes()) {
                return Refusals.invalid("more is useful than the chunk holds: " + chunk + " lengthBytes="
                        + entry.get().lengthBytes() + " usefulBytes=" + update.bytes());
            }
            scope.put(CHUNKS, chunk, entry.get().withUseful(update.bytes()));
        }
        if (token.isAfter(found.get().token())) {
            scope.put(STREAMS, streamId, found.get().withToken(token));
        }
        return new Accepted(scope.version());
    }

    public GridReply reportLost(RuleScope scope, ChunkId chunk, long lostFragments) {
        Optional<Versioned<ChunkId, ChunkEntry>> found = scope.findVersioned(CHUNKS, chunk);
        if (found.isEmpty()) {
            return Refusals.notFound("chunk", chunk);
        }
        ChunkEntry entry = found.get().value();
        if (hasNoSuchFragment(entry, lostFragments)) {
            return Refusals.invalid("the chunk has no such fragments: " + chunk);
        }
        ChunkState next =
                switch (entry.state()) {
                    case ChunkState.Sealed state ->
                        TRANSITIONS.step(state, new ChunkState.AtRisk(lostFragments));
                    case ChunkState.AtRisk(long before) -> new ChunkState.AtRisk(before | lostFragments);
                    case ChunkState.Open state -> state;
                    case ChunkState.Released state -> state;
                };
        if (!(next instanceof ChunkState.AtRisk)) {
            return Refusals.wrongState("chunk", chunk, next.label(), "an open chunk is sealed by its writer");
        }
        if (next.equals(entry.state())) {
            return new Accepted(found.get().version());
        }
        scope.put(CHUNKS, chunk, entry.withState(next));
        ChunkIndexes.setAtRisk(scope, chunk, true);
        return new Accepted(scope.version());
    }

    public GridReply replaceFragment(
            RuleScope scope, ChunkId chunk, FragmentIndex fragment, VerifiedMove move) {
        Optional<ChunkEntry> found = scope.find(CHUNKS, chunk);
        Optional<StreamEntry> stream = scope.find(STREAMS, StreamId.of(chunk));
        if (found.isEmpty() || stream.isEmpty()) {
            return Refusals.notFound("chunk", chunk);
        }
        ChunkEntry entry = found.get();
        Optional<Refused> refused = whyNotReplace(chunk, entry, fragment, move);
        if (refused.isPresent()) {
            return refused.get();
        }
        List<FragmentPlace> places = new ArrayList<>(entry.places());
        places.set(fragment.value(), move.to());
        if (isCrowded(entry.profile(), places)) {
            return Refusals.invalid(
                    "two fragments would share a failure place: " + chunk + " to=" + move.to());
        }
        long lost = entry.state() instanceof ChunkState.AtRisk(long before) ? before : 0;
        ChunkState next = settled(entry.profile(), stream.get(), lost & ~(1L << fragment.value()));
        ChunkState reached =
                next.getClass() == entry.state().getClass() ? next : TRANSITIONS.step(entry.state(), next);
        scope.put(CHUNKS, chunk, entry.withPlaces(places).withState(reached));
        ChunkIndexes.removePlace(scope, chunk, fragment.value(), move.from());
        ChunkIndexes.addPlace(scope, chunk, fragment.value(), move.to());
        ChunkIndexes.setAtRisk(scope, chunk, reached instanceof ChunkState.AtRisk);
        return new Accepted(scope.version());
    }

    public GridReply release(
            RuleScope scope, ChunkId chunk, FencingToken token, Optional<ChunkId> replacement) {
        StreamId streamId = StreamId.of(chunk);
        Optional<StreamEntry> stream = scope.find(STREAMS, streamId);
        Optional<Versioned<ChunkId, ChunkEntry>> found = scope.findVersioned(CHUNKS, chunk);
        if (stream.isEmpty() || found.isEmpty()) {
            return Refusals.notFound("chunk", chunk);
        }
        ChunkEntry entry = found.get().value();
        Optional<Refused> fenced = StreamRules.whyNotWriter(streamId, stream.get(), token);
        if (fenced.isPresent()) {
            return fenced.get();
        }
        if (entry.state() instanceof ChunkState.Released) {
            return new Accepted(found.get().version());
        }
        if (!isComplete(entry)) {
            return Refusals.wrongState("chunk", chunk, entry.state().label(), "seal it first");
        }
        if (entry.usefulBytes() > 0 && !isHeldBy(scope, chunk, replacement)) {
            return GridReply.refuse(
                    RefusalCode.IN_USE,
                    "the chunk holds useful bytes: " + chunk + " usefulBytes=" + entry.usefulBytes(),
                    "move them to another chunk of the stream and seal that first");
        }
        if (token.isAfter(stream.get().token())) {
            scope.put(STREAMS, streamId, stream.get().withToken(token));
        }
        ChunkState next = TRANSITIONS.step(entry.state(), new ChunkState.Released());
        scope.put(CHUNKS, chunk, entry.withState(next));
        ChunkIndexes.setAtRisk(scope, chunk, false);
        return new Accepted(scope.version());
    }

    public GridReply forget(RuleScope scope, ChunkId chunk) {
        Optional<ChunkEntry> found = scope.find(CHUNKS, chunk);
        Optional<StreamEntry> stream = scope.find(STREAMS, StreamId.of(chunk));
        if (found.isEmpty() || stream.isEmpty()) {
            return Refusals.notFound("chunk", chunk);
        }
        ChunkEntry entry = found.get();
        if (!(entry.state() instanceof ChunkState.Released)) {
            return Refusals.wrongState("chunk", chunk, entry.state().label(), "release it first");
        }
        for (int i = 0; i < entry.places().size(); i++) {
            ChunkIndexes.removePlace(scope, chunk, i, entry.places().get(i));
        }
        scope.remove(CHUNKS, chunk);
        scope.put(STREAMS, StreamId.of(chunk), stream.get().forgotten());
        return new Accepted(scope.version());
    }

    private static Optional<Refused> whyNotOpen(
            ChunkId chunk, StreamEntry stream, Profile profile, List<FragmentPlace> places) {
        if (chunk.low() < stream.nextChunk() || chunk.low() == Long.MAX_VALUE) {
            return Optional.of(GridReply.refuse(
                    RefusalCode.EXISTS,
                    "the stream has used this number: " + chunk + " next=" + stream.nextChunk(),
                    "take the next number"));
        }
        if (stream.openCount() == OPEN_MAX) {
            return Optional.of(Refusals.full("open chunks of one stream", OPEN_MAX));
        }
        boolean isWeaker =
                stream.profile().spread() == Profile.Spread.NODE && profile.spread() != Profile.Spread.NODE;
        if (isWeaker || places.size() != profile.fragmentCount() || isCrowded(profile, places)) {
            return Optional.of(Refusals.invalid("a chunk has each fragment in a failure place of its own: "
                    + chunk + " profile=" + profile + " spread=" + profile.spread() + " places=" + places));
        }
        return Optional.empty();
    }

    private static Optional<Refused> whyNotReplace(
            ChunkId chunk, ChunkEntry entry, FragmentIndex fragment, VerifiedMove move) {
        if (!isComplete(entry)) {
            return Optional.of(Refusals.wrongState("chunk", chunk, entry.state().label(), ""));
        }
        if (fragment.value() >= entry.places().size()) {
            return Optional.of(Refusals.notFound("fragment", chunk + "/" + fragment));
        }
        if (!entry.places().get(fragment.value()).equals(move.from())) {
            return Optional.of(GridReply.refuse(
                    RefusalCode.VERSION_MISMATCH,
                    "the fragment lies elsewhere: " + chunk + "/" + fragment + " place="
                            + entry.places().get(fragment.value()),
                    "read the chunk again"));
        }
        if (move.verifiedLengthBytes() != entry.lengthBytes()) {
            return Optional.of(Refusals.invalid("the copy is not verified for the whole chunk: " + chunk
                    + " lengthBytes=" + entry.lengthBytes()
                    + " verifiedBytes=" + move.verifiedLengthBytes()));
        }
        return Optional.empty();
    }

    private static boolean isHeldBy(RuleScope scope, ChunkId chunk, Optional<ChunkId> replacement) {
        return replacement
                .filter(other -> other.high() == chunk.high() && !other.equals(chunk))
                .flatMap(other -> scope.find(CHUNKS, other))
                .filter(ChunkRules::isComplete)
                .isPresent();
    }

    /// Whether the chunk's length is final and its fragments are still wanted.
    private static boolean isComplete(ChunkEntry entry) {
        return switch (entry.state()) {
            case ChunkState.Sealed _, ChunkState.AtRisk _ -> true;
            case ChunkState.Open _, ChunkState.Released _ -> false;
        };
    }

    private static ChunkState settled(Profile profile, StreamEntry stream, long lostFragments) {
        return lostFragments == 0 && !isBelow(profile, stream)
                ? new ChunkState.Sealed()
                : new ChunkState.AtRisk(lostFragments);
    }

    private static boolean isBelow(Profile profile, StreamEntry stream) {
        return profile.parityCount() < stream.profile().parityCount();
    }

    private static boolean hasNoSuchFragment(ChunkEntry entry, long fragments) {
        return fragments >>> entry.profile().fragmentCount() != 0;
    }

    private static boolean isCrowded(Profile profile, List<FragmentPlace> places) {
        Set<Object> failurePlaces = new HashSet<>();
        for (FragmentPlace place : places) {
            Object failurePlace =
                    switch (profile.spread()) {
                        case NODE -> place.node();
                        case DISK -> place;
                    };
            if (!failurePlaces.add(failurePlace)) {
                return true;
            }
        }
        return false;
    }

    /// What sealing says about a chunk.
    ///
    /// @param lengthBytes its final length
    /// @param usefulBytes how many of these something refers to
    /// @param lostFragments bit i is set if fragment i is lost
    public record Sealing(long lengthBytes, long usefulBytes, long lostFragments) {}

    /// A fragment's move to a place where a copy of it was verified.
    ///
    /// @param from where it lay
    /// @param to where the copy lies
    /// @param verifiedLengthBytes of the chunk's data that the copy was verified for
    public record VerifiedMove(FragmentPlace from, FragmentPlace to, long verifiedLengthBytes) {}
}
