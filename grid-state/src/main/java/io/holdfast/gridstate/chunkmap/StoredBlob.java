package io.holdfast.gridstate.chunkmap;

import io.holdfast.gridstate.catalog.Check;
import io.holdfast.hostio.id.LayerDigest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An immutable content in the chunk store: how catalogs refer to what is too large for them.
///
/// @param family the stream of the volume of blobs that holds it
/// @param offset where it begins in that volume
/// @param lengthBytes how long it is
/// @param digest of its bytes
public record StoredBlob(StreamId family, long offset, long lengthBytes, LayerDigest digest) {
    /// No volume reaches further.
    public static final long OFFSET_MAX = 1L << 46;

    private static final Pattern FORM =
            Pattern.compile("([0-9a-f]{16})/([0-9a-f]{1,12})\\+([0-9a-f]{1,12})@(.+)");
    private static final int RADIX = 16;

    public StoredBlob {
        Check.range("a blob's offset", offset, 0, OFFSET_MAX);
        Check.range("a blob's length", lengthBytes, 0, OFFSET_MAX);
    }

    /// Reads what [#toString()] writes.
    public static StoredBlob parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a blob is FAMILY/OFFSET+LENGTH@DIGEST");
        }
        return new StoredBlob(
                StreamId.parse(matcher.group(1)),
                Long.parseLong(matcher.group(2), RADIX),
                Long.parseLong(matcher.group(3), RADIX),
                new LayerDigest(matcher.group(4)));
    }

    @Override
    public String toString() {
        return family + "/" + Long.toHexString(offset) + "+" + Long.toHexString(lengthBytes) + "@" + digest;
    }
}
