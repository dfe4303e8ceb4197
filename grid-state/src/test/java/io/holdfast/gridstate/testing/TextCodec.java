package io.holdfast.gridstate.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.gridstate.catalog.RecordCodec;

/// Keeps records that are texts.
public final class TextCodec implements RecordCodec {
    @Override
    public byte[] encode(Object value) {
        return ((String) value).getBytes(UTF_8);
    }

    @Override
    public <R> R decode(Class<R> type, byte[] bytes, int offset) {
        return type.cast(new String(bytes, offset, bytes.length - offset, UTF_8));
    }
}
