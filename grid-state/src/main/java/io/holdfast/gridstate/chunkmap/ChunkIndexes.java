package io.holdfast.gridstate.chunkmap;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.consensus.statemachine.Keyspace;
import io.holdfast.consensus.statemachine.StateReader;
import io.holdfast.gridstate.rule.RuleScope;
import io.holdfast.hostio.id.ChunkId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Keys that answer, without a walk over all chunks, what lies on a disk and what is at risk. Readable from
/// any thread over a store.
///
///     chunks-by-place:  node (4) | disk (2) | chunk (16) | fragment (1)
///     chunks-at-risk:   chunk (16)
///     stream-names:     name -> stream's id (8)
public final class ChunkIndexes {
    private static final Keyspace BY_PLACE = new Keyspace("chunks-by-place");
    private static final Keyspace AT_RISK = new Keyspace("chunks-at-risk");
    private static final Keyspace STREAM_NAMES = new Keyspace("stream-names");
    static final List<Keyspace> ALL = List.of(BY_PLACE, AT_RISK, STREAM_NAMES);

    private static final byte[] NO_BYTES = {};

    private ChunkIndexes() {}

    /// A fragment that lies on a disk.
    ///
    /// @param chunk whose fragment
    /// @param fragment its number within the chunk
    /// @param disk the disk's number on the node that was asked for
    public record Placed(ChunkId chunk, int fragment, int disk) {}

    /// Fragments that lie on a node, in the order of disks and chunks, beginning after one of them.
    public static List<Placed> onNode(StateReader reader, int node, Optional<Placed> after, int limit) {
        byte[] prefix = ByteBuffer.allocate(Integer.BYTES).putInt(node).array();
        byte[] from = after.map(placed -> behind(
                        placeKey(new FragmentPlace(node, placed.disk()), placed.chunk(), placed.fragment())))
                .orElse(prefix);
        List<Placed> found = new ArrayList<>();
        reader.scan(BY_PLACE, prefix, from, (key, _) -> {
            if (found.size() == limit) {
                return false;
            }
            ByteBuffer buffer = ByteBuffer.wrap(key, Integer.BYTES, key.length - Integer.BYTES);
            int disk = Short.toUnsignedInt(buffer.getShort());
            ChunkId chunk = new ChunkId(buffer.getLong(), buffer.getLong());
            found.add(new Placed(chunk, buffer.get(), disk));
            return true;
        });
        return found;
    }

    /// Chunks at risk, open ones with too few parity fragments included, beginning after one of them.
    public static List<ChunkId> atRisk(StateReader reader, Optional<ChunkId> after, int limit) {
        byte[] from = after.map(chunk -> behind(chunkKey(chunk))).orElse(NO_BYTES);
        List<ChunkId> found = new ArrayList<>();
        reader.scan(AT_RISK, NO_BYTES, from, (key, _) -> {
            if (found.size() == limit) {
                return false;
            }
            ByteBuffer buffer = ByteBuffer.wrap(key);
            found.add(new ChunkId(buffer.getLong(), buffer.getLong()));
            return true;
        });
        return found;
    }

    /// The stream of that name.
    public static Optional<StreamId> streamNamed(StateReader reader, String name) {
        byte[] found = reader.get(STREAM_NAMES, name.getBytes(UTF_8));
        return Optional.ofNullable(found).map(bytes -> new StreamId(ByteBuffer.wrap(bytes).getLong()));
    }

    static boolean hasName(RuleScope scope, String name) {
        return scope.hasIndex(STREAM_NAMES, name.getBytes(UTF_8));
    }

    static void addName(RuleScope scope, String name, StreamId stream) {
        byte[] id = ByteBuffer.allocate(Long.BYTES).putLong(stream.value()).array();
        scope.putIndex(STREAM_NAMES, name.getBytes(UTF_8), id);
    }

    static void removeName(RuleScope scope, String name) {
        scope.deleteIndex(STREAM_NAMES, name.getBytes(UTF_8));
    }

    static void addPlace(RuleScope scope, ChunkId chunk, int fragment, FragmentPlace place) {
        scope.putIndex(BY_PLACE, placeKey(place, chunk, fragment), NO_BYTES);
    }

    static void removePlace(RuleScope scope, ChunkId chunk, int fragment, FragmentPlace place) {
        scope.deleteIndex(BY_PLACE, placeKey(place, chunk, fragment));
    }

    static void setAtRisk(RuleScope scope, ChunkId chunk, boolean isAtRisk) {
        byte[] key = chunkKey(chunk);
        if (isAtRisk) {
            scope.putIndex(AT_RISK, key, NO_BYTES);
        } else {
            scope.deleteIndex(AT_RISK, key);
        }
    }

    private static byte[] chunkKey(ChunkId chunk) {
        return ByteBuffer.allocate(16).putLong(chunk.high()).putLong(chunk.low()).array();
    }

    private static byte[] placeKey(FragmentPlace place, ChunkId chunk, int fragment) {
        return ByteBuffer.allocate(23)
                .putInt(place.node())
                .putShort((short) place.disk())
                .putLong(chunk.high())
                .putLong(chunk.low())
                .put((byte) fragment)
                .array();
    }

    private static byte[] behind(byte[] key) {
        return Arrays.copyOf(key, key.length + 1);
    }
}
