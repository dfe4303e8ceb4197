package io.holdfast.gridstate.chunkmap;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.catalog.Check;

/// A stream of chunks: a volume's log, a map's log, a blob's content.
///
/// @param name unique among streams
/// @param profile of chunks opened from now on
/// @param token the newest that its writers have shown
/// @param nextChunk the least number that no chunk of it has had
/// @param chunkCount chunks of it that the map still holds
/// @param openCount how many of these are open
public record StreamEntry(
        String name, Profile profile, FencingToken token, long nextChunk, long chunkCount, int openCount) {
    public StreamEntry {
        Check.text("a stream's name", name, 127);
        Check.notNegative("a stream's next chunk", nextChunk);
        Check.notNegative("a stream's chunk count", chunkCount);
        Check.notNegative("a stream's open count", openCount);
    }

    StreamEntry withToken(FencingToken newest) {
        return new StreamEntry(name, profile, newest, nextChunk, chunkCount, openCount);
    }

    StreamEntry withProfile(Profile next) {
        return new StreamEntry(name, next, token, nextChunk, chunkCount, openCount);
    }

    StreamEntry opened(long chunkNumber) {
        return new StreamEntry(name, profile, token, chunkNumber + 1, chunkCount + 1, openCount + 1);
    }

    StreamEntry sealed() {
        return new StreamEntry(name, profile, token, nextChunk, chunkCount, openCount - 1);
    }

    StreamEntry forgotten() {
        return new StreamEntry(name, profile, token, nextChunk, chunkCount - 1, openCount);
    }
}
