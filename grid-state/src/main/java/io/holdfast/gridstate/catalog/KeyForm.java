package io.holdfast.gridstate.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.hostio.id.ChunkId;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.function.Function;

/// How the keys of a catalog look in the store (bytes, whose unsigned order is the order of pages) and
/// outside (printable text, used in addresses and cursors). Immutable.
public final class KeyForm<K> {
    /// Sixteen bytes in the store, 32 hexadecimal digits outside; the first half is the stream, so that a
    /// stream's chunks stand together.
    public static final KeyForm<ChunkId> CHUNK = new KeyForm<>(
            id -> ByteBuffer.allocate(16).putLong(id.high()).putLong(id.low()).array(),
            KeyForm::chunkOf,
            ChunkId::parse,
            ChunkId::toString,
            KeyForm::hexPrefix);

    private final Function<K, byte[]> encoder;
    private final Function<byte[], K> decoder;
    private final Function<String, K> parser;
    private final Function<K, String> printer;
    private final Function<String, byte[]> prefixer;

    private KeyForm(
            Function<K, byte[]> encoder,
            Function<byte[], K> decoder,
            Function<String, K> parser,
            Function<K, String> printer,
            Function<String, byte[]> prefixer) {
        this.encoder = encoder;
        this.decoder = decoder;
        this.parser = parser;
        this.printer = printer;
        this.prefixer = prefixer;
    }

    /// Keys that are stored as the text they are written as.
    public static <K> KeyForm<K> text(Function<String, K> parser, Function<K, String> printer) {
        return new KeyForm<>(
                key -> printer.apply(key).getBytes(UTF_8),
                bytes -> parser.apply(new String(bytes, UTF_8)),
                parser,
                printer,
                text -> text.getBytes(UTF_8));
    }

    public byte[] encode(K key) {
        return encoder.apply(key);
    }

    /// The key that the bytes are; an [IllegalArgumentException] if they are none.
    public K decode(byte[] bytes) {
        return decoder.apply(bytes);
    }

    /// The key that the text is; an [IllegalArgumentException] if it is none.
    public K parse(String text) {
        return parser.apply(text);
    }

    public String print(K key) {
        return printer.apply(key);
    }

    /// The bytes that every key begins with whose text begins with the given text.
    ///
    /// @throws IllegalArgumentException if no key begins so
    public byte[] prefix(String text) {
        return prefixer.apply(text);
    }

    private static ChunkId chunkOf(byte[] bytes) {
        if (bytes.length != 16) {
            throw new IllegalArgumentException("a chunk's key has 16 bytes: bytes=" + bytes.length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new ChunkId(buffer.getLong(), buffer.getLong());
    }

    private static byte[] hexPrefix(String text) {
        if (text.length() > 32 || text.length() % 2 != 0) {
            throw new IllegalArgumentException("a chunk's prefix is an even number of hexadecimal digits");
        }
        return HexFormat.of().parseHex(text);
    }
}
