package io.holdfast.gridstate.command;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.chunkmap.ChunkRange;
import io.holdfast.gridstate.chunkmap.FragmentPlace;
import io.holdfast.gridstate.chunkmap.Profile;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.gridstate.chunkmap.UsefulBytes;
import io.holdfast.hostio.id.ChunkId;
import io.holdfast.hostio.id.FragmentIndex;
import java.util.List;
import java.util.Optional;

/// Commands of the chunk map. Those of a stream's writer carry its fencing token; a newer one than known is
/// taken over, an older one is refused.
public sealed interface ChunkCommand extends GridCommand {
    /// Makes a stream.
    record CreateStream(StreamId stream, String name, Profile profile) implements ChunkCommand {
        public CreateStream {
            Check.text("a stream's name", name, 127);
        }

        @Override
        public String target() {
            return name;
        }
    }

    /// Shuts out every writer with an older token.
    record FenceStream(StreamId stream, FencingToken token) implements ChunkCommand {
        @Override
        public String target() {
            return stream.toString();
        }
    }

    /// Sets the profile of chunks opened from now on.
    record SetStreamProfile(StreamId stream, FencingToken token, Profile profile) implements ChunkCommand {
        @Override
        public String target() {
            return stream.toString();
        }
    }

    /// Removes a stream that has no chunks left.
    record DeleteStream(StreamId stream, FencingToken token) implements ChunkCommand {
        @Override
        public String target() {
            return stream.toString();
        }
    }

    /// Opens a chunk with a number that its stream has not used yet. A parity count below the stream's is
    /// admitted; the chunk is then at risk from the moment it is sealed.
    record Open(ChunkId chunk, FencingToken token, Profile profile, List<FragmentPlace> places)
            implements ChunkCommand {
        public Open {
            places = Check.distinct("a chunk's places", places, FragmentIndex.COUNT_MAX);
        }

        @Override
        public String target() {
            return chunk.toString();
        }
    }

    /// Makes an open chunk's length final. Sealing again with the same length changes nothing.
    ///
    /// @param lostFragments bit i is set if fragment i is lost
    record Seal(ChunkId chunk, FencingToken token, long lengthBytes, long usefulBytes, long lostFragments)
            implements ChunkCommand {
        public Seal {
            Check.range("a chunk's length", lengthBytes, 0, ChunkRange.CHUNK_BYTES_MAX);
            Check.range("useful bytes", usefulBytes, 0, lengthBytes);
            Check.range("lost fragments", lostFragments, 0, (1L << FragmentIndex.COUNT_MAX) - 1);
        }

        @Override
        public String target() {
            return chunk.toString();
        }
    }

    /// Says how much of some chunks is useful: all of them, or none is taken over.
    record UpdateUseful(StreamId stream, FencingToken token, List<UsefulBytes> chunks)
            implements ChunkCommand {
        /// Chunks that one command may name.
        public static final int CHUNKS_MAX = 1_000;

        public UpdateUseful {
            chunks = Check.atMost("chunks", chunks, CHUNKS_MAX);
            Check.range("a count of chunks", chunks.size(), 1, CHUNKS_MAX);
        }

        @Override
        public String target() {
            return stream.toString();
        }
    }

    /// Says that fragments of a chunk that is not open are lost.
    ///
    /// @param lostFragments bit i is set if fragment i is lost
    record ReportLost(ChunkId chunk, long lostFragments) implements ChunkCommand {
        public ReportLost {
            Check.range("lost fragments", lostFragments, 1, (1L << FragmentIndex.COUNT_MAX) - 1);
        }

        @Override
        public String target() {
            return chunk.toString();
        }
    }

    /// Says that a fragment of a chunk that is not open lies elsewhere now, as a verified copy.
    ///
    /// @param from where it lay; if it no longer does, the command is refused
    /// @param verifiedLengthBytes of the chunk's data that the copy was verified for: all of it
    record ReplaceFragment(
            ChunkId chunk,
            FragmentIndex fragment,
            FragmentPlace from,
            FragmentPlace to,
            long verifiedLengthBytes)
            implements ChunkCommand {
        public ReplaceFragment {
            Check.range("a verified length", verifiedLengthBytes, 0, ChunkRange.CHUNK_BYTES_MAX);
        }

        @Override
        public String target() {
            return chunk.toString();
        }
    }

    /// Gives a chunk's space back: nothing in it is useful, or the replacement, complete and of the same
    /// stream, holds what is.
    record Release(ChunkId chunk, FencingToken token, Optional<ChunkId> replacement) implements ChunkCommand {
        @Override
        public String target() {
            return chunk.toString();
        }
    }

    /// Drops the entry of a released chunk whose fragments are deleted.
    record Forget(ChunkId chunk) implements ChunkCommand {
        @Override
        public String target() {
            return chunk.toString();
        }
    }
}
