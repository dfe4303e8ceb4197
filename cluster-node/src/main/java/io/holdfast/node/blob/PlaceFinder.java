package io.holdfast.node.blob;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.gridstate.chunkmap.StreamId;
import io.holdfast.gridstate.rule.RefusalCode;
import io.holdfast.hostio.blob.BlobStore;
import io.holdfast.node.peerlink.NodeCalls;
import io.holdfast.node.peerlink.PeerCall;
import io.holdfast.node.peerlink.PeerRefusedException;
import io.holdfast.node.volume.FamilyHost;
import io.holdfast.node.volume.VolumeRefusedException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds out where blocks of blobs lie: here, or from the node that serves their family. Concurrent; blocks.
///
///     BLOB_PLACES:   family (8) | first block (8) | count (4)     answer: a place (8) for each block
final class PlaceFinder {
    /// As many as one call asks for: the places of 32 MiB, in 64 KiB.
    static final int BLOCKS_MAX = 8_192;

    private static final long FIRST_BLOCK_MAX = BlobStore.VOLUME_BYTES / OpenBlob.BLOCK_BYTES;
    private static final Logger LOG = LoggerFactory.getLogger(PlaceFinder.class);
    private static final Duration CALL_PATIENCE = Duration.ofSeconds(5);

    /// Longer than a dead node's lease takes to run out and its family to be opened.
    private static final Duration FOUND_WITHIN = Duration.ofSeconds(40);

    private static final Duration PAUSE = Duration.ofMillis(200);

    private final String self;
    private final FamilyHost families;
    private final BlobFamilies blobs;
    private final NodeCalls peers;
    private final Waiting waiting;

    PlaceFinder(
            String self, FamilyHost families, BlobFamilies blobs, NodeCalls peers, Waiting waiting) {
        this.self = self;
        this.families = families;
        this.blobs = blobs;
        this.peers = peers;
        this.waiting = waiting;
    }

    /// Where blocks lie now.
    ///
    /// @throws BlobUnavailableException if nobody could tell for a while
    long[] find(StreamId family, long firstBlock, int blocks) throws BlobUnavailableException {
        long deadline = waiting.nanoTime() + FOUND_WITHIN.toNanos();
        while (true) {
            RuntimeException failure;
            try {
                return ask(family, firstBlock, blocks);
            } catch (VolumeRefusedException refused) {
                if (refused.refused().code() == RefusalCode.NOT_FOUND) {
                    throw new BlobUnavailableException(String.valueOf(refused.getMessage()), refused);
                }
                failure = refused;
            } catch (ConsensusException | PeerRefusedException notNow) {
                failure = notNow;
            }
            if (waiting.nanoTime() - deadline > 0) {
                throw new BlobUnavailableException("nobody can tell where a blob lies: family=" + family
                        + " reason=" + failure.getMessage(), failure);
            }
            LOG.debug("blobs: asked again: family={} reason={}", family, failure.getMessage());
            waiting.pause(PAUSE);
        }
    }

    private long[] ask(StreamId family, long firstBlock, int blocks) {
        Optional<String> holder = families.holder(family, waiting.clock().millis());
        if (holder.isEmpty() || holder.get().equals(self)) {
            return blobs.places(family, firstBlock, blocks);
        }
        ByteBuffer argument = ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES)
                .putLong(family.value())
                .putLong(firstBlock)
                .putInt(blocks);
        byte[] answer = peers.call(holder.get(), PeerCall.BLOB_PLACES, argument.array(), CALL_PATIENCE);
        if (answer.length != blocks * Long.BYTES) {
            throw new PeerRefusedException("another count of places: node=" + holder.get() + " expected="
                    + blocks + " bytes=" + answer.length);
        }
        long[] places = new long[blocks];
        ByteBuffer.wrap(answer).asLongBuffer().get(places);
        return places;
    }

    /// Answers another node that takes this one for the family's server.
    byte[] answer(byte[] argument) {
        ByteBuffer asked = ByteBuffer.wrap(argument);
        if (asked.remaining() != 2 * Long.BYTES + Integer.BYTES) {
            throw new PeerRefusedException("not a question for places: bytes=" + argument.length);
        }
        StreamId family = new StreamId(asked.getLong());
        long firstBlock = asked.getLong();
        int blocks = asked.getInt();
        if (blocks < 0 || blocks > BLOCKS_MAX || firstBlock < 0 || firstBlock > FIRST_BLOCK_MAX) {
            throw new PeerRefusedException("at most " + BLOCKS_MAX + " places at once: firstBlock="
                    + firstBlock + " count=" + blocks);
        }
        if (!blobs.volumes().all().containsValue(family)) {
            throw new PeerRefusedException("no volume of blobs is of this family: " + family);
        }
        try {
            ByteBuffer answer = ByteBuffer.allocate(blocks * Long.BYTES);
            answer.asLongBuffer().put(blobs.places(family, firstBlock, blocks));
            return answer.array();
        } catch (VolumeRefusedException refused) {
            throw new PeerRefusedException(String.valueOf(refused.getMessage()));
        }
    }
}
