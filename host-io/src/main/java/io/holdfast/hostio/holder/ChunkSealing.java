package io.holdfast.hostio.holder;

/// What sealing says about a chunk.
///
/// @param rowLimit rows of this number and later are no part of it; the fragments keep this too
/// @param lengthBytes of the data in its rows, parity not counted
/// @param usefulBytes how many of these something refers to
/// @param lostMask bit i is set if fragment i does not have all its strips, or is not known to
public record ChunkSealing(int rowLimit, long lengthBytes, long usefulBytes, int lostMask) {
    public ChunkSealing {
        if (rowLimit < 0 || lengthBytes < 0 || usefulBytes < 0 || usefulBytes > lengthBytes) {
            throw new IllegalArgumentException("rowLimit=" + rowLimit + " lengthBytes=" + lengthBytes
                    + " usefulBytes=" + usefulBytes);
        }
    }
}
