package io.holdfast.node.snapshot;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.gridstate.snapshot.SnapshotKey;
import io.holdfast.node.peerlink.PeerCall;
import io.holdfast.node.peerlink.PeerRefusedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/// Packs on their way between nodes, in bounded parts. Concurrent.
///
///     SNAPSHOT_READ:   offset (8) | snapshot's key     answer: bytes of the pack, none at its end
///     SNAPSHOT_FETCH:  size (8) | length of holder (1) | holder | snapshot's key    answer: nothing
public final class PackLink {
    /// The largest part that one call moves.
    static final int PART_BYTES_MAX = 2 << 20;

    private static final Duration READ_PATIENCE = Duration.ofSeconds(10);
    private static final Duration FETCH_PATIENCE = Duration.ofSeconds(60);

    private final NodeCalls calls;

    public PackLink(NodeCalls calls) {
        this.calls = calls;
    }

    byte[] read(String holder, SnapshotKey key, long offset) {
        byte[] name = key.toString().getBytes(UTF_8);
        byte[] argument = ByteBuffer.allocate(Long.BYTES + name.length)
                .putLong(offset)
                .put(name)
                .array();
        return calls.call(holder, PeerCall.SNAPSHOT_READ, argument, READ_PATIENCE);
    }

    void askToFetch(String node, SnapshotKey key, String holder, long sizeBytes) {
        byte[] from = holder.getBytes(UTF_8);
        byte[] name = key.toString().getBytes(UTF_8);
        byte[] argument = ByteBuffer.allocate(Long.BYTES + 1 + from.length + name.length)
                .putLong(sizeBytes)
                .put((byte) from.length)
                .put(from)
                .put(name)
                .array();
        calls.call(node, PeerCall.SNAPSHOT_FETCH, argument, FETCH_PATIENCE);
    }

    /// Answers what another node asks of this one's packs.
    public static byte[] answer(HeldSnapshots store, PeerCall call, byte[] argument) {
        ByteBuffer rest = ByteBuffer.wrap(argument);
        try {
            long number = rest.getLong();
            if (call == PeerCall.SNAPSHOT_READ) {
                SnapshotKey key = SnapshotKey.parse(UTF_8.decode(rest).toString());
                if (number < 0) {
                    throw new PeerRefusedException("an offset: offset=" + number);
                }
                return store.read(key, number, PART_BYTES_MAX);
            }
            byte[] holder = new byte[Byte.toUnsignedInt(rest.get())];
            rest.get(holder);
            store.fetch(SnapshotKey.parse(UTF_8.decode(rest).toString()), new String(holder, UTF_8), number);
            return new byte[0];
        } catch (java.nio.BufferUnderflowException | IllegalArgumentException malformed) {
            throw new PeerRefusedException("not a question about a snapshot: " + malformed.getMessage());
        } catch (IOException failure) {
            throw new PeerRefusedException("this node cannot: " + failure.getMessage());
        }
    }
}
