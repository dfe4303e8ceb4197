package io.holdfast.gridstate.chunkmap;

import static io.holdfast.gridstate.chunkmap.ChunkCatalogs.STREAMS;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.gridstate.rule.GridReply.Accepted;
import io.holdfast.gridstate.rule.GridReply.Refused;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.gridstate.rule.Refusals;
import io.holdfast.gridstate.rule.RuleScope;
import java.util.Optional;

/// The rules of streams. Immutable; confined to the apply thread by what it is given.
public final class StreamRules {
    public GridReply create(RuleScope scope, StreamId stream, String name, Profile profile) {
        if (scope.find(STREAMS, stream).isPresent()) {
            return Refusals.exists("stream", stream);
        }
        if (ChunkIndexes.hasName(scope, name)) {
            return Refusals.exists("name of a stream", name);
        }
        ChunkIndexes.addName(scope, name, stream);
        scope.put(STREAMS, stream, new StreamEntry(name, profile, FencingToken.ZERO, 0, 0, 0));
        return new Accepted(scope.version());
    }

    public GridReply fence(RuleScope scope, StreamId stream, FencingToken token) {
        Optional<StreamEntry> found = scope.find(STREAMS, stream);
        if (found.isEmpty()) {
            return Refusals.notFound("stream", stream);
        }
        Optional<Refused> fenced = whyNotWriter(stream, found.get(), token);
        if (fenced.isPresent()) {
            return fenced.get();
        }
        scope.put(STREAMS, stream, found.get().withToken(token));
        return new Accepted(scope.version());
    }

    public GridReply setProfile(RuleScope scope, StreamId stream, FencingToken token, Profile profile) {
        Optional<StreamEntry> found = scope.find(STREAMS, stream);
        if (found.isEmpty()) {
            return Refusals.notFound("stream", stream);
        }
        Optional<Refused> fenced = whyNotWriter(stream, found.get(), token);
        if (fenced.isPresent()) {
            return fenced.get();
        }
        scope.put(STREAMS, stream, found.get().withToken(token).withProfile(profile));
        return new Accepted(scope.version());
    }

    public GridReply delete(RuleScope scope, StreamId stream, FencingToken token) {
        Optional<StreamEntry> found = scope.find(STREAMS, stream);
        if (found.isEmpty()) {
            return Refusals.notFound("stream", stream);
        }
        StreamEntry entry = found.get();
        Optional<Refused> fenced = whyNotWriter(stream, entry, token);
        if (fenced.isPresent()) {
            return fenced.get();
        }
        if (entry.chunkCount() > 0) {
            return GridReply.refuse(
                    RefusalCode.IN_USE,
                    "the stream has chunks: " + stream + " chunks=" + entry.chunkCount(),
                    "release and forget them first");
        }
        ChunkIndexes.removeName(scope, entry.name());
        scope.remove(STREAMS, stream);
        return new Accepted(scope.version());
    }

    /// Why the holder of the token may not write to the stream, if it may not.
    static Optional<Refused> whyNotWriter(StreamId stream, StreamEntry entry, FencingToken token) {
        return entry.token().isAfter(token)
                ? Optional.of(Refusals.fenced("stream", stream, token, entry.token()))
                : Optional.empty();
    }
}
