package io.holdfast.hostio.nbd.wire;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One option that a client sends while it negotiates (proto.md, "Option types").
///
/// ```
///  0                 8         12        16
///  +-----------------+---------+---------+-----------
///  | IHAVEOPT        | option  | length  | data ...
///  +-----------------+---------+---------+-----------
/// ```
public sealed interface OptionRequest {
    /// The length of what stands before the data of every option.
    int HEADER_BYTES = 16;

    /// Choose this export and transmit; the only option without a reply.
    record ExportName(String name) implements OptionRequest {}

    /// End the negotiation.
    record Abort() implements OptionRequest {}

    /// Name all exports.
    record ListExports() implements OptionRequest {}

    /// Go on encrypted.
    record StartTls() implements OptionRequest {}

    /// Describe this export, and if `transmit` is set, go on to transmission.
    record Describe(String name, List<Integer> wanted, boolean transmit) implements OptionRequest {
        public Describe {
            wanted = List.copyOf(wanted);
        }
    }

    /// Answer with structured replies from now on.
    record StructuredReply() implements OptionRequest {}

    /// Name (or, if `select` is set, choose) the metadata contexts that match the queries.
    record MetaContext(String name, List<String> queries, boolean select) implements OptionRequest {
        public MetaContext {
            queries = List.copyOf(queries);
        }
    }

    /// An option that is not known here.
    record Unknown(int option) implements OptionRequest {}

    /// A known option with data that are not what it takes.
    record Malformed(String reason) implements OptionRequest {}

    /// Takes all bytes between position and limit as the data of one option.
    static OptionRequest decode(int option, ByteBuffer bytes) {
        return switch (option) {
            case NbdWire.OPT_EXPORT_NAME -> exportName(bytes);
            case NbdWire.OPT_ABORT -> new Abort();
            case NbdWire.OPT_LIST -> withoutContent(bytes, new ListExports());
            case NbdWire.OPT_STARTTLS -> withoutContent(bytes, new StartTls());
            case NbdWire.OPT_STRUCTURED_REPLY -> withoutContent(bytes, new StructuredReply());
            case NbdWire.OPT_INFO, NbdWire.OPT_GO -> describe(bytes, option == NbdWire.OPT_GO);
            case NbdWire.OPT_LIST_META_CONTEXT, NbdWire.OPT_SET_META_CONTEXT ->
                metaContext(bytes, option == NbdWire.OPT_SET_META_CONTEXT);
            default -> new Unknown(option);
        };
    }

    private static OptionRequest exportName(ByteBuffer bytes) {
        Optional<String> name = text(bytes, bytes.remaining());
        return name.isPresent() ? new ExportName(name.get()) : new Malformed("the name is not a string");
    }

    private static OptionRequest withoutContent(ByteBuffer bytes, OptionRequest request) {
        return bytes.hasRemaining() ? new Malformed("this option takes no data") : request;
    }

    /// `length of name (4), name, count (2), count x kind (2)`.
    private static OptionRequest describe(ByteBuffer bytes, boolean transmit) {
        Optional<String> name = prefixedText(bytes);
        if (name.isEmpty() || bytes.remaining() < Short.BYTES) {
            return new Malformed("the name is not a string within the option");
        }
        int count = Short.toUnsignedInt(bytes.getShort());
        if (bytes.remaining() != count * Short.BYTES) {
            return new Malformed("the count does not match the length of the option");
        }
        List<Integer> wanted = new ArrayList<>(count);
        while (bytes.hasRemaining()) {
            wanted.add(Short.toUnsignedInt(bytes.getShort()));
        }
        return new Describe(name.get(), wanted, transmit);
    }

    /// `length of name (4), name, count (4), count x (length (4), query)`.
    private static OptionRequest metaContext(ByteBuffer bytes, boolean select) {
        Optional<String> name = prefixedText(bytes);
        if (name.isEmpty() || bytes.remaining() < Integer.BYTES) {
            return new Malformed("the name is not a string within the option");
        }
        long count = Integer.toUnsignedLong(bytes.getInt());
        if (count > bytes.remaining() / Integer.BYTES) {
            return new Malformed("more queries than the option has bytes");
        }
        List<String> queries = new ArrayList<>((int) count);
        for (int i = 0; i < count; i++) {
            Optional<String> query = prefixedText(bytes);
            if (query.isEmpty()) {
                return new Malformed("a query is not a string within the option");
            }
            queries.add(query.get());
        }
        return bytes.hasRemaining()
                ? new Malformed("bytes after the last query")
                : new MetaContext(name.get(), queries, select);
    }

    private static Optional<String> prefixedText(ByteBuffer bytes) {
        if (bytes.remaining() < Integer.BYTES) {
            return Optional.empty();
        }
        long length = Integer.toUnsignedLong(bytes.getInt());
        return length > bytes.remaining() ? Optional.empty() : text(bytes, (int) length);
    }

    /// A string as the protocol has them: UTF-8 without NUL, at most 4096 bytes.
    private static Optional<String> text(ByteBuffer bytes, int length) {
        if (length > NbdWire.STRING_BYTES_MAX) {
            return Optional.empty();
        }
        ByteBuffer part = bytes.slice(bytes.position(), length);
        bytes.position(bytes.position() + length);
        try {
            CharBuffer text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(part);
            return Optional.of(text.toString()).filter(value -> value.indexOf('\0') < 0);
        } catch (CharacterCodingException notText) {
            return Optional.empty();
        }
    }
}
