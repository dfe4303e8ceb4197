package io.holdfast.hostio.blob;

import io.holdfast.hostio.id.LayerDigest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a blob is and what it holds.
///
/// @param offset where it begins in its store, a multiple of 4 KiB
/// @param lengthBytes how long it is
/// @param digest of its bytes, SHA-256
public record BlobId(long offset, long lengthBytes, LayerDigest digest) {
    private static final Pattern FORM =
            Pattern.compile("([0-9a-f]{1,12})\\+([0-9a-f]{1,12})@(sha256:[0-9a-f]{64})");
    private static final int RADIX = 16;

    public BlobId {
        if (offset < 0 || offset % BlobStore.BLOCK_BYTES != 0 || lengthBytes < 0) {
            throw new IllegalArgumentException("offset=" + offset + " lengthBytes=" + lengthBytes);
        }
    }

    /// All that it takes.
    public BlobRange range() {
        return BlobRange.of(offset, lengthBytes);
    }

    /// Reads what [#toString()] writes.
    public static BlobId parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a blob's name is OFFSET+LENGTH@DIGEST: text=" + text);
        }
        return new BlobId(
                Long.parseLong(matcher.group(1), RADIX),
                Long.parseLong(matcher.group(2), RADIX),
                new LayerDigest(matcher.group(3)));
    }

    @Override
    public String toString() {
        return Long.toHexString(offset) + "+" + Long.toHexString(lengthBytes) + "@" + digest;
    }
}
