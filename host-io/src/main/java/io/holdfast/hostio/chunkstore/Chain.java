package io.holdfast.hostio.chunkstore;

/// The end of a fragment's chain of batches.
///
/// @param nonce of the fragment
/// @param nextSequence the sequence that the next batch gets
/// @param checksum of the last batch, 0 if there is none
record Chain(long nonce, long nextSequence, int checksum) {
    Chain after(int batchChecksum) {
        return new Chain(nonce, nextSequence + 1, batchChecksum);
    }
}
