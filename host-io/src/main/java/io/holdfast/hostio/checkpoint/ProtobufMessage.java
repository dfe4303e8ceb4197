package io.holdfast.hostio.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One Protocol Buffers message, taken apart into its fields without a schema. Immutable.
final class ProtobufMessage {
    private static final int VARINT_BYTES_MAX = 10;

    private final Map<Integer, List<Object>> fields = new TreeMap<>();

    private ProtobufMessage() {}

    /// A field of fixed width, which nobody here reads.
    @SuppressWarnings("ArrayRecordComponent") // Never leaves this class.
    private record Fixed(int wireType, byte[] bytes) {}

    /// Any bytes give a message or an error.
    static ProtobufMessage parse(byte[] bytes) throws IOException {
        ProtobufMessage message = new ProtobufMessage();
        Cursor cursor = new Cursor(bytes);
        while (cursor.position < bytes.length) {
            long key = cursor.varint();
            int field = (int) (key >>> 3);
            Object value =
                    switch ((int) (key & 7)) {
                        case 0 -> cursor.varint();
                        case 1 -> new Fixed(1, cursor.take(8));
                        case 2 -> cursor.take(cursor.varint());
                        case 5 -> new Fixed(5, cursor.take(4));
                        default -> throw new IOException(
                                "not a protobuf message: position=" + cursor.position);
                    };
            message.fields.computeIfAbsent(field, ignored -> new ArrayList<>()).add(value);
        }
        return message;
    }

    long number(int field, long otherwise) {
        return last(field).orElse(null) instanceof Long value ? value : otherwise;
    }

    boolean flag(int field) {
        return number(field, 0) != 0;
    }

    String text(int field) {
        return last(field).orElse(null) instanceof byte[] bytes
                ? new String(bytes, StandardCharsets.UTF_8)
                : "";
    }

    Optional<ProtobufMessage> message(int field) throws IOException {
        return last(field).orElse(null) instanceof byte[] bytes ? Optional.of(parse(bytes))
                : Optional.empty();
    }

    /// Every occurrence of a repeated message.
    List<ProtobufMessage> messages(int field) throws IOException {
        List<ProtobufMessage> found = new ArrayList<>();
        for (Object value : fields.getOrDefault(field, List.of())) {
            if (value instanceof byte[] bytes) {
                found.add(parse(bytes));
            }
        }
        return found;
    }

    /// The same with another number in a field.
    ProtobufMessage with(int field, long number) {
        return with(field, List.of(number));
    }

    /// The same with other messages in a repeated field.
    ProtobufMessage withMessages(int field, List<ProtobufMessage> messages) {
        return with(field, messages.stream().<Object>map(ProtobufMessage::toBytes).toList());
    }

    private ProtobufMessage with(int field, List<Object> values) {
        ProtobufMessage changed = new ProtobufMessage();
        changed.fields.putAll(fields);
        changed.fields.put(field, values);
        return changed;
    }

    /// Field by field in order of their numbers, each as it was read.
    byte[] toBytes() {
        ProtobufWriter writer = new ProtobufWriter();
        fields.forEach((field, values) -> {
            for (Object value : values) {
                switch (value) {
                    case Long number -> writer.number(field, number);
                    case byte[] bytes -> writer.bytes(field, bytes);
                    case Fixed(int wireType, byte[] bytes) -> writer.fixed(field, wireType, bytes);
                    default -> throw new IllegalStateException("no such value: field=" + field);
                }
            }
        });
        return writer.toBytes();
    }

    private Optional<Object> last(int field) {
        List<Object> values = fields.getOrDefault(field, List.of());
        return values.isEmpty() ? Optional.empty() : Optional.of(values.getLast());
    }

    /// Where reading stands.
    private static final class Cursor {
        private final byte[] bytes;
        private int position;

        Cursor(byte[] bytes) {
            this.bytes = bytes;
        }

        long varint() throws IOException {
            long value = 0;
            for (int index = 0; index < VARINT_BYTES_MAX; index++) {
                if (position >= bytes.length) {
                    break;
                }
                byte next = bytes[position++];
                value |= (next & 0x7fL) << (7 * index);
                if (next >= 0) {
                    return value;
                }
            }
            throw new IOException("a number without end: position=" + position);
        }

        byte[] take(long count) throws IOException {
            if (count < 0 || count > bytes.length - position) {
                throw new IOException(
                        "longer than the message: bytes=" + count + " left=" + (bytes.length - position));
            }
            byte[] taken = Arrays.copyOfRange(bytes, position, position + (int) count);
            position += (int) count;
            return taken;
        }
    }
}
