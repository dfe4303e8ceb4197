package io.holdfast.node.snapshot;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Optional;

/// What the packs of a version are like.
enum PackForm {
    /// Frames are sealed as they are, and their directories name none. Still read.
    PLAIN("HFPACK02"),

    /// Frames are compressed.
    COMPRESSED("HFPACK03");

    static final int MAGIC_BYTES = 8;

    private final String magic;

    PackForm(String magic) {
        this.magic = magic;
    }

    byte[] magic() {
        return magic.getBytes(US_ASCII);
    }

    /// The form that begins so.
    static Optional<PackForm> of(byte[] magic) {
        return Arrays.stream(values()).filter(form -> Arrays.equals(form.magic(), magic)).findFirst();
    }
}
