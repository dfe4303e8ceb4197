package io.holdfast.gridstate.catalog;

/// Turns records into bytes and back. Concurrent. Equal records give equal bytes on every node.
public interface RecordCodec {
    byte[] encode(Object value);

    /// Decodes everything from the offset to the end.
    ///
    /// @throws CorruptRecordException if the bytes are not exactly one record of the type
    <R> R decode(Class<R> type, byte[] bytes, int offset);
}
